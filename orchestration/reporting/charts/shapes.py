"""What a chart is made of, before it is drawn."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from orchestration.reporting.formats import Unit

Mark = Literal["dot", "ring", "bar"]
SeriesMark = Literal["line", "column", "dot"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Point(_Frozen):
    """One point of a line: x in days or days since 1970-01-01, y in the chart's unit, the band where there is one."""

    x: int
    y: float
    lower: float | None = None
    upper: float | None = None


class Series(_Frozen):
    """One line with its band, or columns or dots with whiskers; `style` 1 is the accent, 2 the counterpart, dashed where so."""

    label: str
    points: tuple[Point, ...] = Field(min_length=1)
    style: Literal[1, 2, 3] = 1
    mark: SeriesMark = "line"
    is_dashed: bool = False
    is_step: bool = False


class Rule(_Frozen):
    """A labelled vertical line, such as an enforcement action."""

    x: int
    label: str


class Panel(_Frozen):
    """One plot of a line chart; the panels of a chart share both scales."""

    title: str
    series: tuple[Series, ...] = Field(min_length=1)


class LineChart(_Frozen):
    """Values over time, as one panel or small multiples, with a zero baseline. A `month` stands at its first day."""

    panels: tuple[Panel, ...] = Field(min_length=1)
    unit: Unit
    x_kind: Literal["day", "date", "month"]
    y_title: str
    x_title: str
    rule: Rule | None = None
    y_maximum: float | None = None


class Row(_Frozen):
    """One row of a row chart; without a value its `note` stands in the plot instead."""

    label: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    note: str = ""
    mark: Mark = "dot"


class RowGroup(_Frozen):
    """Rows under one heading; an empty title has none."""

    title: str
    rows: tuple[Row, ...] = Field(min_length=1)


class RowChart(_Frozen):
    """Rows of dots or bars with whiskers on one shared scale that holds zero."""

    groups: tuple[RowGroup, ...] = Field(min_length=1)
    unit: Unit
    x_title: str
    maximum: float | None = None


Chart = LineChart | RowChart
