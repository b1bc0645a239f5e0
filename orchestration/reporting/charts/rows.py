"""Row charts: dots, rings or bars with whiskers, one row a label, on one scale that holds zero."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from orchestration.reporting.charts.shapes import RowChart
from orchestration.reporting.charts.theme import (
    INK,
    PAPER,
    QUIET,
    TEXT_SIZE,
    TICK_SIZE,
    WIDE,
    Drawing,
    layer,
    placed,
    span_of,
    text_width,
    value_axis,
    words,
)

_TOP, _HEADING = 8, 30
# All marks stand on heights in SVG units, so that one scale and one grid serve every group.
_AT = alt.Y("at:Q", scale=None, axis=None)


def rows_on_a_scale(chart: RowChart, width: int) -> Drawing:
    """Return the chart `width` units wide, as high as its rows need."""
    is_wide = width >= WIDE
    rows = [row for group in chart.groups for row in group.rows]
    left = min(width * 0.42, 20 + max(text_width(row.label) for row in rows)) if is_wide else 12.0
    note = max(text_width(row.note) if row.value is not None else 0.0 for row in rows)
    plot = width - left - (note + 14 if is_wide else 18.0)
    data, headings, height = _heights(chart, 27 if is_wide else 43, 13.5 if is_wide else 29.0)
    values = [value for row in rows for value in (row.value, row.lower, row.upper) if value is not None]
    span = span_of(values, chart.maximum)
    axis = value_axis(chart.unit, span, 5 if is_wide else 3, labelPadding=7, labelFlush=False)
    x: dict[str, Any] = {"scale": alt.Scale(domain=list(span), nice=False), "axis": axis}
    title = words("quiet", chart.x_title, (plot, height + 36), align="right", fill=QUIET)
    layers = [*_marks(data, x), *_texts(data, headings, (left, plot), is_wide=is_wide), *([title] if chart.x_title else [])]
    panel = alt.LayerChart(layer=layers, width=plot, height=height)
    return Drawing(chart=placed([panel], columns=1, gaps=(0, 0), corner=(left, _TOP)), width=width, height=_TOP + height + 44)


def _heights(chart: RowChart, row_height: float, middle: float) -> tuple[list[dict[str, Any]], list[dict[str, Any]], float]:
    """Return the rows and the headings with the height each stands at, and the height of all."""
    data: list[dict[str, Any]] = []
    headings: list[dict[str, Any]] = []
    above = 0.0
    for group in chart.groups:
        if group.title:
            headings.append({"at": above + 20, "text": group.title})
            above += _HEADING
        for row in group.rows:
            data.append({"at": above + middle, **row.model_dump()})
            above += row_height
    return data, headings, above


def _marks(data: Sequence[dict[str, Any]], x: dict[str, Any]) -> list[alt.Chart]:
    """Return bars, whiskers with caps, dots and rings, in the order in which they lie on each other."""
    known = [row for row in data if row["value"] is not None]
    at: dict[str, Any] = {"x": alt.X("value:Q", **x), "y": _AT}
    bars = layer("bar", [row for row in known if row["mark"] == "bar"]).mark_bar(
        height=14, orient="horizontal", fill="var(--bar)"
    )
    reaches = layer("whisker", [row for row in known if row["lower"] is not None and row["upper"] is not None])
    lower, upper = alt.X("lower:Q", **x), alt.X("upper:Q", **x)
    cap: dict[str, Any] = {"size": 8, "thickness": 1.5, "fill": "var(--whisker)", "orient": "vertical", "opacity": 1}
    dots = layer("dot", [row for row in known if row["mark"] == "dot"])
    rings = layer("ring", [row for row in known if row["mark"] == "ring"])
    return [
        bars.encode(x=alt.X("value:Q", stack=None, **x), y=_AT),
        reaches.mark_rule(stroke="var(--whisker)", strokeWidth=1.5).encode(x=lower, x2=alt.X2("upper"), y=_AT),
        reaches.mark_tick(**cap).encode(x=lower, y=_AT),
        reaches.mark_tick(**cap).encode(x=upper, y=_AT),
        dots.mark_circle(size=80, fill="var(--accent)", stroke=PAPER, strokeWidth=1.5, opacity=1).encode(**at),
        rings.mark_point(size=80, fill=PAPER, stroke="var(--accent)", strokeWidth=2.5, opacity=1).encode(**at),
    ]


def _texts(
    data: Sequence[dict[str, Any]], headings: Sequence[dict[str, Any]], sides: tuple[float, float], *, is_wide: bool
) -> list[alt.Chart]:
    """Return labels and notes beside the marks, or above them where there is no room; what has no number says so in the plot."""
    left, right = sides
    known = [row for row in data if row["value"] is not None]
    unknown = [row for row in data if row["value"] is None]
    bold: dict[str, Any] = {"fill": INK, "fontWeight": "bold", "fontSize": TEXT_SIZE, "align": "left", "baseline": "alphabetic"}
    middle: dict[str, Any] = {"baseline": "middle", "fontSize": TEXT_SIZE}
    label: dict[str, Any] = middle | {"fill": INK, "align": "right" if is_wide else "left"}
    note: dict[str, Any] = middle | {"fill": QUIET, "align": "left"}
    beside: dict[str, Any] = note | {"fontSize": TICK_SIZE}
    if not is_wide:
        label, beside = label | {"dy": -16}, beside | {"dy": -16, "align": "right"}
    texts: list[tuple[str, Sequence[dict[str, Any]], float, dict[str, Any]]] = [
        ("label", data, -8.0 if is_wide else 0.0, label),
        ("note", known, right + (12 if is_wide else 16), beside),
        ("note", unknown, 8.0, note),
        ("text", headings, -left, bold),
    ]
    return [
        layer("halo", rows).mark_text(**look).encode(x=alt.XValue(at), y=_AT, text=alt.Text(f"{field}:N"))
        for field, rows, at, look in texts
        if rows
    ]
