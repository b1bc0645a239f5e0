"""What an action changed, as published estimates: volume prevented, volume moved elsewhere."""

from collections.abc import Sequence

from orchestration.reporting.charts.shapes import RowChart, RowGroup
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.figures.metric_rows import chart_row, metric_table, metrics_query
from orchestration.reporting.formats import count, name, plural
from orchestration.reporting.metrics import Metric

_DESIGNS = {"did": "Difference in differences", "its": "Interrupted time series"}
_PREVENTED = {"prevented_requests": "Requests", "prevented_requests_net": "Requests, net of displacement"}


def prevented_figure(metrics: tuple[Metric, ...]) -> Figure:
    """Return prevented requests by both designs; tokens and the designs' disagreement are in the table."""
    listed = [row for row in metrics if row.words.metric == "prevented"]
    found = [row for row in listed if row.metric in _PREVENTED and dict(row.parts).keys() == {"design", "days"}]
    windows = sorted({int(dict(row.parts)["days"]) for row in found})
    groups = tuple(
        RowGroup(
            title=f"{_PREVENTED[metric]}, {days} days",
            rows=tuple(chart_row(row, _DESIGNS.get(dict(row.parts)["design"], dict(row.parts)["design"])) for row in rows),
        )
        for metric in _PREVENTED
        for days in windows
        if (rows := [row for row in found if row.metric == metric and dict(row.parts)["days"] == str(days)])
    )
    mature = [row for row in found if row.value is not None]
    return Figure(
        figure_id="prevented",
        topic="Volume prevented",
        title=_prevented_title(mature),
        subtitle="Requests that the enforced actors would have made without the action, by two designs",
        definition=(
            "Difference in differences takes the change of matched actors that were not acted on for what would have happened; "
            "an interrupted time series continues the actor's own course. A disagreement of the two is shown, not averaged "
            "away. Below zero means more requests than expected."
        ),
        n=_units(found),
        interval="95%, by the method in the table",
        source="enforcement_metrics, metrics prevented",
        query=metrics_query("prevented_"),
        chart=RowChart(groups=groups, unit="count", x_title="Requests prevented") if mature else None,
        thin=None if mature else f"Not drawn: too little data ({_units(found)}); the rows say how many are needed.",
        table=metric_table("prevented-rows", "Volume prevented", listed, "The release has no estimate of prevented volume."),
    )


def displacement_figure(metrics: tuple[Metric, ...]) -> Figure:
    """Return the share of the earlier volume that appeared elsewhere: in all, by surface and by channel."""
    listed = [row for row in metrics if row.metric.startswith("displacement")]
    found = [row for row in listed if row.metric == "displacement_share" and "days" in dict(row.parts)]
    mature = [row for row in found if row.value is not None]
    days = max((int(dict(row.parts)["days"]) for row in mature or found), default=28)
    shown = [row for row in found if dict(row.parts)["days"] == str(days)]
    whole = [row for row in shown if len(row.parts) == 1]
    parts = [("", tuple(chart_row(row, "All") for row in whole))]
    for title, key in (("By surface", "surface"), ("By way", "channel")):
        parts.append((title, tuple(chart_row(row, name(dict(row.parts)[key])) for row in shown if key in dict(row.parts))))
    groups = tuple(RowGroup(title=title, rows=rows) for title, rows in parts if rows)
    is_drawn = any(row.value is not None for row in shown)
    row = next((row for row in whole if row.value is not None), None)
    return Figure(
        figure_id="displacement",
        topic="Displacement",
        title=f"Volume elsewhere changed within {days} days by {row.stated} of the actors' volume before"
        if row
        else "Too few enforced actors to say how much volume moved elsewhere",
        subtitle=f"Change of volume outside the action in the {days} days after it, as a share of the actor's volume before",
        definition=(
            "Elsewhere is every surface, partner and account of the actor that the action did not reach. Below zero means that "
            "the actor did less there as well. Surfaces and ways are shown apart, for a fall on one can hide a rise on another."
        ),
        n=_units(shown),
        interval="95%, by the method in the table",
        source="enforcement_metrics, metrics displacement",
        query=metrics_query("displacement_"),
        chart=RowChart(groups=groups, unit="share", x_title="Share of the volume before") if is_drawn else None,
        thin=None if is_drawn else f"Not drawn: too little data ({_units(shown)}); the rows say how many are needed.",
        table=metric_table("displacement-rows", "Displacement", listed, "The release has no estimate of displacement."),
    )


def _units(rows: Sequence[Metric]) -> str:
    """Say how many enforced units the estimates rest on."""
    totals = [row.n for row in rows if row.n is not None]
    if not totals:
        return "no enforced actor"
    return (
        plural(max(totals), "enforced actor")
        if min(totals) == max(totals)
        else f"{count(min(totals))} to {count(max(totals))} enforced actors"
    )


def _prevented_title(mature: list[Metric]) -> str:
    net = [row for row in mature if row.metric == "prevented_requests"]
    if not net:
        return "Too few enforced actors to say how much volume was prevented"
    days = max(int(dict(row.parts)["days"]) for row in net)
    said = [
        f"{row.stated} by {_DESIGNS.get(dict(row.parts)['design'], 'another design').lower()}"
        for row in net
        if dict(row.parts)["days"] == str(days)
    ]
    return f"Requests prevented within {days} days: {' and '.join(said)}"
