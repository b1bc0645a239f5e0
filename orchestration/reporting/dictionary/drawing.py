"""Drawings of lineage as SVG: what a table reads and what reads it, and all tables in layers.

Belongs here: places and lines. Every place follows from the order of what is drawn, so equal graphs give equal bytes; colours are
variables of the page's style, and text is escaped by the writer of XML.
"""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from pydantic import BaseModel, ConfigDict

WIDE = 560
"""From this width on a drawing goes from left to right, below it from top to bottom."""
_TEXT_SIZE, _NOTE_SIZE = 13, 12
_ROW, _BOX, _HEADING = 27, 22, 26
_WIDE_COLUMNS = ((0, 285), (319, 196), (547, 173))
"""Left edge and width of the three columns of a wide drawing: what is read, the table, who reads it."""


class Box(BaseModel):
    """One node: its name, and a note beside it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    note: str = ""


class BoxGroup(BaseModel):
    """Nodes of one kind under a heading."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    boxes: tuple[Box, ...]

    @property
    def height(self) -> int:
        """Room it takes, in SVG units."""
        return _HEADING + _ROW * len(self.boxes)


def draw_neighbours(
    table: str, above: Sequence[BoxGroup], below: Sequence[BoxGroup], *, drawing_id: str, description: str, width: int
) -> str:
    """Return the drawing of one table: what it reads to its left and who reads it to its right, or above and below it."""
    if width >= WIDE:
        return _side_by_side(table, above, below, drawing_id, description, width)
    return _one_below_the_other(table, above, below, drawing_id, description, width)


def _side_by_side(
    table: str, above: Sequence[BoxGroup], below: Sequence[BoxGroup], drawing_id: str, description: str, width: int
) -> str:
    height = max(sum(group.height for group in side) for side in (above, below)) + 6
    (left, left_width), (middle, middle_width), (right, right_width) = _WIDE_COLUMNS
    root = _svg(drawing_id, f"Lineage of {table}", description, (width, height))
    centre = height / 2
    for group_at, group in _stacked(above, height):
        _heading(root, left, group_at, group.title)
        for at, box in _rows(group_at, group):
            _curve(root, (left + left_width, at), (middle - 6, centre))
            _box(root, (left, at), left_width, box)
    for group_at, group in _stacked(below, height):
        _heading(root, right, group_at, group.title)
        for at, box in _rows(group_at, group):
            _curve(root, (middle + middle_width, centre), (right - 6, at))
            _arrow(root, right, at, "right")
            _box(root, (right, at), right_width, box)
    _arrow(root, middle, centre, "right")
    _box(root, (middle, centre), middle_width, Box(name=table), css="self")
    return tostring(root, encoding="unicode")


def _one_below_the_other(
    table: str, above: Sequence[BoxGroup], below: Sequence[BoxGroup], drawing_id: str, description: str, width: int
) -> str:
    own = sum(group.height for group in above) + 24
    root = _svg(drawing_id, f"Lineage of {table}", description, (width, own + 24 + sum(group.height for group in below)))
    trunk, indent = 8, 22
    for groups, start, is_above in ((above, 0, True), (below, own + 16, False)):
        for group_at, group in _stacked(groups, None, start):
            _heading(root, indent, group_at, group.title)
            for at, box in _rows(group_at, group):
                end = own - 18 if is_above else own + 13
                SubElement(root, "path", {"class": "edge", "d": f"M{indent} {at:g}H{trunk}V{end:g}"})
                if not is_above:
                    _arrow(root, indent, at, "right")
                _box(root, (indent, at), width - indent, box)
    if above:
        _arrow(root, trunk, own - 12, "down")
    _box(root, (0, own), width, Box(name=table), css="self")
    return tostring(root, encoding="unicode")


