"""Where decisions were wrong or uneven: overturned actions and harm done, and how alike comparable cases were decided."""

from orchestration.reporting.charts.shapes import RowChart, RowGroup
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.figures.metric_rows import chart_row, metric_table, metrics_query
from orchestration.reporting.formats import count, name, plural
from orchestration.reporting.metrics import Metric, overall

_OVERTURNS = (("By ground", "ground"), ("By kind of action", "action_type"), ("By surface", "surface"))
_HARM = ("overturn_rate", "partial_overturn_rate", "appeal_rate", "harm")


def overturns_figure(metrics: tuple[Metric, ...]) -> Figure:
    """Return the share of decided appeals that were overturned; appeals and harm are in the table."""
    listed = [row for row in metrics if row.words.metric in _HARM]
    found = [row for row in metrics if row.metric == "overturn_rate" and row.period == "all"]
    whole = [row for row in found if not row.parts]
    groups = [RowGroup(title="", rows=tuple(chart_row(row, "All decided appeals") for row in whole))] if whole else []
    for title, key in _OVERTURNS:
        rows = [row for row in found if [of for of, _ in row.parts] == [key]]
        if rows:
            groups.append(RowGroup(title=title, rows=tuple(chart_row(row, name(row.parts[0][1])) for row in rows)))
    is_drawn = any(row.value is not None for row in found)
    row = whole[0] if whole else None
    days = overall(metrics, "harm_account_days_lost")
    return Figure(
        figure_id="overturns",
        topic="Overturned actions and harm",
        title=_overturned(row)
        + (
            f"; {plural(int(days.value), 'account-day')} lost to actions wrong on the facts"
            if days and days.value is not None
            else ""
        ),
        subtitle="Share of decided appeals that overturned the action, in all and by ground, kind of action and surface",
        definition=(
            "Partial reversals are apart, in the table. A rate of appeals says nothing of actions nobody appealed. Harm is the "
            "days accounts lost to actions overturned on the facts, and innocent requests stopped inside mixed actors."
        ),
        n=f"{count(row.n if row else 0)} decided appeals",
        interval="95%, Wilson, as published",
        source="enforcement_metrics, metrics overturn_rate, partial_overturn_rate, appeal_rate and harm",
        query=metrics_query(*_HARM),
        chart=RowChart(groups=tuple(groups), unit="share", x_title="Share of decided appeals") if is_drawn else None,
        thin=None if is_drawn else "Not drawn: too few appeals are decided.",
        table=metric_table(
            "overturns-rows", "Appeals, overturned actions and harm", listed, "The release has no decided appeal."
        ),
    )


def alike_figure(metrics: tuple[Metric, ...]) -> Figure:
    """Return the consistency index, in all and across surfaces, reviewers, partners and months."""
    listed = [row for row in metrics if row.metric.startswith("consistency_")]
    found = [row for row in listed if row.metric == "consistency_index"]
    whole = [row for row in found if not row.parts]
    across = [row for row in found if [key for key, _ in row.parts] == ["across"]]
    outlying = sum(1 for row in listed if row.metric == "consistency_outlier")
    labelled = [("All comparable pairs", row) for row in whole] + [(f"Across {row.parts[0][1]}s", row) for row in across]
    is_drawn = any(row.value is not None for row in found)
    row = next((row for row in whole if row.value is not None), None)
    return Figure(
        figure_id="alike",
        topic="Consistency",
        title=f"Comparable decisions agree with an index of {row.stated}"
        if row
        else "Too few comparable decisions to say how alike they are",
        subtitle="Agreeing pairs of decisions with the same clause, tactic and case strength; 1 is full agreement",
        definition=(
            "Pairs are compared within the same clause, tactic and strength, and again across each dividing line. A low "
            "index is a "
            f"question about the cases before it is one about the reviewers. {plural(outlying, 'outlying decision')} "
            "listed in the table."
        ),
        n=f"{count(whole[0].n if whole else 0)} comparable pairs",
        interval="95%, Dirichlet, as published",
        source="enforcement_metrics, metrics consistency",
        query=metrics_query("consistency_"),
        chart=RowChart(
            groups=(RowGroup(title="", rows=tuple(chart_row(row, label) for label, row in labelled)),),
            unit="number",
            x_title="Consistency index",
            maximum=1.0,
        )
        if is_drawn
        else None,
        thin=None if is_drawn else "Not drawn: too few decisions can be compared.",
        table=metric_table(
            "alike-rows", "Consistency and outlying decisions", listed, "The release has no comparable decisions."
        ),
    )


def _overturned(row: Metric | None) -> str:
    if row is None or row.value is None:
        return "Too few decided appeals to say how many actions are overturned"
    return f"Decided appeals that overturned the action: {row.stated}"
