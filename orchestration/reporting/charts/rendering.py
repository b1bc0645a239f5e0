"""From a Vega-Altair chart to the SVG element that stands in the page."""

import re
from typing import Final
from xml.etree.ElementTree import Element, SubElement, fromstring, register_namespace, tostring

import vl_convert

from orchestration.reporting.charts.theme import Drawing

VEGA_LITE: Final = "6.4"
"""The Vega-Lite that draws, of those the renderer carries; Altair writes its specifications for the same."""

_SVG: Final = "http://www.w3.org/2000/svg"
_KEPT_OUT: Final = ("aria-hidden", "aria-label", "aria-roledescription", "role", "pointer-events", "font-family")
_ROLE: Final = re.compile(r"\b(?P<role>[a-z]+)_p\d+l\d+\w*_marks\b|\brole-axis-(?P<axis>[a-z]+)\b")
_LONG: Final = re.compile(r"-?\d+\.\d{2,}(?:e-?\d+)?")


def start() -> None:
    """Start the renderer before the first chart; it takes most of a second."""
    vl_convert.vegalite_to_svg({"mark": "point", "data": {"values": []}}, vl_version=VEGA_LITE)


def svg_of(drawing: Drawing, *, chart_id: str, title: str, description: str) -> str:
    """Return the drawing as an SVG element with a title and a description; no script and no inline style.

    Vega's roles and labels are taken out: the drawing is one image to a reader of screens, and its rows are in a table.
    """
    found = fromstring(vl_convert.vegalite_to_svg(drawing.chart.to_dict(validate=False), vl_version=VEGA_LITE))
    register_namespace("", _SVG)
    root = Element(
        f"{{{_SVG}}}svg",
        {
            "viewBox": f"0 0 {drawing.width:g} {drawing.height:g}",
            "width": f"{drawing.width:g}",
            "height": f"{drawing.height:g}",
            "role": "img",
            "class": "chart",
            "aria-labelledby": f"{chart_id}-title {chart_id}-desc",
        },
    )
    SubElement(root, f"{{{_SVG}}}title", {"id": f"{chart_id}-title"}).text = title
    SubElement(root, f"{{{_SVG}}}desc", {"id": f"{chart_id}-desc"}).text = description
    root.extend(_lean(child) for child in found if child.tag == f"{{{_SVG}}}g")
    return tostring(root, encoding="unicode").replace(f' xmlns="{_SVG}"', "", 1)


def _lean(element: Element) -> Element:
    """Drop what draws nothing, name groups by their role, and write coordinates to a tenth of a unit."""
    for name in _KEPT_OUT:
        element.attrib.pop(name, None)
    role = _ROLE.search(element.attrib.pop("class", ""))
    if role:
        element.set("class", role["role"] or role["axis"])
    for name in ("d", "transform", "x", "y", "x2", "y2", "width", "height"):
        if name in element.attrib:
            element.set(name, _LONG.sub(lambda number: f"{float(number[0]):.1f}", element.attrib[name]))
    for child in list(element):
        is_hidden = child.get("display") == "none" or (child.get("class") in {"background", "foreground"} and len(child) == 0)
        if is_hidden or (_lean(child) is child and child.tag == f"{{{_SVG}}}g" and len(child) == 0):
            element.remove(child)
    return element