def draw_layers(
    layers: Sequence[Sequence[Box]], steps: Sequence[tuple[str, str]], *, drawing_id: str, description: str, width: int
) -> str:
    """Return all tables in layers, one below the other, with an arc from each to those that read it."""
    gutter = 190 if width >= WIDE else 128
    place: dict[str, float] = {}
    headings: list[float] = []
    at = 0.0
    for layer in layers:
        headings.append(at + 18)
        at += _HEADING
        for box in layer:
            place[box.name] = at + _ROW / 2
            at += _ROW
        at += 6
    root = _svg(drawing_id, "Published tables in layers", description, (width, at))
    longest = max((abs(place[reader] - place[read]) for read, reader in steps), default=1.0)
    for read, reader in steps:
        reach = 14 + (gutter - 24) * (abs(place[reader] - place[read]) / longest) ** 0.6
        start, end = place[read] + 3, place[reader] - 3
        curve = f"M{gutter} {start:g}C{gutter - reach:.1f} {start:g} {gutter - reach:.1f} {end:g} {gutter - 6} {end:g}"
        SubElement(root, "path", {"class": "edge", "d": curve})
    for number, heading in enumerate(headings, start=1):
        _text(root, gutter, heading, f"Layer {number}", css="quiet bold")
    for layer in layers:
        for box in layer:
            if any(reader == box.name for _, reader in steps):
                _arrow(root, gutter, place[box.name] - 3, "right")
            _text(root, gutter + 6, place[box.name] + 4, box.name)
            if width >= WIDE:
                _text(root, width, place[box.name] + 4, box.note, css="quiet end")
    return tostring(root, encoding="unicode")


def _svg(drawing_id: str, title: str, description: str, size: tuple[float, float]) -> Element:
    width, height = size
    root = Element(
        "svg",
        {
            "viewBox": f"0 0 {width:g} {height:g}",
            "width": f"{width:g}",
            "height": f"{height:g}",
            "role": "img",
            "class": "chart lineage",
            "aria-labelledby": f"{drawing_id}-title {drawing_id}-desc",
        },
    )
    SubElement(root, "title", {"id": f"{drawing_id}-title"}).text = title
    SubElement(root, "desc", {"id": f"{drawing_id}-desc"}).text = description
    return root


def _stacked(groups: Sequence[BoxGroup], height: float | None, start: float = 0) -> list[tuple[float, BoxGroup]]:
    """Return groups with their upper edges, in the middle of `height` where it is given."""
    at = start if height is None else (height - sum(group.height for group in groups)) / 2
    found: list[tuple[float, BoxGroup]] = []
    for group in groups:
        found.append((at, group))
        at += group.height
    return found


def _rows(group_at: float, group: BoxGroup) -> list[tuple[float, Box]]:
    return [(group_at + _HEADING + _ROW * (number + 0.5), box) for number, box in enumerate(group.boxes)]


def _heading(root: Element, x: float, at: float, title: str) -> None:
    _text(root, x, at + 19, title, css="quiet bold")


def _box(root: Element, corner: tuple[float, float], width: float, box: Box, css: str = "node") -> None:
    x, at = corner
    shape = {"class": css, "x": f"{x + 0.5:g}", "y": f"{at - _BOX / 2 + 0.5:g}", "width": f"{width - 1:g}"}
    SubElement(root, "rect", {**shape, "height": f"{_BOX - 1:g}", "rx": "3"})
    _text(root, x + 8, at + 4.5, box.name, css="own" if css == "self" else "")
    if box.note:
        _text(root, x + width - 8, at + 4.5, box.note, css="quiet end")


def _text(root: Element, x: float, y: float, content: str, css: str = "") -> None:
    size = _NOTE_SIZE if "quiet" in css else _TEXT_SIZE
    element = SubElement(root, "text", {"x": f"{x:g}", "y": f"{y:g}", "font-size": str(size), **({"class": css} if css else {})})
    element.text = content


def _curve(root: Element, start: tuple[float, float], end: tuple[float, float]) -> None:
    (x, y), (to_x, to_y) = start, end
    half = (x + to_x) / 2
    SubElement(root, "path", {"class": "edge", "d": f"M{x:g} {y:g}C{half:g} {y:g} {half:g} {to_y:g} {to_x:g} {to_y:g}"})


def _arrow(root: Element, x: float, y: float, towards: str) -> None:
    """Draw a head whose point is at `x`, `y`."""
    points = f"{x:g},{y:g} {x - 7:g},{y - 4:g} {x - 7:g},{y + 4:g}"
    if towards == "down":
        points = f"{x:g},{y:g} {x - 4:g},{y - 7:g} {x + 4:g},{y - 7:g}"
    SubElement(root, "polygon", {"class": "head", "points": points})
