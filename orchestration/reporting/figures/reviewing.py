"""How reviewers work: how far two of them agree, and how long a lead waits for a verdict."""

from orchestration.reporting.charts.shapes import RowChart, RowGroup
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.figures.metric_rows import chart_row, metric_table, metrics_query
from orchestration.reporting.formats import count, name
from orchestration.reporting.metrics import Metric, overall


def agreement_figure(metrics: tuple[Metric, ...]) -> Figure:
    """Return Cohen's kappa and the plain agreement of second reviews."""
    kappa, plain = overall(metrics, "reviewer_agreement"), overall(metrics, "reviewer_agreement_share")
    found = [row for row in (kappa, plain) if row]
    is_drawn = any(row.value is not None for row in found)
    n = kappa.n if kappa and kappa.n is not None else 0
    labels = {"reviewer_agreement": "Cohen's kappa", "reviewer_agreement_share": "Same verdict"}
    rows = tuple(chart_row(row, labels[row.metric]) for row in found)
    return Figure(
        figure_id="agreement",
        topic="Reviewer agreement",
        title=f"Reviewers who judge the same lead agree with a kappa of {kappa.stated}"
        if kappa and kappa.value is not None
        else "Too few second reviews to say how far reviewers agree",
        subtitle="Agreement of first and second reviews of the same lead; 1 is full agreement, and for kappa 0 is chance",
        definition=(
            "Cohen's kappa takes off the agreement that chance alone would give. Where one verdict is rare kappa is low even "
            "when reviewers seldom differ, so the plain share of equal verdicts stands beside it."
        ),
        n=f"{count(n)} leads reviewed twice",
        interval="95%, by the method in the table",
        source="enforcement_metrics, metrics reviewer_agreement",
        query=metrics_query("reviewer_agreement"),
        chart=RowChart(groups=(RowGroup(title="", rows=rows),), unit="number", x_title="Agreement", maximum=1.0)
        if is_drawn
        else None,
        thin=None if is_drawn else f"Not drawn: {count(n)} leads were reviewed twice, too few for an estimate.",
        table=metric_table("agreement-rows", "Reviewer agreement", found, "The release has no measure of agreement."),
    )


def review_times_figure(metrics: tuple[Metric, ...]) -> Figure:
    """Return the median time from lead to verdict: in all, by month and by surface."""
    found = [row for row in metrics if row.metric == "time_to_review_median_days"]
    whole = [row for row in found if not row.parts and row.period == "all"]
    months = sorted((row for row in found if not row.parts and row.period != "all"), key=lambda row: row.period)
    surfaces = [row for row in found if [key for key, _ in row.parts] == ["surface"] and row.period == "all"]
    kept = [*whole, *months, *surfaces]
    is_drawn = any(row.value is not None for row in kept)
    parts = (
        ("", [("All leads", row) for row in whole]),
        ("By month in which the lead was raised", [(row.period, row) for row in months]),
        ("By surface", [(name(row.parts[0][1]), row) for row in surfaces]),
    )
    groups = tuple(
        RowGroup(title=title, rows=tuple(chart_row(row, label) for label, row in rows)) for title, rows in parts if rows
    )
    row = next((row for row in whole if row.value is not None), None)
    return Figure(
        figure_id="review-times",
        topic="Time to review",
        title=f"Half of all leads have their verdict within {row.stated}"
        if row
        else "Too few verdicts to say how long leads wait",
        subtitle="Median days from lead to verdict",
        definition=(
            "Leads that still wait count as censored (Kaplan-Meier), so that a backlog does not make reviews look fast. A "
            "whisker is left out where its upper end is not reached yet."
        ),
        n=f"{count(whole[0].n if whole else 0)} leads",
        interval="95%, bootstrap over leads",
        source="enforcement_metrics, metrics time_to_review",
        query=metrics_query("time_to_review"),
        chart=RowChart(groups=groups, unit="days", x_title="Days") if is_drawn else None,
        thin=None if is_drawn else "Not drawn: too few leads have a verdict.",
        table=metric_table(
            "review-times-rows",
            "Time to review",
            [row for row in metrics if row.words.metric == "time_to_review"],
            "The release has no time to review.",
        ),
    )
