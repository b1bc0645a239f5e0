"""What a package finds: about the handling of a case, its precedents, who is behind it, and the effect."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from orchestration.packaging.answers import Answers, ProposedAction
from orchestration.packaging.attribution import attribution_sentence
from orchestration.packaging.choosing import choose
from orchestration.packaging.effect import effect_note
from orchestration.packaging.factors import sheet
from orchestration.packaging.facts import Facts, read_facts
from orchestration.packaging.freezing import freeze
from orchestration.packaging.identity import identify
from orchestration.packaging.precedents import departures, precedents_of
from orchestration.packaging.process import irregularities
from orchestration.packaging.summaries import clause, paths, rubric
from orchestration.settings import PROJECT_ROOT

from .conftest import Change, changed
from .releases import ACTOR, CASE, RECORD, Rows, action, case, review, write_home

NOBODY = Answers(
    case_id=CASE, evidence_release="", record_release="", answered_by="lead", answered_on=date(2026, 4, 8), answers={}
)


def _ids(facts: Facts, answers: Answers = NOBODY) -> set[str]:
    return {found.finding_id for found in irregularities(facts, answers)}


def _act(**changes: Any) -> Change:
    return lambda _, record: record["actions"].append(action("act_9", changes.pop("account_id", "acct_a"), **changes))


def _own_appeal(_: Rows, record: Rows) -> None:
    record["appeals"] = [{"appeal_id": "apl_1", "case_id": CASE, "is_independent": False}]


def test_a_case_in_order_has_no_finding(facts_after: Callable[..., Facts]) -> None:
    assert _ids(facts_after()) == set()


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (lambda _, record: record["reviews"].clear(), "no_prior_verdict"),
        (lambda _, record: record["reviews"][0].update(decided_at=datetime(2026, 3, 31)), "no_prior_verdict"),
        (lambda _, record: record["reviews"][0].update(verdict="benign"), "no_prior_verdict"),
        (_act(escalation_path="automated"), "automated"),
        (_act(account_id="acct_c"), "held_member"),
        (_act(account_id="acct_z"), "not_a_member"),
        (_act(release_id="2026-04-01-cccccccccccc"), "other_release"),
        (_act(notice_sent_at=datetime(2026, 3, 30, 15)), "no_notice"),
        (_act(notice_sent_at=None), "no_notice"),
        (_act(policy_version=None), "incomplete_record"),
        (lambda _, record: record["cases"][0].update(strength_grade="D"), "weakest_grade"),
        (lambda evidence, _: evidence["scores"][0].update(reasons="[]"), "no_evidence"),
        (_own_appeal, "appeal_not_independent"),
    ],
)
def test_what_was_irregular_is_found(facts_after: Callable[..., Facts], change: Change, finding: str) -> None:
    assert _ids(facts_after(change)) == {finding}


def _with_precedent(*, overturned: bool, here: str = "termination", rank: int = 5) -> Change:
    def change(_: Rows, record: Rows) -> None:
        record["cases"][0]["precedent_case_ids"] = "case_p"
        record["cases"].append(
            case("case_p", has_overturned_action=overturned, outcome="overturned" if overturned else "suspension")
        )
        record["actions"] = [
            action("act_1", "acct_a", action_type=here, severity_rank=rank),
            action("act_p", "acct_p", case_id="case_p", is_overturned=overturned),
            action("act_w", "acct_w", case_id="case_x", action_type="warning", severity_rank=1),
        ]

    return change


def test_a_more_severe_action_departs_from_precedent(facts_after: Callable[..., Facts]) -> None:
    facts = facts_after(_with_precedent(overturned=False))
    found = departures(facts, NOBODY)
    assert [(d.surface, d.action_type, d.says) for d in found] == [
        ("api", "termination", "more severe than in the one that stands")
    ]
    assert "departs_from_precedents" in _ids(facts)


def test_the_same_action_does_not(facts_after: Callable[..., Facts]) -> None:
    facts = facts_after(_with_precedent(overturned=False, here="suspension", rank=4))
    assert departures(facts, NOBODY) == ()


def test_an_overturned_precedent_is_shown_and_supports_nothing(facts_after: Callable[..., Facts]) -> None:
    facts = facts_after(_with_precedent(overturned=True, here="suspension", rank=4))
    (precedent,) = precedents_of(facts)
    assert (precedent.standing, precedent.overturned) == ((), ("suspension on api (1 accounts)",))
    assert not precedent.supports
    assert departures(facts, NOBODY) == ()
    assert "overturned_precedent" in _ids(facts)


def test_a_proposed_action_is_compared_before_it_is_taken(facts_after: Callable[..., Facts]) -> None:
    facts = facts_after(_with_precedent(overturned=False, here="suspension", rank=4))
    proposed = NOBODY.model_copy(
        update={"proposed_actions": (ProposedAction(surface="api", action_type="warning", reason="first time"),)}
    )
    assert [(d.tense, d.says) for d in departures(facts, proposed)] == [("proposed", "milder than in the one that stands")]


@pytest.mark.parametrize(
    ("sources", "is_current", "says"),
    [
        (2, True, "A person attributes the actor in statement ref_1"),
        (1, True, "Unattributed. Statement ref_1 rests on 1"),
        (5, False, "Unattributed. No"),
    ],
)
def test_attribution_is_a_persons_with_two_sources(
    facts_after: Callable[..., Facts], sources: int, is_current: bool, says: str
) -> None:
    stated = {"stated_at": datetime(2026, 4, 1), "statement_ref": "ref_1", "confidence": 0.9, "version": 1}
    row = {"attribution_id": "atr", "actor_id": ACTOR, "source_count": sources, "is_current": is_current, **stated}
    assert attribution_sentence(facts_after(lambda _, record: record.update(attributions=[row]))).startswith(says)


def test_the_effect_note_waits_for_90_days(facts_after: Callable[..., Facts]) -> None:
    note = effect_note(facts_after())
    assert (note.effective_on, note.due_on, note.effect) == (date(2026, 3, 30), date(2026, 6, 28), None)


def test_after_90_days_the_effect_note_has_numbers(tmp_path: Path) -> None:
    published = write_home(tmp_path, *changed(None), now=date(2026, 6, 28))
    chosen = choose(published, CASE)
    freeze(chosen, tmp_path / "content")
    note = effect_note(read_facts(tmp_path / "content", identify(chosen, ())))
    assert note.effect is not None
    # three accounts of ten requests a day on each of the 28 days before the effect, and none in the last 28 of the note
    assert (note.effect.requests_before, note.effect.requests_after) == (30, 0)


def test_the_clause_is_the_version_in_force_at_the_decision(facts_after: Callable[..., Facts]) -> None:
    found = clause(facts_after())
    assert found is not None
    assert found["clause_version"] == 2


def test_the_framework_says_which_channels_are_asked_for(facts_after: Callable[..., Facts]) -> None:
    def change(_: Rows, record: Rows) -> None:
        path = {"framework_version": 1, "clause_kind": "terms", "minimum_grade": "B", "minimum_account_count": 3, "due_days": 5}
        record["escalation_paths"] = [
            path | {"path_id": "p1", "channel": "legal"},
            path | {"path_id": "p2", "channel": "policy", "minimum_grade": "A"},
            path | {"path_id": "p3", "channel": "executive", "minimum_account_count": 4},
            path | {"path_id": "p4", "channel": "policy", "clause_kind": "fraud"},
            path | {"path_id": "p5", "channel": "policy", "framework_version": 2},
            path | {"path_id": "p6", "channel": "partner"},
        ]
        record["escalations"] = [{"escalation_id": "esc_1", "case_id": CASE, "channel": "legal"}]

    assert [(p["path_id"], p["is_used"]) for p in paths(facts_after(change))] == [("p1", True), ("p6", False)]


def test_an_assessment_stands_beside_what_its_grade_means(facts_after: Callable[..., Facts]) -> None:
    def change(_: Rows, record: Rows) -> None:
        line = {"rubric_line": "exclusions", "grade_1": "not checked"}
        record["rubric_lines"] = [
            line | {"rubric_version": 1, "question": "old"},
            line | {"rubric_version": 2, "question": "Were they checked?"},
            line | {"rubric_version": 3, "question": "from next year", "valid_from": date(2027, 1, 1)},
        ]
        record["assessments"] = [{"assessment_id": "asm_1", "case_id": CASE, "rubric_line": "exclusions", "grade": 1}]

    (row,) = rubric(facts_after(change))
    assert (row["question"], row["means"]) == ("Were they checked?", "not checked")


def test_a_table_an_older_release_lacks_is_named_and_empty(tmp_path: Path) -> None:
    published = write_home(tmp_path, *changed(None))
    with duckdb.connect(str(published / RECORD / "marts.duckdb")) as connection:
        connection.execute("drop table rubric_lines")
    absent = freeze(choose(published, CASE), tmp_path / "content")
    assert absent == ("rubric_lines",)
    assert pq.read_table(tmp_path / "content/rows/rubric_lines.parquet").num_rows == 0


def test_every_signal_family_has_its_place_on_the_factor_sheet() -> None:
    lines = (PROJECT_ROOT / "seeds/signals/signal_families.csv").read_text(encoding="utf-8").splitlines()[1:]
    placed = [family for factor in sheet().factors for family in factor.families] + list(sheet().outside)
    assert sorted(placed) == sorted(line.split(",")[0] for line in lines)


def test_a_verdict_after_a_second_look_still_counts(facts_after: Callable[..., Facts]) -> None:
    facts = facts_after(lambda _, record: record["reviews"].append(review(review_id="rev_2", verdict="benign", role="benign")))
    assert "no_prior_verdict" not in _ids(facts)
