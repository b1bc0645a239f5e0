"""The library answers its questions: each analysis on a release of a few rows, with what it must find and must leave out."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from orchestration.cli import analyses as analyses_command
from orchestration.publishing.analyses import FOLDER, analysis_sql, list_analyses
from orchestration.publishing.reading import QueryError, query_release

from .marts import Rows, write_marts

TONIGHT = date(2026, 3, 30)
BEFORE = TONIGHT - timedelta(days=7)
NOON = datetime(2026, 3, 30, 12)
QUEUE = {"as_of_date": TONIGHT, "lead_id": "l1", "subject_type": "actor", "subject_id": "x", "priority": 1}


def member(account_id: str, actor_id: str = "x") -> dict[str, Any]:
    """Return an account's place in an actor tonight."""
    return {"as_of_date": TONIGHT, "actor_id": actor_id, "account_id": account_id}


def account(account_id: str, **values: Any) -> dict[str, Any]:
    """Return an account's features tonight."""
    return {"as_of_date": TONIGHT, "account_id": account_id, "tier": "paid", "output_tokens_28d": 10} | values


def actor(actor_id: str, count: int = 2, day: date = TONIGHT) -> dict[str, Any]:
    """Return an actor of a day."""
    return {"as_of_date": day, "actor_id": actor_id, "account_count": count, "request_count_28d": 10 * count}


def score(subject_id: str, log_odds: float, day: date = TONIGHT) -> dict[str, Any]:
    """Return an actor's score of a day."""
    return {"as_of_date": day, "subject_type": "actor", "subject_id": subject_id, "log_odds": log_odds, "score": 0.5}


def hit(subject_id: str, signal_id: str, contribution: float, day: date = TONIGHT) -> dict[str, Any]:
    """Return a hit of a signal."""
    return {
        "as_of_date": day, "subject_type": "actor", "subject_id": subject_id, "signal_id": signal_id,
        "contribution": contribution, "resale_contribution": 0,
    }  # fmt: skip


def coverage(signal_id: str, computable: int, day: date) -> dict[str, Any]:
    """Return for how many of ten subjects a signal was computable."""
    return {
        "as_of_date": day, "signal_id": signal_id, "computable_count": computable, "partly_count": 0,
        "not_computable_count": 10 - computable,
    }  # fmt: skip


