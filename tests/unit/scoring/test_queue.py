"""The review queue: budget, folding, cool-down, lasting leads and external leads."""

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from orchestration.scoring.queue import QUEUE_SCHEMA, build_queue, lead_id_of
from orchestration.scoring.settings import QueueSettings
from tests.unit.scoring.rows import DAY, EXTERNAL, NO_AUDIT, REVIEWS, subject


def _queue(
    subjects: list[dict[str, Any]],
    members: dict[str, str] | None = None,
    previous: pl.DataFrame | None = None,
    reviews: list[dict[str, Any]] | None = None,
    external: list[dict[str, Any]] | None = None,
    settings: QueueSettings = NO_AUDIT,
    day: date = DAY,
) -> pl.DataFrame:
    members = members or {}
    queue = build_queue(
        day,
        pl.DataFrame(subjects),
        pl.DataFrame(
            {"account_id": list(members), "actor_id": list(members.values())},
            schema={"account_id": pl.String, "actor_id": pl.String},
        ),
        previous if previous is not None else pl.DataFrame(schema=QUEUE_SCHEMA),
        pl.DataFrame(reviews or [], schema=REVIEWS),
        pl.DataFrame(external or [], schema=EXTERNAL),
        settings,
    )
    assert queue.schema == pl.Schema(QUEUE_SCHEMA)
    return queue


def _verdict(queue: pl.DataFrame, decided_at: datetime) -> dict[str, Any]:
    row = queue.row(0, named=True)
    return {
        "review_id": "r1", "lead_id": row["lead_id"], "subject_type": row["subject_type"], "subject_id": row["subject_id"],
        "opened_at": decided_at, "decided_at": decided_at, "verdict": "benign",
    }  # fmt: skip


def test_budget_goes_to_probability_times_harm() -> None:
    subjects = [subject("low", 0.9, harm=10), subject("high", 0.6, harm=1000), subject("quiet", 0.1, harm=1e9)]
    queue = _queue(subjects, settings=NO_AUDIT.model_copy(update={"budget": 1}))
    assert queue["subject_id"].to_list() == ["high"]
    assert queue["why"].to_list() == ["because of high"]


def test_members_fold_into_their_actor() -> None:
    queue = _queue([subject("m1", 0.99), subject("x", 0.8, "actor")], members={"m1": "x"})
    assert queue["subject_id"].to_list() == ["x"]


def test_lead_lasts_while_queued() -> None:
    first = _queue([subject("a", 0.9)])
    second = _queue([subject("a", 0.9)], previous=first, day=DAY + timedelta(days=1))
    assert second["lead_id"].to_list() == first["lead_id"].to_list() == [lead_id_of("account", "a", DAY)]
    assert second["first_queued_on"].to_list() == [DAY]


def test_decided_subject_cools_down_and_new_evidence_brings_it_back_as_a_new_lead() -> None:
    first = _queue([subject("a", 0.9)])
    day = DAY + timedelta(days=3)
    reviews = [_verdict(first, datetime(2026, 3, 2, 9))]
    assert _queue([subject("a", 0.9)], previous=first, reviews=reviews, day=day).is_empty()
    again = _queue([subject("a", 0.9, signature="x y")], previous=first, reviews=reviews, day=day)
    assert again["lead_id"].to_list() == [lead_id_of("account", "a", day)]


def test_cooldown_ends() -> None:
    first = _queue([subject("a", 0.9)])
    day = date(2026, 3, 2) + timedelta(days=29)
    later = _queue([subject("a", 0.9)], previous=first, reviews=[_verdict(first, datetime(2026, 3, 2, 9))], day=day)
    assert later.height == 1


