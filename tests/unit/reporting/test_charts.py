"""Scales, formats and what the drawings hold."""

import re
from datetime import date
from importlib.resources import files
from typing import Literal
from xml.etree.ElementTree import Element, fromstring

import pytest

from orchestration.reporting import formats
from orchestration.reporting.charts import draw
from orchestration.reporting.charts.over_time import day_ticks, over_time
from orchestration.reporting.charts.rendering import VEGA_LITE
from orchestration.reporting.charts.rows import rows_on_a_scale
from orchestration.reporting.charts.shapes import Chart, LineChart, Panel, Point, Row, RowChart, RowGroup, Rule, Series
from orchestration.reporting.charts.theme import span_of
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.tables import Table


def test_day_ticks_are_weeks_around_the_anchor():
    assert day_ticks(-28, 28, 5, 0) == [-28, -14, 0, 14, 28]
    assert day_ticks(0, 3, 5, 0) == [0, 1, 2, 3]


def test_a_scale_holds_zero_and_every_value_and_is_never_without_width():
    assert span_of([2.0, 10.0], None) == (0.0, pytest.approx(10.4))
    assert span_of([-0.5, 0.2], None) == (pytest.approx(-0.52), pytest.approx(0.208))
    assert span_of([0.2], 1.0) == (0.0, 1.0)
    assert span_of([], None) == (0.0, 1.0)


def svg(chart: Chart, width: int = 720) -> Element:
    return fromstring(draw(chart, chart_id="c", title="<Finding> & more", description="What", width=width))


def marks(root: Element, role: str) -> list[Element]:
    """The drawn elements of one role, groups taken apart."""
    return [mark for group in root.iter("g") if group.get("class") == role for mark in group if mark.tag != "g"]


def place(mark: Element) -> tuple[float, float]:
    found = re.fullmatch(r"translate\((.+),(.+)\)", mark.get("transform", ""))
    assert found
    return float(found[1]), float(found[2])


def texts(root: Element, role: str) -> dict[str, tuple[float, float]]:
    return {text.text or "": place(text) for text in marks(root, role)}


def lines_chart() -> LineChart:
    points = tuple(Point(x=x, y=100.0, lower=80.0, upper=120.0) for x in (-1, 0, 1))
    series = (Series(label="Observed", points=points), Series(label="Expected", points=points, style=2, is_dashed=True))
    return LineChart(
        panels=(Panel(title="", series=series),),
        unit="number",
        x_kind="day",
        y_title="y",
        x_title="x",
        rule=Rule(x=0, label="Action"),
    )


def columns_chart(kind: Literal["date", "month"] = "month") -> LineChart:
    first = (date(2026, 1, 1) - date(1970, 1, 1)).days
    points = tuple(Point(x=first + day, y=3.0, lower=2.0, upper=5.0) for day in (0, 31, 59))
    bars = Series(label="", points=points, mark="column")
    dots = Series(label="Dots", points=points, mark="dot", style=2)
    panels = (Panel(title="One", series=(bars,)), Panel(title="Two", series=(dots,)))
    return LineChart(panels=panels, unit="count", x_kind=kind, y_title="", x_title="")


def rows_chart() -> RowChart:
    rows = (
        Row(label="Dot", value=0.5, lower=0.4, upper=0.6, note="50%"),
        Row(label="Bar", value=0.2, lower=0.1, upper=0.3, mark="bar"),
        Row(label="Ring", value=-0.1, mark="ring"),
        Row(label="None", value=None, note="too little data"),
    )
    groups = (RowGroup(title="First", rows=rows), RowGroup(title="Second", rows=rows[:1]))
    return RowChart(groups=groups, unit="share", x_title="x")


@pytest.mark.parametrize("chart", [lines_chart(), columns_chart(), rows_chart()], ids=["lines", "columns", "rows"])
@pytest.mark.parametrize("width", [340, 720])
def test_every_shape_is_a_valid_vega_lite_specification(chart: Chart, width: int):
    drawing = over_time(chart, width) if isinstance(chart, LineChart) else rows_on_a_scale(chart, width)
    assert drawing.chart.to_dict(validate=True)["$schema"].split("/v")[-1].startswith(f"{VEGA_LITE}.")


@pytest.mark.parametrize("width", [340, 720])
def test_lines_are_labelled_directly_banded_and_dashed_and_labels_do_not_overlap(width: int):
    root = svg(lines_chart(), width)
    assert [band.get("fill") for band in marks(root, "band")] == ["var(--accent-soft)", "var(--second-soft)"]
    assert [line.get("stroke-dasharray") for line in marks(root, "line")] == [None, "6,4"]
    heights = [at for _, at in texts(root, "halo").values()]
    assert abs(heights[0] - heights[1]) >= 15
    assert [mark.tag for mark in marks(root, "rule")] == ["line", "text"]


def test_a_step_holds_its_value_until_the_next_day():
    points = (Point(x=0, y=1.0), Point(x=10, y=0.5))
    chart = LineChart(
        panels=(Panel(title="", series=(Series(label="S", points=points, is_step=True),)),),
        unit="share",
        x_kind="day",
        y_title="y",
        x_title="x",
        y_maximum=1.0,
    )
    course = marks(svg(chart), "line")[0].get("d", "")
    corners = [tuple(float(part) for part in pair.split(",")) for pair in re.split("[ML]", course)[1:]]
    assert len(corners) == 3
    assert corners[1] == (corners[2][0], corners[0][1])


