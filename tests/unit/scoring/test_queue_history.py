"""The queue over several nights: what waits, what returns, what a decision ends, and what a fold may not hide."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.scoring.settings import QueueSettings
from tests.unit.scoring.rows import DAY, NO_AUDIT, Nights, subject


def _review(lead_id: str, subject_id: str, opened: int, decided: int | None) -> dict[str, Any]:
    """A review of an account's lead; days count from DAY."""
    at = datetime.combine(DAY, datetime.min.time()) + timedelta(hours=9)
    return {
        "review_id": f"r_{lead_id}", "lead_id": lead_id, "subject_type": "account", "subject_id": subject_id,
        "opened_at": at + timedelta(days=opened), "decided_at": None if decided is None else at + timedelta(days=decided),
        "verdict": None if decided is None else "benign",
    }  # fmt: skip


def _external(external_lead_id: str, subject_id: str | None) -> dict[str, Any]:
    return {
        "external_lead_id": external_lead_id, "received_at": datetime(2026, 3, 1), "origin": "partner", "priority": "high",
        "subject_type": subject_id and "account", "subject_id": subject_id,
    }  # fmt: skip


def test_a_lead_that_new_evidence_brought_back_waits_until_it_is_decided() -> None:
    nights = Nights()
    first = nights.run(0, [subject("a", 0.9)])["a"]
    reviews = [_review(first["lead_id"], "a", 1, 1)]
    assert nights.run(1, [subject("a", 0.9)], reviews) == {}
    again = nights.run(2, [subject("a", 0.9, signature="x y")], reviews)["a"]
    waiting = nights.run(3, [subject("a", 0.9, signature="x y")], reviews)["a"]
    assert waiting["lead_id"] == again["lead_id"] != first["lead_id"]
    reviews.append(_review(again["lead_id"], "a", 4, 4))
    assert nights.run(4, [subject("a", 0.9, signature="x y")], reviews) == {}


def test_a_lead_under_review_keeps_its_id_when_a_heavier_one_takes_its_place() -> None:
    nights = Nights(NO_AUDIT.model_copy(update={"budget": 1}))
    first = nights.run(0, [subject("a", 0.9)])["a"]
    open_review = [_review(first["lead_id"], "a", 1, None)]
    assert set(nights.run(1, [subject("a", 0.9), subject("b", 0.9, harm=1e6)], open_review)) == {"b"}
    back = nights.run(2, [subject("a", 0.9)], open_review)["a"]
    assert (back["lead_id"], back["first_queued_on"]) == (first["lead_id"], DAY)


def test_a_lead_not_under_review_begins_anew_when_it_returns() -> None:
    nights = Nights(NO_AUDIT.model_copy(update={"budget": 1}))
    first = nights.run(0, [subject("a", 0.9)])["a"]
    nights.run(1, [subject("a", 0.9), subject("b", 0.9, harm=1e6)])
    assert nights.run(2, [subject("a", 0.9)])["a"]["lead_id"] != first["lead_id"]


def test_an_external_lead_without_a_subject_ends_with_a_verdict_on_its_lead() -> None:
    nights = Nights()
    quiet, outside = [subject("a", 0.1)], [_external("e1", None)]
    lead = nights.run(0, quiet, external=outside)["e1"]
    assert nights.run(1, quiet, external=outside)["e1"]["lead_id"] == lead["lead_id"]
    # the reviewer found out which account it was; the verdict names that account and the lead
    reviews = [_review(lead["lead_id"], "found", 2, 2)]
    assert nights.run(2, quiet, reviews, outside) == {}
    assert nights.run(60, quiet, reviews, outside) == {}, "also when the queue of that time is out of sight"


def test_a_verdict_on_an_external_lead_cools_its_subject_down() -> None:
    nights = Nights()
    lead = nights.run(0, [subject("a", 0.4)], external=[_external("e1", "a")])["a"]
    assert lead["selection"] == "external"
    reviews = [_review(lead["lead_id"], "a", 1, 1)]
    assert nights.run(1, [subject("a", 0.6)], reviews, [_external("e1", "a")]) == {}
    assert set(nights.run(2, [subject("a", 0.6, signature="x y")], reviews, [_external("e1", "a")])) == {"a"}


def test_a_flagged_member_of_an_unflagged_actor_keeps_its_own_lead() -> None:
    actor = subject("x", 0.2, subject_type="actor")
    held = {"m1": "x", "m2": "x"}
    assert set(Nights().run(0, [subject("m1", 0.97), subject("m2", 0.3), actor], members=held)) == {"m1"}
    flagged = actor | {"score": 0.8}
    assert set(Nights().run(0, [subject("m1", 0.97), subject("m2", 0.3), flagged], members=held)) == {"x"}
    assert set(Nights().run(0, [subject("m1", 0.97)], members=held)) == {"m1"}, "an actor without a score hides nobody"


def test_an_audit_draw_of_an_old_lead_has_its_whole_time_and_its_place() -> None:
    nights = Nights(NO_AUDIT)
    subjects = [subject("a", 0.9), subject("b", 0.9, harm=10.0)]
    nights.run(0, subjects)
    nights.run(9, subjects)
    nights.settings = QueueSettings(audit_flagged_count=2, audit_flagged_share=1.0, audit_unflagged_count=0)
    drawn = nights.run(10, subjects)
    assert {row["selection"] for row in drawn.values()} == {"audit_flagged"}
    nights.settings = NO_AUDIT
    waiting = nights.run(11, subjects)
    assert {name: row["selection"] for name, row in waiting.items()} == {"a": "audit_flagged", "b": "audit_flagged"}
    assert [waiting[name]["priority"] for name in ("a", "b")] == [1, 2]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.floats(0.5, 1), min_size=8, max_size=8), min_size=1, max_size=5), st.integers(0, 6))
def test_budget_holds_and_ids_last_over_nights(scores: list[list[float]], budget: int) -> None:
    nights = Nights(NO_AUDIT.model_copy(update={"budget": budget}))
    before: dict[str, dict[str, Any]] = {}
    for offset, tonight in enumerate(scores):
        queue = nights.run(offset, [subject(f"s{number}", score) for number, score in enumerate(tonight)])
        assert len(queue) == min(budget, 8)
        assert sorted(row["priority"] for row in queue.values()) == list(range(1, len(queue) + 1))
        for name in queue.keys() & before.keys():
            assert queue[name]["lead_id"] == before[name]["lead_id"]
        before = queue


def test_a_verdict_given_before_the_subject_was_found_ends_an_external_lead() -> None:
    nights = Nights()
    quiet = [subject("a", 0.1)]
    lead = nights.run(0, quiet, external=[_external("e1", None)])["e1"]
    assert set(nights.run(1, quiet, external=[_external("e1", "a")])) == {"a"}, "the indicator has found one account"
    reviews = [_review(lead["lead_id"], "other", 1, 1)]
    assert nights.run(2, quiet, reviews, [_external("e1", "a")]) == {}
