"""Estimates month by month: one panel a measure, a dot with its whisker a month."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from orchestration.reporting.charts.shapes import LineChart, Panel, Point, Series
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.figures.metric_rows import metric_table
from orchestration.reporting.formats import plural
from orchestration.reporting.metrics import Metric

RATES = ("queue_precision", "audited_precision", "proactive_rate", "appeal_rate", "overturn_rate")
TIMES = ("time_to_detect_median_days", "time_to_review_median_days", "time_to_act_median_days", "time_to_take_effect_median_days")


def months_figure(metrics: tuple[Metric, ...], names: Sequence[str], unit: Literal["share", "days"]) -> Figure:
    """Return the measures of `names`, which share a unit; a month with too little data has no dot and is said to be thin."""
    found = [row for row in metrics if row.metric in names and not row.parts and row.period != "all"]
    mature = [row for row in found if row.value is not None]
    drawn = [metric for metric in names if any(row.metric == metric for row in mature)]
    panels = tuple(
        Panel(
            title=next(row.words.label for row in mature if row.metric == metric).removesuffix(", median"),
            series=(Series(label="", mark="dot", points=tuple(_point(row) for row in mature if row.metric == metric)),),
        )
        for metric in drawn
    )
    months = sorted({row.period for row in found})
    thin = len(found) - len(mature)
    what, shown = ("rates", "Shares") if unit == "share" else ("times", "Median days")
    return Figure(
        figure_id=f"months-{what}",
        topic=f"Month by month: {what}",
        title=_title(mature, drawn, what),
        subtitle=f"{shown} by month in which it began, same scale; months with too little data have no dot",
        definition=(
            "Each measure's definition is at the end of the page. A month counts what began in it, so the newest is the least "
            "complete."
        ),
        n=f"{plural(len(found), 'estimate')} in {plural(len(months), 'month')}, {thin:,} with too little data",
        interval="95%, by the method in the table",
        source="enforcement_metrics",
        query="select * from enforcement_metrics where period <> 'all' and slice = 'all' order by metric, period",
        chart=LineChart(panels=panels, unit=unit, x_kind="month", y_title="", x_title="") if panels else None,
        thin=None if panels else f"Not drawn: none of {plural(len(found), 'monthly estimate')} has enough data.",
        table=metric_table(
            f"months-{what}-rows", f"{what.capitalize()} month by month", found, "The release has no monthly estimate."
        ),
    )


def _point(row: Metric) -> Point:
    day = (date.fromisoformat(f"{row.period}-01") - date(1970, 1, 1)).days
    return Point(x=day, y=row.value or 0.0, lower=row.lower, upper=row.upper)


def _title(mature: list[Metric], drawn: list[str], what: str) -> str:
    """State which measures changed beyond their intervals from the last month but one to the last."""
    if not drawn:
        return f"Too little data to compare {what} between months"
    compared = {
        metric: sorted((row for row in mature if row.metric == metric), key=lambda row: row.period)[-2:] for metric in drawn
    }
    pairs = {metric: rows for metric, rows in compared.items() if len(rows) == 2}
    if not pairs:
        return f"One month alone has enough data, so {what} cannot be compared yet"
    said = [
        f"{rows[1].words.label.lower()} {'rose' if above else 'fell'} from {rows[0].value_text} to {rows[1].value_text}"
        for rows in pairs.values()
        if (above := _is_above(rows[1], rows[0])) or _is_above(rows[0], rows[1])
    ]
    if not said:
        who = (
            f"None of {len(pairs):,} measures"
            if len(pairs) > 1
            else f"{next(iter(pairs.values()))[0].words.label} alone can be compared and has not"
        )
        return f"{who} changed beyond its interval from one month to the next"
    return f"{'; '.join(said)[:1].upper()}{'; '.join(said)[1:]}"


def _is_above(one: Metric, other: Metric) -> bool:
    """Say whether the intervals are apart and `one` is the higher."""
    return one.lower is not None and other.upper is not None and one.lower > other.upper