def test_columns_begin_at_zero_dots_have_whiskers_and_months_are_written_as_months():
    root = svg(columns_chart())
    assert len(marks(root, "column")) == 3
    assert len(marks(root, "dot")) == 3
    assert len(marks(root, "whisker")) == 6
    labels = [text.text for text in marks(root, "label")]
    assert labels.count("2026-02") == 2
    bottoms = {round(float(value), 1) for bar in marks(root, "column") for value in re.findall(r"v(-?[\d.]+)", bar.get("d", ""))}
    assert len(bottoms) <= 2, "equal values are equally high"


def test_what_is_counted_has_whole_numbers_on_its_axis():
    rows = tuple(Row(label=f"{n}", value=n, mark="bar") for n in (0, 1, 2))
    root = svg(RowChart(groups=(RowGroup(title="", rows=rows),), unit="count", x_title=""))
    assert list(texts(root, "label")) == ["0", "1", "2"]


@pytest.mark.parametrize("width", [340, 720])
def test_rows_draw_whiskers_marks_and_a_note_where_there_is_no_number(width: int):
    root = svg(rows_chart(), width)
    assert len(marks(root, "whisker")) == 3 * 3
    assert [len(marks(root, role)) for role in ("dot", "bar", "ring")] == [2, 1, 1]
    assert "too little data" in texts(root, "halo")
    assert {"First", "Second"} <= set(texts(root, "halo"))


def test_a_whisker_stands_where_its_bounds_are_on_the_axis():
    rows = (Row(label="R", value=0.5, lower=0.0, upper=1.0),)
    root = svg(RowChart(groups=(RowGroup(title="", rows=rows),), unit="share", x_title="", maximum=1.0))
    ticks = texts(root, "label")
    reach = next(mark for mark in marks(root, "whisker") if mark.tag == "line")
    ends = place(reach)[0], place(reach)[0] + float(reach.get("x2", "0"))
    assert sorted(ends) == pytest.approx([ticks["0%"][0], ticks["100%"][0]], abs=0.6)


@pytest.mark.parametrize("chart", [lines_chart(), columns_chart(), rows_chart()], ids=["lines", "columns", "rows"])
@pytest.mark.parametrize("width", [340, 720])
def test_a_drawing_is_the_same_twice_and_holds_neither_style_nor_colour_of_its_own(chart: Chart, width: int):
    drawn = draw(chart, chart_id="c", title="t", description="d", width=width)
    assert drawn == draw(chart, chart_id="c", title="t", description="d", width=width)
    assert not re.search(r'style=|<style|<script|url\(|href|font-family|="#|aria-label=|nan', drawn.lower())
    colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', drawn))
    assert all(colour in {"none", "transparent"} or colour.startswith("var(--") for colour in colours), colours
    assert re.findall(r' id="([^"]+)"', drawn) == ["c-title", "c-desc"]


def test_every_colour_of_a_drawing_is_a_variable_of_the_page():
    style = files("orchestration.reporting").joinpath("templates", "report.css").read_text(encoding="utf-8")
    drawn = "".join(
        draw(chart, chart_id="c", title="t", description="d", width=720)
        for chart in (lines_chart(), columns_chart(), rows_chart())
    )
    light, dark, paper = (style.split(":root {")[part].split("}")[0] for part in (1, 2, 3))
    used = set(re.findall(r"var\((--[a-z-]+)\)", drawn))
    assert used
    for block in (light, dark, paper):
        assert used <= {name.strip() for name in re.findall(r"(--[a-z-]+):", block)}


def test_a_drawing_has_a_title_and_a_description_and_escapes_them():
    drawn = draw(lines_chart(), chart_id="c", title="<Finding>", description="a & b", width=720)
    root = fromstring(drawn)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "c-title c-desc"
    assert root.findtext("title") == "<Finding>"
    assert "<Finding>" not in drawn


def test_a_figure_has_either_a_chart_or_a_sentence():
    table = Table(table_id="t", caption="c", columns=(), rows=(), empty="e")
    words = dict.fromkeys(("figure_id", "topic", "title", "subtitle", "definition", "n", "interval", "source", "query"), "x")
    with pytest.raises(ValueError, match="needs a chart or a sentence"):
        Figure(**words, chart=None, thin=None, table=table)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (formats.number(1234567.0), "1,234,567"),
        (formats.number(0.8), "0.80"),
        (formats.number(2.44), "2.4"),
        (formats.number(0.000421), "0.00042"),
        (formats.number(12.6), "13"),
        (formats.number(None), formats.MISSING),
        (formats.share(0.00042), "0.042%"),
        (formats.share(0.29), "29%"),
        (formats.share(1.0), "100%"),
        (formats.days(1), "1 day"),
        (formats.interval(1.25, 4.0, "days"), "1.2 to 4 days"),
        (formats.name("api"), "API"),
        (formats.name("coding_agent"), "Coding agent"),
        (formats.listed(["a", "b", "c"]), "a, b and c"),
        (formats.listed([]), ""),
        (formats.plural(1, "lead"), "1 lead"),
        (formats.plural(1200, "lead"), "1,200 leads"),
    ],
)
def test_numbers_and_names_are_written_one_way(written: str, expected: str):
    assert written == expected
