"""Scales, formats and what the drawings hold."""

from xml.etree.ElementTree import fromstring

import pytest

from orchestration.reporting import formats
from orchestration.reporting.charts import draw
from orchestration.reporting.charts.scale import day_ticks, linear, nice_ticks
from orchestration.reporting.charts.shapes import Chart, LineChart, Panel, Point, Row, RowChart, RowGroup, Rule, Series
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.tables import Table


@pytest.mark.parametrize(
    ("maximum", "target", "expected"),
    [
        (1.0, 4, [0, 0.5, 1.0]),
        (17.6, 5, [0, 5, 10, 15, 20]),
        (0.0, 4, [0, 0.5, 1.0]),
        (640, 4, [0, 200, 400, 600, 800]),
    ],
)
def test_ticks_are_round_start_at_zero_and_cover_the_maximum(maximum: float, target: int, expected: list[float]):
    assert nice_ticks(maximum, target) == pytest.approx(expected)


def test_day_ticks_are_weeks_around_the_anchor():
    assert day_ticks(-28, 28, 5, 0) == [-28, -14, 0, 14, 28]
    assert day_ticks(0, 3, 5, 0) == [0, 1, 2, 3]


def test_a_scale_without_width_does_not_divide_by_zero():
    assert linear((3, 3), (10, 20))(3) == 10


def svg(chart: Chart, width: int = 720):
    return fromstring(draw(chart, chart_id="c", title="<Finding> & more", description="What", width=width))


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


@pytest.mark.parametrize("width", [340, 720])
def test_lines_are_labelled_directly_banded_and_dashed_and_labels_do_not_overlap(width: int):
    root = svg(lines_chart(), width)
    assert len(root.findall("polygon")) == 2
    assert [line.get("class") for line in root.findall("polyline")] == ["line style-1", "line style-2 dashed"]
    heights = [float(text.get("y", "")) for text in root.findall("text") if "label" in text.get("class", "")]
    assert abs(heights[0] - heights[1]) >= 15
    assert [line.get("class") for line in root.findall("line")].count("rule") == 1


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
    line = svg(chart).find("polyline")
    assert line is not None
    corners = [tuple(float(part) for part in pair.split(",")) for pair in line.get("points", "").split()]
    assert len(corners) == 3
    assert corners[1] == (corners[2][0], corners[0][1])


@pytest.mark.parametrize("width", [340, 720])
def test_rows_draw_whiskers_marks_and_a_note_where_there_is_no_number(width: int):
    rows = (
        Row(label="Dot", value=0.5, lower=0.4, upper=0.6),
        Row(label="Bar", value=0.2, lower=0.1, upper=0.3, mark="bar"),
        Row(label="None", value=None, note="too little data"),
    )
    root = svg(RowChart(groups=(RowGroup(title="", rows=rows),), unit="share", x_title="x", maximum=1.0), width)
    assert [line.get("class") for line in root.findall("line")].count("whisker") == 6
    assert [mark.get("class") for mark in root.findall("circle")] == ["dot"]
    assert [bar.get("class") for bar in root.findall("rect")] == ["bar"]
    assert "too little data" in [text.text for text in root.findall("text")]


def test_a_whisker_stands_where_its_bounds_are_on_the_axis():
    rows = (Row(label="R", value=0.5, lower=0.0, upper=1.0),)
    root = svg(RowChart(groups=(RowGroup(title="", rows=rows),), unit="share", x_title="", maximum=1.0))
    ticks = {text.text: float(text.get("x", "")) for text in root.findall("text") if text.get("class") == "tick" and text.text}
    whisker = next(line for line in root.findall("line") if line.get("class") == "whisker")
    assert float(whisker.get("x1", "")) == pytest.approx(ticks["0%"], abs=0.2)
    assert float(whisker.get("x2", "")) == pytest.approx(ticks["100%"], abs=0.2)


def test_a_drawing_has_a_title_and_a_description_and_escapes_them():
    drawn = draw(lines_chart(), chart_id="c", title="<Finding>", description="a & b", width=720)
    root = fromstring(drawn)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "c-title c-desc"
    assert root.findtext("title") == "<Finding>"
    assert "<Finding>" not in drawn


def test_a_figure_has_either_a_chart_or_a_sentence():
    table = Table(table_id="t", caption="c", columns=(), rows=(), empty="e")
    words = dict.fromkeys(("figure_id", "topic", "title", "subtitle", "definition", "n", "interval", "source"), "x")
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