def test_external_lead_follows_flagged_ones_and_joins_its_subjects_row() -> None:
    outside = {
        "external_lead_id": "e1",
        "received_at": datetime(2026, 3, 1),
        "origin": "partner",
        "subject_type": "account",
        "subject_id": "a",
        "priority": "high",
    }
    unknown = outside | {"external_lead_id": "e2", "subject_type": None, "subject_id": None}
    queue = _queue([subject("a", 0.9)], external=[outside, unknown])
    assert queue.select("subject_type", "subject_id", "selection", "external_lead_id").rows() == [
        ("account", "a", "score", "e1"),
        ("external", "e2", "external", "e2"),
    ]


def test_audit_draw_waits_until_overdue() -> None:
    settings = QueueSettings(audit_flagged_count=0, audit_unflagged_count=1)
    subjects = [subject(f"s{n}", 0.1) for n in range(30)]
    first = _queue(subjects, settings=settings)
    drawn = first["lead_id"].to_list()
    later = _queue(subjects, previous=first, settings=settings, day=DAY + timedelta(days=2))
    assert set(drawn) < set(later["lead_id"])
    assert later.filter(pl.col("lead_id").is_in(drawn))["selection_probability"].to_list() == [1 / 30]
    overdue = _queue(subjects, previous=first, settings=settings, day=DAY + timedelta(days=9))
    assert overdue.height == 1, "the overdue draw has left: only the night's own draw is there"


def test_order_of_rows_does_not_matter() -> None:
    subjects = [subject(f"s{n:02}", (n % 10) / 10, harm=float(n)) for n in range(60)]
    settings = QueueSettings(budget=10)
    assert _queue(subjects, settings=settings).equals(_queue(subjects[::-1], settings=settings))


def _outside(external_lead_id: str, subject_id: str | None, priority: str | None, **found: object) -> dict[str, object]:
    return {
        "external_lead_id": external_lead_id, "received_at": datetime(2026, 3, 1), "origin": "partner",
        "subject_type": subject_id and "account", "subject_id": subject_id, "priority": priority,
    } | found  # fmt: skip


def test_external_leads_stand_in_the_order_of_their_urgency() -> None:
    leads = [_outside("e1", "a", "low"), _outside("e2", "b", None), _outside("e3", "c", "urgent"), _outside("e4", "a", "high")]
    queue = _queue([subject("z", 0.1)], external=leads)
    assert queue["severity"].to_list() == ["high", "high", "medium"]
    assert set(queue["subject_id"].to_list()[:2]) == {"a", "c"}, "the second word about `a` hastens the first"
    due = dict(queue.select("subject_id", "due_at").iter_rows())
    assert due["a"] == due["c"] < due["b"]


def test_an_urgent_word_hastens_a_lead_by_score_and_never_an_audit_draw() -> None:
    plain = _queue([subject("a", 0.9)]).row(0, named=True)
    urgent = _queue([subject("a", 0.9)], external=[_outside("e1", "a", "urgent")]).row(0, named=True)
    assert (plain["severity"], urgent["severity"]) == ("medium", "high")
    assert urgent["due_at"] < plain["due_at"]
    drawn = QueueSettings(audit_flagged_count=0, audit_unflagged_count=1)
    quiet = _queue([subject("a", 0.1)], settings=drawn).row(0, named=True)
    told = _queue([subject("a", 0.1)], external=[_outside("e1", "a", "urgent")], settings=drawn).row(0, named=True)
    assert told["external_lead_id"] == "e1"
    assert {key: value for key, value in told.items() if key != "external_lead_id"} == {
        key: value for key, value in quiet.items() if key != "external_lead_id"
    }


def test_an_indicator_that_many_hold_is_told_and_names_nobody() -> None:
    shared = _outside("e1", None, "high", indicator_type="email_domain", matched_account_count=12, matched_subject_count=4)
    row = _queue([subject("z", 0.1)], external=[shared]).row(0, named=True)
    assert (row["subject_type"], row["subject_id"]) == ("external", "e1")
    assert row["why"].endswith("Its email_domain is held by 12 accounts of 4 subjects.")