SIGNALS = [{"signal_id": name, "title": name.title(), "status": "active"} for name in ("s1", "s2", "s3")]
CASES: dict[str, tuple[Rows, tuple[str, ...], list[tuple[Any, ...]]]] = {
    "new_actors": (
        {
            "actors": [actor("x"), actor("y"), actor("old"), actor("gone", day=BEFORE)],
            "actor_events": [
                {"as_of_date": day, "actor_id": name, "event": event}
                for name, event, day in (
                    ("x", "born", BEFORE + timedelta(days=1)),
                    ("y", "born", TONIGHT),
                    ("old", "born", BEFORE),
                    ("old", "merged", TONIGHT),
                    ("gone", "born", TONIGHT),
                )
            ],
            "scores": [score("x", -1), score("y", 2)],
            "review_queue": [QUEUE],
        },
        ("actor_id", "born_on", "lead_id"),
        [("y", TONIGHT, None), ("x", BEFORE + timedelta(days=1), "l1")],
    ),
    "growing_actors": (
        {"actors": [actor("x", 5), actor("x", 2, BEFORE), actor("same", 3), actor("same", 3, BEFORE), actor("new", 9)]},
        ("actor_id", "account_count_before", "account_count"),
        [("x", 2, 5)],
    ),
    "risen_scores": (
        {
            "scores": [score("x", 1), score("x", -2, BEFORE), score("fell", 0), score("fell", 1, BEFORE), score("new", 9)],
            "signal_hits": [
                hit("x", "s1", 2.5),
                hit("x", "s1", 1.0, BEFORE),
                hit("x", "s2", 1.6),
                hit("x", "s3", 0.5, BEFORE),
                hit("fell", "s1", 3.0),
            ],
        },
        ("subject_id", "log_odds_gained", "most_by", "most_by_log_odds"),
        [("x", 3, "s2", 1.6)],
    ),
    "leads_past_due": (
        {
            "review_queue": [
                QUEUE | {"due_at": NOON},
                QUEUE | {"lead_id": "l2", "due_at": NOON - timedelta(days=2)},
                QUEUE | {"lead_id": "in time", "due_at": NOON + timedelta(days=1)},
            ],
            "reviews": [{"review_id": "r1", "lead_id": "l1", "opened_at": NOON}],
        },
        ("lead_id", "opened_at"),
        [("l2", None), ("l1", NOON)],
    ),
    "signals_of_the_week": (
        {
            "signal_registry": SIGNALS,
            "signal_hits": [
                hit("x", "s1", 1),
                hit("y", "s1", 1),
                hit("x", "s1", 1, BEFORE),
                hit("x", "s2", 1, BEFORE),
                hit("x", "s3", 0),
                hit("x", "s1", 1, BEFORE - timedelta(days=7)),
            ],
            "signal_performance": [
                {"signal_id": "s1", "group_kind": "all", "precision": 0.5},
                {"signal_id": "s1", "group_kind": "tier", "precision": 0.1},
            ],
        },
        ("signal_id", "subjects_a_night", "subjects_a_night_before", "precision"),
        [("s1", 2 / 7, 1 / 7, 0.5), ("s2", 0, 1 / 7, None)],
    ),
    "what_holds_leads_together": (
        {
            "review_queue": [QUEUE],
            "actor_members": [member("a"), member("b"), member("c"), member("d", "not queued"), member("e", "not queued")],
            "account_links": [
                {
                    "as_of_date": TONIGHT,
                    "account_id_a": one,
                    "account_id_b": other,
                    "link_kind": kind,
                    "weight": weight,
                    "is_behavioural": False,
                }
                for one, other, kind, weight in (
                    ("a", "b", "card", 3),
                    ("a", "c", "card", 2),
                    ("a", "b", "phone", 4),
                    ("a", "d", "card", 9),
                    ("d", "e", "card", 9),
                )
            ],
        },
        ("actor_id", "link_kind", "pair_count", "account_count", "total_weight"),
        [("x", "card", 2, 1, 5), ("x", "phone", 1, 1, 4)],
    ),
    "back_after_action": (
        {
            "actors": [actor("x"), actor("still")],
            "actor_members": [member("a"), member("later"), member("earlier"), member("b", "still"), member("c", "still")],
            "account_features": [
                account("later", created_at=NOON, request_count_7d=7),
                account("earlier", created_at=datetime(2026, 1, 1)),
                account("c", created_at=NOON, request_count_7d=9),
            ],
            "actions": [
                {
                    "action_id": "1",
                    "account_id": "a",
                    "effective_at": NOON - timedelta(days=3),
                    "is_in_force": True,
                    "is_overturned": False,
                },
                {
                    "action_id": "2",
                    "account_id": "b",
                    "effective_at": NOON - timedelta(days=3),
                    "is_in_force": False,
                    "is_overturned": True,
                },
            ],
        },
        ("actor_id", "enforced_account_count", "newer_account_count", "newer_request_count_7d"),
        [("x", 1, 1, 7)],
    ),
    "signals_lost": (
        {
            "signal_registry": SIGNALS,
            "signal_coverage": [
                coverage("s1", 2, TONIGHT),
                coverage("s1", 9, BEFORE),
                coverage("s2", 9, TONIGHT),
                coverage("s2", 9, BEFORE),
                coverage("s3", 0, TONIGHT),
            ],
        },
        ("signal_id", "computable_share_before", "computable_share"),
        [("s1", 0.9, 0.2)],
    ),
    "quarantine_of_the_week": (
        {
            "review_queue": [QUEUE],
            "quarantine": [
                {"table_name": "accounts", "reason": "range", "first_seen_on": TONIGHT},
                {
                    "table_name": "accounts",
                    "reason": "range",
                    "first_seen_on": BEFORE + timedelta(days=1),
                    "released_at": TONIGHT,
                },
                {"table_name": "accounts", "reason": "range", "first_seen_on": BEFORE},
            ],
        },
        ("table_name", "reason", "row_count", "released_count"),
        [("accounts", "range", 2, 1)],
    ),
    "decisions_by_clause": (
        {
            "review_queue": [QUEUE],
            "actions": [
                {
                    "action_id": str(n),
                    "case_id": "c",
                    "account_id": f"a{n}",
                    "policy_clause_id": "tou",
                    "action_type": "termination",
                    "decided_at": NOON - timedelta(days=days),
                    "has_prior_verdict": n == 1,
                    "is_overturned": n == 2,
                    "appeal_count": 1,
                    "decided_appeal_count": 0,
                    "hours_decided_to_notice": n,
                }
                for n, days in ((1, 0), (2, 27), (3, 28))
            ],
        },
        (
            "policy_clause_id",
            "action_count",
            "case_count",
            "with_prior_verdict_count",
            "overturned_count",
            "median_hours_to_notice",
        ),
        [("tou", 2, 1, 1, 1, 1.5)],
    ),
    "use_that_leads_stand_for": (
        {
            "review_queue": [QUEUE, QUEUE | {"lead_id": "l2", "subject_type": "account", "subject_id": "a"}],
            "actor_members": [member("a"), member("b")],
            "account_features": [account("a"), account("b"), account("c", output_tokens_28d=20), account("free", tier="free")],
        },
        ("tier", "account_count", "queued_account_count", "output_tokens_28d", "queued_output_tokens_28d", "queued_share"),
        [("paid", 3, 2, 40, 20, 0.5), ("free", 1, 0, 10, 0, 0)],
    ),
    "what_speaks_against_leads": (
        {
            "review_queue": [QUEUE],
            "signal_registry": SIGNALS,
            "signal_hits": [hit("x", "s1", -1.5), hit("x", "s2", 2), hit("elsewhere", "s1", -1), hit("x", "s3", -2, BEFORE)],
        },
        ("lead_id", "signal_id", "contribution"),
        [("l1", "s1", -1.5)],
    ),
    "cases_waiting": (
        {
            "review_queue": [QUEUE],
            "cases": [
                {"case_id": "held", "opened_at": NOON - timedelta(days=9)},
                {"case_id": "plain", "opened_at": NOON},
                {"case_id": "decided", "opened_at": NOON, "decided_at": NOON},
            ],
            "escalations": [
                {"escalation_id": "1", "case_id": "held", "is_past_due": True, "is_on_hold": False},
                {"escalation_id": "2", "case_id": "held", "is_past_due": False, "is_on_hold": True},
            ],
            "referrals": [{"referral_id": "1", "case_id": "held", "is_past_due": True}],
        },
        ("case_id", "past_due_escalation_count", "past_due_referral_count", "is_on_hold"),
        [("held", 1, 1, True), ("plain", 0, 0, False)],
    ),
}


