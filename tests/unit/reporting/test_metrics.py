"""Rows of the metric table: slices, immature rows, periods, units and words."""

from typing import Any

import pytest

from orchestration.reporting.figures.rates import precision_row, prevalence_rows, rates_figure
from orchestration.reporting.figures.returns import returns_figure
from orchestration.reporting.figures.times import times_figure
from orchestration.reporting.metric_words import all_words, order_of, words_for
from orchestration.reporting.metrics import Metric, curve, latest, overall


def metric(name: str, value: float | None = 0.5, **changes: Any) -> Metric:
    row = {"metric": name, "period": "all", "slice": "", "value": value, "lower": 0.25, "upper": 0.75, "n": 40}
    return Metric.of(row | {"method": "Wilson", "immature": False} | changes)


def test_an_immature_row_keeps_no_number():
    row = metric("audited_precision", 0.9, immature=True)
    assert (row.value, row.lower, row.upper) == (None, None, None)
    assert row.value_text == "too little data"
    assert precision_row((row,)) is None


@pytest.mark.parametrize("separator", [",", "; ", "|"])
def test_a_slice_is_pairs_in_any_of_three_separators(separator: str):
    text = f"surface=api{separator}month=2026-11"
    assert metric("x", slice=text).parts == (("surface", "api"), ("month", "2026-11"))
    assert metric("x", slice=text).slice_text == "surface API, month 2026-11"


@pytest.mark.parametrize("text", ["", "all", None])
def test_the_whole_has_no_parts(text: str | None):
    assert metric("x", slice=text).parts == ()


def test_the_latest_period_is_all_or_else_the_last():
    rows = [metric("x", period="2026-10"), metric("x", period="2026-11")]
    assert [row.period for row in latest(rows)] == ["2026-11"]
    assert [row.period for row in latest([*rows, metric("x")])] == ["all"]
    assert overall(tuple(rows), "x") == rows[1]


def test_a_curve_is_the_days_of_one_period_in_order_and_nothing_else():
    rows = (
        metric("return_survival", 0.8, slice="day=28"),
        metric("return_survival", 0.9, slice="day=7"),
        metric("return_survival", 0.1, slice="day=7", period="2026-10"),
        metric("return_survival", 0.2, slice="day=7,surface=api"),
    )
    assert [(day, row.value) for day, row in curve(rows, "return_survival")] == [(7, 0.9), (28, 0.8)]
    assert returns_figure(rows).title.startswith("Within 28 days an estimated 20% of enforced actors had come back")


@pytest.mark.parametrize(
    ("name", "text"),
    [("time_to_review_median", ""), ("time_to_review_median_days", ""), ("time_to_review", "statistic=median")],
)
def test_a_time_metric_may_name_its_statistic_in_either_place(name: str, text: str):
    assert metric(name, slice=text).time_stage == ("review", "median")


def test_times_in_hours_become_days_and_a_sliced_time_is_no_headline():
    row = metric("time_to_act_median_hours", 48.0, lower=24.0, upper=72.0)
    assert row.in_days == (2.0, 1.0, 3.0)
    assert times_figure((row,)).title == "The median case took 2 days to decide"
    assert metric("time_to_act_median", slice="surface=api").time_stage is None


def test_words_are_those_of_the_longest_entry_and_unknown_metrics_come_last():
    assert words_for("displacement_share_28d").metric == "displacement_share"
    assert words_for("leakage_output_tokens").label == "Leakage, output tokens"
    assert words_for("never_heard_of").label == "Never heard of"
    assert order_of("never_heard_of") > order_of(all_words()[-1].metric)


def test_rates_draw_immature_ones_without_a_mark_and_leave_out_curves():
    drawn = rates_figure(
        (metric("audited_precision", immature=True), metric("overturn_rate"), metric("return_survival", slice="day=7"))
    )
    assert drawn.chart is not None
    assert [row.value for group in drawn.chart.groups for row in group.rows] == [None, 0.5]
    assert len(drawn.table.rows) == 2
    assert rates_figure((metric("audited_precision", immature=True),)).thin == "Not drawn: no rate has enough data."


def test_a_metric_that_exists_by_window_only_is_taken_at_28_days_and_says_so():
    rows = (metric("reentry_rate", 0.1, slice="days=7"), metric("reentry_rate", 0.2, slice="days=28"))
    found = overall(rows, "reentry_rate")
    assert found is rows[1]
    assert found.headline == "Re-entry rate, 28 days"


def test_the_placebo_curve_is_drawn_dashed_beside_the_enforced_one():
    rows = [metric("return_survival", 1 - day / 100, slice=f"day={day}") for day in (0, 7, 28)]
    rows += [metric("placebo_survival", 1 - day / 1000, slice=f"day={day}") for day in (7, 28)]
    drawn = returns_figure(tuple(rows))
    assert drawn.chart is not None
    assert [(one.label, one.is_dashed) for one in drawn.chart.panels[0].series] == [
        ("Enforced", False),
        ("Matched, never enforced", True),
    ]
    assert drawn.chart.panels[0].series[1].points[0].y == 1.0
    assert len(drawn.table.rows) == 5


def test_prevalence_is_quoted_for_the_population_only():
    rows = (metric("prevalence", 0.01, slice="of=accounts"), metric("prevalence", 0.5, slice="country=XX"))
    assert prevalence_rows(rows) == [rows[0]]
