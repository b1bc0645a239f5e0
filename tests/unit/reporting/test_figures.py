"""The findings of the other figures, the queue and the three sentences on top."""

import json
from pathlib import Path

import pytest

from orchestration.reporting.figures.consistency import consistency_figure
from orchestration.reporting.figures.findings import findings_table
from orchestration.reporting.figures.leads import against_lines, read_leads
from orchestration.reporting.figures.outliers import outliers_table
from orchestration.reporting.figures.recommendations import read_recommendations
from orchestration.reporting.figures.signals import signals_figure
from orchestration.reporting.figures.traffic import traffic_figure
from orchestration.reporting.formats import MISSING
from orchestration.reporting.metrics import read_metrics
from orchestration.reporting.page import build_page
from orchestration.reporting.release import open_release
from orchestration.reporting.settings import ReportSettings

from .release_fixture import AS_OF, rich_release, rich_rows, write_release

SETTINGS = ReportSettings()


def test_the_three_sentences_answer_with_numbers_from_the_release(rich: Path):
    with open_release(rich) as release:
        said = [sentence for _, sentence in build_page(release, read_metrics(release), read_leads(release)[1], SETTINGS).answers]
    assert said[0].startswith("Requests from 14 enforced actors fell by 96% after action (95% interval 93% to 99%)")
    assert "within 27 days an estimated 21% of enforced actors had come back" in said[0]
    assert "Audited precision is 82% (95% interval 71% to 90%, n = 64)" in said[1]
    assert "an estimated 0.042% of accounts" in said[1]
    assert "not calibrated (expert prior)" in said[1]
    assert said[2].startswith("120 leads to review (28 of them past due, the next due 2026-11-25 17:00), 2 recommended changes")
    assert "1 leakage measure above zero and 1 failed gate (scores <sum>)" in said[2]


def test_one_case_is_one_decision_however_many_accounts_it_reached(tmp_path: Path):
    actions = [(f"a{n}", "case_1", f"acct_{n}", None, "suspension", "api", AS_OF, AS_OF, None, False) for n in range(20)]
    actions += [(f"b{n}", f"case_b{n}", f"acct_{n}", None, "warning", "api", AS_OF, AS_OF, None, False) for n in range(5)]
    with open_release(write_release(tmp_path / "release", {"actions": actions})) as release:
        drawn = consistency_figure(release, SETTINGS)
    assert drawn.title == "On API the most frequent decision is warning"
    assert [row[2].key for row in drawn.table.rows] == [1, 5]
    assert drawn.chart is not None
    # Wilson interval of 5 of 6.
    assert drawn.chart.groups[0].rows[0].lower == pytest.approx(0.4365, abs=1e-4)


def test_a_tie_between_kinds_of_action_is_said(rich: Path):
    with open_release(rich) as release:
        title = consistency_figure(release, SETTINGS).title
    assert "suspension or termination on API" in title
    assert "warning on Partner cloud" in title


def test_a_signal_with_few_reviews_is_listed_without_a_number_and_groups_are_left_out(rich: Path):
    with open_release(rich) as release:
        drawn = signals_figure(release, SETTINGS)
    assert drawn.chart is not None
    labels = [row.label for row in drawn.chart.groups[0].rows]
    assert len(labels) == 10
    assert "sampling logprobs" not in labels
    few = next(row for row in drawn.table.rows if row[0].text == "sig_sampling_logprobs")
    assert (few[5].text, few[5].key, few[6].text, few[7].text) == ("too little data", None, MISSING, "too little data")
    assert len(drawn.table.rows) == 12


def test_a_signal_against_abuse_is_not_judged_by_its_precision(rich: Path):
    with open_release(rich) as release:
        drawn = signals_figure(release, SETTINGS)
    assert drawn.chart is not None
    labels = [row.label for row in drawn.chart.groups[0].rows]
    assert "Volume above peers" in labels
    assert "Contracted use" not in labels
    assert next(row[1].text for row in drawn.table.rows if row[0].text == "sig_mitigating_contract") == "against abuse"


