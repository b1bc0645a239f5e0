"""Line charts: panels that share scales, bands, direct labels and a labelled rule."""

from datetime import date, timedelta
from itertools import pairwise
from xml.etree.ElementTree import Element

from orchestration.reporting.charts import svg
from orchestration.reporting.charts.scale import Scale, day_ticks, linear, nice_ticks
from orchestration.reporting.charts.shapes import LineChart, Panel, Point, Series
from orchestration.reporting.formats import number, share

WIDE = 560
"""From this width on, small multiples stand two abreast and labels to the right of their lines."""


def draw_lines(chart: LineChart, labels: tuple[str, str, str], width: int) -> Element:
    """Return the chart `width` SVG units wide; a panel is 260 units high, 190 as one of several."""
    column_count = 2 if width >= WIDE and len(chart.panels) > 1 else 1
    panel_height = 260 if len(chart.panels) == 1 else 190
    panel_width = width / column_count
    row_count = -(-len(chart.panels) // column_count)
    root = svg.chart_root(labels, width, row_count * panel_height)
    points = [point for panel in chart.panels for series in panel.series for point in series.points]
    top = chart.y_maximum or max(max(point.y, point.upper or point.y) for point in points)
    y_ticks = nice_ticks(top, 4)
    for index, panel in enumerate(chart.panels):
        left = index % column_count * panel_width
        above = index // column_count * panel_height
        _draw_panel(root, chart, panel, y_ticks, (left, above, panel_width, panel_height))
    return root


def _draw_panel(
    root: Element, chart: LineChart, panel: Panel, y_ticks: list[float], box: tuple[float, float, float, float]
) -> None:
    left, above, width, height = box
    write = share if chart.unit == "share" else number
    label_width = max(svg.text_width(series.label, is_bold=True) for series in panel.series)
    is_labelled_right = width >= WIDE and label_width > 0
    plot_left = left + 10 + max(svg.text_width(write(tick)) for tick in y_ticks)
    plot_right = left + width - (label_width + 12 if is_labelled_right else 16)
    plot_top, plot_bottom = above + 44, above + height - 40
    first, last = _span(chart)
    x = linear((first, last), (plot_left, plot_right))
    y = linear((0.0, y_ticks[-1]), (plot_bottom, plot_top))
    svg.text(root, (left, above + 14), panel.title or chart.y_title, "strong" if panel.title else "quiet")
    for tick in y_ticks:
        svg.line(root, (plot_left, y(tick)), (plot_right, y(tick)), "axis" if tick == 0 else "grid")
        svg.text(root, (plot_left - 6, y(tick) + 4), write(tick), "tick", "end")
    for tick in day_ticks(first, last, max(2, int((plot_right - plot_left) / 130)), 0 if chart.x_kind == "day" else last):
        svg.line(root, (x(tick), plot_bottom), (x(tick), plot_bottom + 4), "axis")
        svg.text(root, (x(tick), plot_bottom + 17), _x_label(chart, tick), "tick", _anchor(x(tick), plot_right))
    if chart.x_title:
        svg.text(root, (plot_right, plot_bottom + 34), chart.x_title, "quiet", "end")
    if chart.rule:
        svg.line(root, (x(chart.rule.x), plot_top - 8), (x(chart.rule.x), plot_bottom), "rule")
        svg.text(root, (x(chart.rule.x) + 5, plot_top - 8), chart.rule.label, "strong")
    for series in panel.series:
        _draw_series(root, series, x, y)
    _draw_labels(root, panel, x, y, is_labelled_right)


def _draw_series(root: Element, series: Series, x: Scale, y: Scale) -> None:
    upper = [(x(point.x), y(point.upper)) for point in series.points if point.upper is not None]
    lower = [(x(point.x), y(point.lower)) for point in series.points if point.lower is not None]
    if upper and lower:
        edges = (_steps(upper), _steps(lower)) if series.is_step else (upper, lower)
        svg.polygon(root, [*edges[0], *reversed(edges[1])], f"band style-{series.style}")
    middle = [(x(point.x), y(point.y)) for point in series.points]
    css = f"line style-{series.style}{' dashed' if series.is_dashed else ''}"
    svg.polyline(root, _steps(middle) if series.is_step else middle, css)


def _draw_labels(root: Element, panel: Panel, x: Scale, y: Scale, is_labelled_right: bool) -> None:
    """Write each series' name at its end, at least one line of text apart."""
    taken: list[float] = []
    for series in sorted(panel.series, key=lambda entry: y(entry.points[-1].y)):
        end: Point = series.points[-1]
        at_y = y(end.y) + (4 if is_labelled_right else -10)
        at_y = max([at_y, *(other + 15 for other in taken)])
        taken.append(at_y)
        at_x = x(end.x) + (8 if is_labelled_right else 0)
        svg.text(root, (at_x, at_y), series.label, f"label style-{series.style}", "start" if is_labelled_right else "end")


def _steps(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the corners of a right-continuous step function through `points`."""
    corners = points[:1]
    for (_, before), (x, y) in pairwise(points):
        corners += [(x, before), (x, y)]
    return corners


def _span(chart: LineChart) -> tuple[int, int]:
    days = [point.x for panel in chart.panels for series in panel.series for point in series.points]
    return min(days), max(days)


def _x_label(chart: LineChart, tick: int) -> str:
    if chart.x_kind == "date":
        return (date(1970, 1, 1) + timedelta(days=tick)).isoformat()
    return f"{tick:+d}" if tick and chart.rule else str(tick)


def _anchor(position: float, right: float) -> str:
    return "end" if position > right - 20 else "middle"
