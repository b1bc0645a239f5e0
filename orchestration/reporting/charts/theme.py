"""What all drawings share: sizes, colours as variables of the page's style, axes, and how much room text takes."""

import math
from collections.abc import Sequence
from typing import Any, Final

import altair as alt
from pydantic import BaseModel, ConfigDict

from orchestration.reporting.formats import Unit

WIDE: Final = 560
"""From this width on, small multiples stand two abreast and labels stand beside their marks, below it above them."""
TEXT_SIZE: Final = 13
TICK_SIZE: Final = 12
CHARACTER_WIDTH: Final = 7.0
"""Mean advance, in SVG units, of the 13-unit sans the charts use; a little generous, so that labels are not cut."""
BOLD_CHARACTER_WIDTH: Final = 8.2
"""The same for bold text, measured on the widest of the usual system fonts."""

INK: Final = "var(--ink)"
QUIET: Final = "var(--quiet)"
PAPER: Final = "var(--paper)"
LINES: Final = {1: "var(--accent)", 2: "var(--second)", 3: "var(--third)"}
BANDS: Final = {1: "var(--accent-soft)", 2: "var(--second-soft)", 3: "var(--accent-soft)"}
LABELS: Final = {1: "var(--link)", 2: "var(--second)", 3: "var(--third)"}
_CONFIG: Final[dict[str, Any]] = {
    "aria": False,
    "font": "inherit",
    "view": {"stroke": None},
    "axis": {
        "labelColor": QUIET,
        "labelFontSize": TICK_SIZE,
        "labelBound": False,
        "labelOverlap": False,
        "labelLimit": 0,
        "tickColor": QUIET,
    },
}


class Drawing(BaseModel):
    """A chart and the room it takes, in SVG units."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    chart: alt.ConcatChart | alt.LayerChart
    width: int
    height: float


def layer(role: str, rows: Sequence[dict[str, Any]]) -> alt.Chart:
    """Return a chart over `rows`; `role` becomes the class of its marks in the drawing."""
    # Altair copies a list with every further word said of a chart, a tuple never.
    return alt.Chart(alt.Data(values=tuple(rows)), name=role)


def words(role: str, text: str, at: tuple[float, float], *, align: str = "left", **mark: Any) -> alt.Chart:
    """Return one text whose baseline starts, is centred or ends at `at`, in units from the panel's upper left corner."""
    x, y = at
    look: dict[str, Any] = {"align": align, "baseline": "alphabetic", "fontSize": TEXT_SIZE, "fill": INK} | mark
    return layer(role, [{"text": text}]).mark_text(**look).encode(x=alt.XValue(x), y=alt.YValue(y), text=alt.Text("text:N"))


def span_of(values: Sequence[float], maximum: float | None) -> tuple[float, float]:
    """Return the domain of a scale that holds zero, every value and `maximum`; never without width."""
    top = maximum if maximum is not None else max([0.0, *values]) * 1.04
    low = min([0.0, *values]) * 1.04
    return (low, top if top > low else 1.0)


def value_axis(unit: Unit, span: tuple[float, float], tick_count: int, **axis: Any) -> alt.Axis:
    """Return the axis of values: gridlines, zero the strongest, thousands separated, whole numbers where things are counted."""
    low, top = span
    if unit == "count" and top - low <= tick_count:
        # Vega divides a short scale into halves, even where it is asked for steps of one.
        axis["values"] = list(range(math.ceil(low), math.floor(top) + 1))
    return alt.Axis(
        format="~%" if unit == "share" else ",~f",
        tickCount=tick_count,
        title=None,
        ticks=False,
        domain=False,
        gridColor={"condition": {"test": "datum.value === 0", "value": QUIET}, "value": "var(--grid)"},
        **axis,
    )


def text_width(content: str, *, is_bold: bool = False) -> float:
    """Return the estimated width of `content` in SVG units."""
    return len(content) * (BOLD_CHARACTER_WIDTH if is_bold else CHARACTER_WIDTH)


def placed(
    panels: Sequence[alt.LayerChart], *, columns: int, gaps: tuple[float, float], corner: tuple[float, float]
) -> alt.ConcatChart | alt.LayerChart:
    """Return `panels` side by side. Every place is given, none measured: the same rows give the same bytes with any fonts.

    `gaps` are the room between plots (across, down), `corner` the first plot's upper left, all in SVG units.
    """
    across, down = gaps
    left, top = corner
    for place, panel in enumerate(panels):
        for index, one in enumerate(panel.layer):
            one.name = f"{one.name}_p{place}l{index}"  # Vega wants every name once
    # One panel stands alone: to put it side by side with nothing copies it three times.
    chart = (
        panels[0]
        if len(panels) == 1
        else alt.concat(*panels, columns=columns, bounds="flush", spacing={"column": across, "row": down})
    )
    chart.autosize = alt.AutoSizeParams(type="none")
    chart.padding = {"left": left, "top": top, "right": 0, "bottom": 0}
    chart.background = "transparent"
    chart.config = _CONFIG
    return chart
