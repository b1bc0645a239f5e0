"""Static SVG charts of the page: values over time with bands, and rows of dots or bars with whiskers.

Belongs here: from typed shapes to a Vega-Altair chart, and from that to SVG without a script. Colours are variables of the
page's style, so that one drawing serves light, dark and paper; nothing here knows a metric.
"""

from orchestration.reporting.charts.shapes import Chart, LineChart


def draw(chart: Chart, *, chart_id: str, title: str, description: str, width: int) -> str:
    """Return `chart` as an SVG element `width` units wide; the text is escaped, ids start with `chart_id`."""
    # Altair and the renderer take a second and 130 MB to load, and most commands draw nothing.
    from altair.utils.schemapi import debug_mode

    from orchestration.reporting.charts.over_time import over_time
    from orchestration.reporting.charts.rendering import svg_of
    from orchestration.reporting.charts.rows import rows_on_a_scale

    # Checking every part against the schema takes half of the time; the tests do it for every shape.
    with debug_mode(False):
        drawing = over_time(chart, width) if isinstance(chart, LineChart) else rows_on_a_scale(chart, width)
        return svg_of(drawing, chart_id=chart_id, title=title, description=description)
