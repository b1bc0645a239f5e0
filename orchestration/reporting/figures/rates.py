"""All enforcement metrics: the shares that can be drawn on one scale, and every metric in the table."""

from orchestration.reporting.charts.shapes import RowChart, RowGroup
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.figures.metric_rows import chart_row, metric_table
from orchestration.reporting.formats import plural
from orchestration.reporting.metrics import Metric, latest, overall

_CURVES = {"return_survival", "placebo_survival", "counterfactual_requests"}


def rates_figure(metrics: tuple[Metric, ...]) -> Figure:
    """Return the figure; curves by day have their own figures and are left out."""
    listed = [row for row in metrics if row.metric not in _CURVES]
    names = dict.fromkeys(row.metric for row in listed if row.words.is_charted)
    whole = [row for row in (overall(metrics, metric) for metric in names) if row]
    is_drawn = any(row.value is not None for row in whole)
    rows = tuple(chart_row(row, row.headline) for row in whole)
    immature = sum(1 for row in listed if row.is_immature)
    return Figure(
        figure_id="rates",
        topic="How sure we are",
        title=_title(metrics),
        subtitle="Rates over all surfaces, latest period",
        definition=(
            "Each measure's definition and the query of the rows it is made from are in the method section. One with too little "
            "data shows no number."
        ),
        n=f"{plural(len(listed), 'estimate')}, {immature:,} with too little data; n of each in its row",
        interval="95%, by the method in the table",
        source="enforcement_metrics",
        chart=RowChart(groups=(RowGroup(title="", rows=rows),), unit="share", x_title="Share") if is_drawn else None,
        thin=None if is_drawn else "Not drawn: no rate has enough data.",
        query="select * from enforcement_metrics order by metric, period, slice",
        table=metric_table(
            "metrics", "Every enforcement metric of this release", listed, "The release has no enforcement metric."
        ),
    )


def precision_row(metrics: tuple[Metric, ...]) -> Metric | None:
    """Return audited precision, or queue precision where the audit has too little data, or None."""
    for metric in ("audited_precision", "queue_precision"):
        row = overall(metrics, metric)
        if row and row.value is not None:
            return row
    return None


def prevalence_rows(metrics: tuple[Metric, ...]) -> list[Metric]:
    """Return the prevalence rows of the latest period that have a value and are not sliced by a group."""
    found = [row for row in metrics if row.words.metric == "prevalence" and len(row.parts) <= 1 and row.value is not None]
    return [row for row in latest(found) if not row.parts or row.parts[0][0] in {"of", "measure", "unit"}]


def _title(metrics: tuple[Metric, ...]) -> str:
    row = precision_row(metrics)
    if row is None:
        return "Too little data to say how often flagged leads are violations"
    return f"{row.words.label} is estimated at {row.value_text} (95% interval {row.interval_text})"
