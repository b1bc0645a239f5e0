"""Values over time: panels that share scales, bands and whiskers, direct labels and a labelled rule."""

from itertools import pairwise
from typing import Any

import altair as alt

from orchestration.reporting.charts.shapes import LineChart, Panel, Series
from orchestration.reporting.charts.theme import (
    BANDS,
    INK,
    LABELS,
    LINES,
    PAPER,
    QUIET,
    TEXT_SIZE,
    WIDE,
    Drawing,
    layer,
    placed,
    span_of,
    text_width,
    value_axis,
    words,
)

_ABOVE, _BELOW = 44, 40
_LINE_HEIGHT = 15
_DATE = "utcFormat(datum.value * 86400000, '{}')"


def over_time(chart: LineChart, width: int) -> Drawing:
    """Return the chart `width` units wide; a panel is 260 units high, 190 as one of several."""
    columns = 2 if width >= WIDE and len(chart.panels) > 1 else 1
    panel_height = 260 if len(chart.panels) == 1 else 190
    points = [point for panel in chart.panels for series in panel.series for point in series.points]
    values = [value for point in points for value in (point.y, point.lower, point.upper) if value is not None]
    y_span = span_of(values, chart.y_maximum)
    label = max(text_width(series.label, is_bold=True) for panel in chart.panels for series in panel.series)
    is_labelled_right = width >= WIDE and label > 0
    left = 12 + (text_width("100%") if chart.unit == "share" else max(text_width(f"{max(y_span):,.0f}"), 22))
    marks = {series.mark for panel in chart.panels for series in panel.series}
    # A date below the last column reaches half its width over it.
    right = label + 12 if is_labelled_right else 16 if marks == {"line"} else 38
    size = (width / columns - left - right, float(panel_height - _ABOVE - _BELOW))
    x_axis, x_span = _days(chart, size[0])
    x: dict[str, Any] = {"scale": alt.Scale(domain=list(x_span), nice=False, zero=False), "axis": x_axis, "title": None}
    y: dict[str, Any] = {
        "scale": alt.Scale(domain=list(y_span), nice=False),
        "axis": value_axis(chart.unit, y_span, 4, labelPadding=6),
    }
    panels = [_panel(chart, panel, (x, y), size, is_labelled_right) for panel in chart.panels]
    return Drawing(
        chart=placed(panels, columns=columns, gaps=(left + right, _ABOVE + _BELOW), corner=(left, _ABOVE)),
        width=width,
        height=-(-len(panels) // columns) * panel_height,
    )


def day_ticks(first: int, last: int, target: int, anchor: int) -> list[int]:
    """Return about `target` days from `first` to `last`, in whole weeks around `anchor` or single days when there are few."""
    step = next((step for step in (1, 2, 7, 14, 28, 56, 112) if (last - first) / step <= target), 364)
    return list(range(anchor - ((anchor - first) // step) * step, last + 1, step))


def _days(chart: LineChart, width: float) -> tuple[alt.Axis, tuple[float, float]]:
    """Return the axis of days with its ticks, and its domain: columns and dots need room on both sides."""
    days = sorted({point.x for panel in chart.panels for series in panel.series for point in series.points})
    first, last = days[0], days[-1]
    most = max(2, int(width / (60 if chart.x_kind == "day" else 130)))
    marks = {series.mark for panel in chart.panels for series in panel.series}
    room = 0.5 * (_step(days) if marks != {"line"} else first == last)
    if chart.x_kind == "month":
        ticks, label = days[:: -(-len(days) // (2 * most))], _DATE.format("%Y-%m")
    else:
        ticks = day_ticks(first, last, most, 0 if chart.x_kind == "day" else last)
        signed = "datum.value ? format(datum.value, '+d') : '0'" if chart.rule else "format(datum.value, 'd')"
        label = signed if chart.x_kind == "day" else _DATE.format("%Y-%m-%d")
    # A date at the plot's right end would reach over the next panel, or out of the drawing.
    axis = alt.Axis(
        values=ticks,
        labelExpr=label,
        labelFlush=room == 0 or len(ticks) == 1,
        grid=False,
        domain=False,
        tickSize=4,
        labelPadding=4,
    )
    return axis, (first - room, last + room)


def _step(days: list[int]) -> int:
    """Return the least distance between two days that are drawn."""
    return min((after - before for before, after in pairwise(days)), default=1)


def _panel(
    chart: LineChart,
    panel: Panel,
    axes: tuple[dict[str, Any], dict[str, Any]],
    size: tuple[float, float],
    is_labelled_right: bool,
) -> alt.LayerChart:
    x, y = axes
    width, height = size
    heading: dict[str, Any] = {"fontWeight": "bold"} if panel.title else {"fill": QUIET}
    layers: list[alt.Chart] = [words("heading", panel.title or chart.y_title, (10 - _ABOVE, 14 - _ABOVE), **heading)]
    if chart.x_title:
        layers.append(words("quiet", chart.x_title, (width, height + 34), align="right", fill=QUIET))
    if chart.rule:
        at = layer("rule", [{"x": chart.rule.x, "text": chart.rule.label}])
        where = alt.X("x:Q", **x)
        layers.append(at.mark_rule(stroke=INK, strokeWidth=1.5).encode(x=where, y=alt.YValue(-8), y2=alt.Y2Value(height)))
        bold: dict[str, Any] = {
            "align": "left",
            "baseline": "alphabetic",
            "dx": 5,
            "fontSize": TEXT_SIZE,
            "fontWeight": "bold",
            "fill": INK,
        }
        layers.append(at.mark_text(**bold).encode(x=where, y=alt.YValue(-8), text=alt.Text("text:N")))
    span = x["scale"].domain
    column = 0.72 * width * _step(sorted({point.x for series in panel.series for point in series.points})) / (span[1] - span[0])
    for series in panel.series:
        layers += _marks(series, x, y, min(column, 48.0))
    layers += _labels(panel, x, y, height, is_labelled_right)
    return alt.LayerChart(layer=layers, width=width, height=height)


def _marks(series: Series, x: dict[str, Any], y: dict[str, Any], column: float) -> list[alt.Chart]:
    """Return the band or the whiskers, and the line, columns or dots."""
    colour = LINES[series.style]
    where = alt.X("x:Q", **x)
    rows = layer(series.mark, [{"x": point.x, "y": point.y} for point in series.points]).encode(x=where, y=alt.Y("y:Q", **y))
    bounded = [
        {"x": point.x, "lower": point.lower, "upper": point.upper}
        for point in series.points
        if point.lower is not None and point.upper is not None
    ]
    if series.mark != "line":
        mark = (
            rows.mark_bar(size=column, orient="vertical", fill="var(--bar)").encode(y=alt.Y("y:Q", stack=None, **y))
            if series.mark == "column"
            else rows.mark_circle(size=80, fill=colour, stroke=PAPER, strokeWidth=1.5, opacity=1)
        )
        reach = layer("whisker", bounded).encode(x=where, y=alt.Y("lower:Q", **y))
        whisker = reach.mark_rule(stroke="var(--whisker)", strokeWidth=1.5).encode(y2=alt.Y2("upper"))
        return [whisker, mark] if bounded and series.mark == "dot" else [mark, whisker] if bounded else [mark]
    course = "step-after" if series.is_step else "linear"
    dash: dict[str, Any] = {"strokeDash": [6, 4]} if series.is_dashed else {}
    line = rows.mark_line(stroke=colour, strokeWidth=2.5, strokeJoin="round", interpolate=course, **dash)
    if not bounded:
        return [line]
    edges = layer("band", bounded).encode(x=where, y=alt.Y("lower:Q", **y), y2=alt.Y2("upper"))
    return [edges.mark_area(fill=BANDS[series.style], opacity=1, interpolate=course), line]


def _labels(panel: Panel, x: dict[str, Any], y: dict[str, Any], height: float, is_labelled_right: bool) -> list[alt.Chart]:
    """Write each series' name at its end, at least one line of text apart."""
    low, top = y["scale"].domain
    drawn: list[alt.Chart] = []
    taken: list[float] = []
    for series in sorted(panel.series, key=lambda entry: -entry.points[-1].y):
        if not series.label:
            continue
        end = series.points[-1]
        line_at = height * (top - end.y) / (top - low)
        at = max([line_at + (4 if is_labelled_right else -10), *(other + _LINE_HEIGHT for other in taken)])
        taken.append(at)
        look: dict[str, Any] = {"align": "left", "dx": 8} if is_labelled_right else {"align": "right", "dx": 0}
        text = layer("halo", [{"x": end.x, "text": series.label}]).mark_text(
            baseline="alphabetic", fontSize=TEXT_SIZE, fontWeight="bold", fill=LABELS[series.style], **look
        )
        drawn.append(text.encode(x=alt.X("x:Q", **x), y=alt.YValue(at), text=alt.Text("text:N")))
    return drawn