def test_open_recommendations_come_first_and_are_counted(rich: Path):
    with open_release(rich) as release:
        table, open_count = read_recommendations(release)
    assert open_count == 2
    assert [row[6].text for row in table.rows] == ["open", "open", "adopted", "adopted"]
    by_group = {row[2].text: [cell.text for cell in row[7:]] for row in table.rows[2:]}
    decision = f"{AS_OF}; head of detection; in signal version 2; as the verdicts say"
    assert by_group["tier free"] == [decision, "Precision", "20% (10% to 40%; n = 50)", "60% (40% to 80%; n = 30)"]
    assert by_group["all"] == [decision, "Precision", "20% (10% to 40%; n = 50)", "too little data (n = 7)"]
    assert table.rows[0][7].text == table.rows[0][10].text == MISSING


def test_days_without_requests_are_drawn_as_zero(tmp_path: Path):
    days = [("a", AS_OF.replace(day=day), "api", "", 7, 6, 0) for day in (20, 22)]
    with open_release(write_release(tmp_path / "release", {"account_days": days})) as release:
        drawn = traffic_figure(release, SETTINGS)
    assert drawn.chart is not None
    assert [point.y for point in drawn.chart.panels[0].series[0].points] == [7, 0, 7]
    assert drawn.title == "14 requests in the last seven days"


def test_the_queue_keeps_priority_order_and_counts_what_is_past_due(rich: Path):
    with open_release(rich) as release:
        table, state = read_leads(release)
    keys = [row[0].key or 0 for row in table.rows]
    assert keys == sorted(keys), "priority 1 is looked at first"
    assert (state.lead_count, state.external_count, state.unscored_count) == (120, 24, 0)


def test_a_lead_without_a_score_stays_in_the_queue_and_says_so(tmp_path: Path):
    rows = rich_rows(3) | {"scores": []}
    with open_release(write_release(tmp_path / "release", rows)) as release:
        table, state = read_leads(release)
    assert state.unscored_count == 3
    assert {row[5].text for row in table.rows} == {"not scored"}


def test_rows_of_another_as_of_date_are_not_tonights(tmp_path: Path):
    release = rich_release(tmp_path / "release", as_of_date="2026-11-25")
    with open_release(release) as opened:
        assert read_leads(opened)[1].lead_count == 0


def test_a_lead_says_what_speaks_most_against_it_or_that_nothing_does():
    reasons = [{"signal_id": f"sig_{n}", "contribution": -n / 10, "text": f"Reason {n}"} for n in range(1, 5)]
    prior = {"signal_id": "prior", "contribution": -6.9, "text": "Before any evidence."}
    speaking = {"signal_id": "sig_volume", "contribution": 2, "text": "A lot."}
    assert against_lines(json.dumps([prior, speaking, *reasons])) == [
        "Against (-0.40): Reason 4.",
        "Against (-0.30): Reason 3.",
        "and 2 more against it",
    ]
    assert against_lines(json.dumps([prior, speaking])) == ["Against: nothing that could be computed."]
    assert against_lines(None) == []


@pytest.mark.parametrize("text", ["not json", "[1, 2]", '{"a": 1}', '[{"contribution": "x"}]'])
def test_unreadable_reasons_are_said_and_not_dropped(text: str):
    assert against_lines(text) == ["The reasons of this score could not be read."]


def test_findings_are_counted_and_a_kind_without_one_says_zero(rich: Path):
    with open_release(rich) as release:
        rows = {row[0].text: row for row in findings_table(release).rows}
    sanctioned = rows["Suspended or terminated before a reviewer found a violation"]
    assert [cell.key for cell in sanctioned[1:3]] == [7, 7]
    assert sanctioned[3].items == ("case_0", "case_1", "case_2", "case_3", "case_4", "and 2 more")
    unknown = rows["Under a clause that the framework does not have"]
    assert ([cell.key for cell in unknown[1:3]], unknown[3].items) == ([1, 0], ())
    assert [cell.key for cell in rows["Other action than nearly all supporting precedents"][1:3]] == [0, 0]


def test_an_outlying_decision_stands_with_its_nearest_precedents(rich: Path):
    with open_release(rich) as release:
        (row,) = outliers_table(release).rows
    assert [cell.text for cell in row[:5]] == ["case_00", "API", "Termination", "10%", "20"]
    assert row[5].items == (
        "Termination in case_before_1, 2026-10-01, distance 0.10",
        "Termination in case_before_2, 2026-10-02, distance 0.20, overturned: supports nothing",
        "Termination in case_before_3, 2026-10-03, distance 0.30",
    )