def test_every_analysis_is_told_and_tried() -> None:
    names = [analysis.name for analysis in list_analyses()]
    assert sorted(names) == sorted(path.stem for path in FOLDER.glob("*.sql")) == sorted(CASES)
    assert all(analysis.question.endswith("?") for analysis in list_analyses())


@pytest.mark.parametrize("name", CASES)
def test_an_analysis_finds_what_it_asks_for_and_nothing_else(tmp_path: Path, name: str) -> None:
    rows, columns, expected = CASES[name]
    found, answer = query_release(write_marts(tmp_path / "release", rows), analysis_sql(name))
    told = [tuple(row[found.index(column)] for column in columns) for row in answer]
    assert [tuple(map(_plain, row)) for row in told] == [tuple(map(_plain, row)) for row in expected]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | date | bool) else round(float(value), 9)


@pytest.mark.parametrize("name", CASES)
def test_an_analysis_of_a_release_without_rows_is_empty(tmp_path: Path, name: str) -> None:
    assert query_release(write_marts(tmp_path / "release", {}), analysis_sql(name))[1] == []


def test_what_is_no_analysis_is_told_which_there_are() -> None:
    with pytest.raises(QueryError, match=r"new_actor is no analysis; there are new_actors, growing_actors"):
        analysis_sql("new_actor")


def test_the_command_lists_the_library_and_shows_a_query() -> None:
    listed = CliRunner().invoke(analyses_command, [])
    assert listed.exit_code == 0
    assert "growing_actors" in listed.output
    shown = CliRunner().invoke(analyses_command, ["growing_actors"]).output
    assert "from read_parquet('parquet/actors/*.parquet', union_by_name = true) as actors" in shown
    assert "{{" not in shown
