"""SVG elements as an XML tree, so that every text is escaped by the serialiser."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

CHARACTER_WIDTH = 7.0
"""Mean advance, in SVG units, of the 13-unit sans the charts use; a little generous, so that labels are not cut."""

BOLD_CHARACTER_WIDTH = 8.2
"""The same for bold text, measured on the widest of the usual system fonts."""


def chart_root(labels: tuple[str, str, str], width: float, height: float) -> Element:
    """Return the `svg` element with its title and description; `labels` is (id, title, description)."""
    chart_id, title, description = labels
    root = Element(
        "svg",
        {
            "viewBox": f"0 0 {width:g} {height:g}",
            "width": f"{width:g}",
            "height": f"{height:g}",
            "role": "img",
            "class": "chart",
            "aria-labelledby": f"{chart_id}-title {chart_id}-desc",
        },
    )
    SubElement(root, "title", {"id": f"{chart_id}-title"}).text = title
    SubElement(root, "desc", {"id": f"{chart_id}-desc"}).text = description
    return root


def line(parent: Element, start: tuple[float, float], end: tuple[float, float], css: str) -> None:
    """Add a straight line."""
    (x1, y1), (x2, y2) = start, end
    SubElement(parent, "line", {"x1": _n(x1), "y1": _n(y1), "x2": _n(x2), "y2": _n(y2), "class": css})


def text(parent: Element, at: tuple[float, float], content: str, css: str = "", anchor: str = "start") -> None:
    """Add text whose baseline starts, is centred or ends at `at`."""
    x, y = at
    element = SubElement(parent, "text", {"x": _n(x), "y": _n(y), "class": css, "text-anchor": anchor})
    element.text = content


def polygon(parent: Element, points: Sequence[tuple[float, float]], css: str) -> None:
    """Add a filled polygon."""
    SubElement(parent, "polygon", {"points": _points(points), "class": css})


def polyline(parent: Element, points: Sequence[tuple[float, float]], css: str) -> None:
    """Add an open line through `points`."""
    SubElement(parent, "polyline", {"points": _points(points), "class": css})


def circle(parent: Element, at: tuple[float, float], radius: float, css: str) -> None:
    """Add a circle."""
    SubElement(parent, "circle", {"cx": _n(at[0]), "cy": _n(at[1]), "r": _n(radius), "class": css})


def rectangle(parent: Element, at: tuple[float, float], size: tuple[float, float], css: str) -> None:
    """Add a rectangle from its upper left corner."""
    (x, y), (width, height) = at, size
    SubElement(parent, "rect", {"x": _n(x), "y": _n(y), "width": _n(max(0.0, width)), "height": _n(height), "class": css})


def text_width(content: str, *, is_bold: bool = False) -> float:
    """Return the estimated width of `content` in SVG units."""
    return len(content) * (BOLD_CHARACTER_WIDTH if is_bold else CHARACTER_WIDTH)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
