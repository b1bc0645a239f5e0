"""Row charts: dots, rings or bars with whiskers, one row a label, on one scale from zero."""

from xml.etree.ElementTree import Element

from orchestration.reporting.charts import svg
from orchestration.reporting.charts.scale import Scale, linear, nice_ticks
from orchestration.reporting.charts.shapes import Row, RowChart
from orchestration.reporting.formats import number, share

WIDE = 560
"""From this width on a row's label stands left of its mark, below it above the mark."""


def draw_rows(chart: RowChart, labels: tuple[str, str, str], width: int) -> Element:
    """Return the chart `width` SVG units wide, as high as its rows need."""
    write = share if chart.unit == "share" else number
    rows = [row for group in chart.groups for row in group.rows]
    is_wide = width >= WIDE
    left = min(width * 0.42, 14 + max(svg.text_width(row.label) for row in rows)) if is_wide else 12
    note_width = max(svg.text_width(row.note) if row.value is not None else 0.0 for row in rows)
    right = width - (note_width + 14 if is_wide else 18)
    row_height = 27 if is_wide else 43
    top_value = chart.maximum or max((max(row.value or 0.0, row.upper or 0.0) for row in rows), default=1.0)
    ticks = nice_ticks(top_value, 5 if is_wide else 3)
    x = linear((0.0, ticks[-1]), (left, right))
    heading_count = sum(1 for group in chart.groups if group.title)
    bottom = 8 + heading_count * 30 + len(rows) * row_height
    root = svg.chart_root(labels, width, bottom + 44)
    for tick in ticks:
        svg.text(root, (x(tick), bottom + 17), write(tick), "tick", "middle")
    svg.text(root, (right, bottom + 36), chart.x_title, "quiet", "end")
    above = 8.0
    for group in chart.groups:
        if group.title:
            svg.text(root, (0, above + 20), group.title, "strong")
            above += 30
        for tick in ticks:
            ends = (x(tick), above), (x(tick), above + len(group.rows) * row_height)
            svg.line(root, *ends, "axis" if tick == 0 else "grid")
        for row in group.rows:
            _draw_row(root, row, x, (left, above, right, row_height))
            above += row_height
    return root


def _draw_row(root: Element, row: Row, x: Scale, box: tuple[float, float, float, float]) -> None:
    left, above, right, row_height = box
    is_wide = row_height < 40
    middle = above + (row_height / 2 if is_wide else row_height - 14)
    if is_wide:
        svg.text(root, (left - 8, middle + 4), row.label, "row", "end")
    else:
        svg.text(root, (left, middle - 12), row.label, "row halo")
    if row.value is None:
        svg.text(root, (left + 8, middle + 4), row.note, "quiet halo")
        return
    if is_wide:
        svg.text(root, (right + 12, middle + 4), row.note, "tick")
    else:
        svg.text(root, (right + 16, middle - 12), row.note, "tick halo", "end")
    if row.mark == "bar":
        svg.rectangle(root, (left, middle - 7), (x(row.value) - left, 14), "bar")
    if row.lower is not None and row.upper is not None:
        low, high = x(row.lower), x(row.upper)
        svg.line(root, (low, middle), (high, middle), "whisker")
        svg.line(root, (low, middle - 4), (low, middle + 4), "whisker")
        svg.line(root, (high, middle - 4), (high, middle + 4), "whisker")
    if row.mark != "bar":
        svg.circle(root, (x(row.value), middle), 5, row.mark)
