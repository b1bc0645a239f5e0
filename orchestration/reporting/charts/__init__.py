"""Small inline SVG charts: lines with bands, and rows of dots or bars with whiskers.

Belongs here: drawing typed data at a given width. Colours are CSS classes of the page; nothing here knows a metric.
"""

from xml.etree.ElementTree import tostring

from orchestration.reporting.charts.lines import draw_lines
from orchestration.reporting.charts.rows import draw_rows
from orchestration.reporting.charts.shapes import Chart, LineChart


def draw(chart: Chart, *, chart_id: str, title: str, description: str, width: int) -> str:
    """Return `chart` as an SVG element `width` units wide; the text is escaped, ids start with `chart_id`."""
    labels = (chart_id, title, description)
    root = draw_lines(chart, labels, width) if isinstance(chart, LineChart) else draw_rows(chart, labels, width)
    return tostring(root, encoding="unicode")
