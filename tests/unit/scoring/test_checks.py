"""Checks in the queue: who comes in, what it says, what it may not crowd out, and what a verdict on it ends."""

from datetime import datetime, time, timedelta
from typing import Any

import polars as pl
import pytest

from orchestration.scoring.queue import QUEUE_SCHEMA, build_queue, lead_id_of
from orchestration.scoring.settings import QueueSettings
from tests.unit.scoring.rows import DAY, EXTERNAL, NO_AUDIT, REVIEWS, Nights, subject


def _verdict(lead_id: str, subject_id: str) -> dict[str, Any]:
    at = datetime.combine(DAY, time(9))
    return {
        "review_id": "r", "lead_id": lead_id, "subject_type": "account", "subject_id": subject_id,
        "opened_at": at, "decided_at": at, "verdict": "benign",
    }  # fmt: skip


def _outside(subject_id: str, share: float | None, score: float = 0.01, **facts: Any) -> dict[str, Any]:
    contract = {"contract_outside_share_28d": share, "contract_outside_limit": "surfaces", "role": "benign"}
    return subject(subject_id, score) | contract | facts


def test_an_account_outside_its_contract_is_asked_about_without_a_word_of_abuse() -> None:
    row = Nights().run(0, [_outside("a", 0.4, request_count_28d=12_000), _outside("b", 0.1)])["a"]
    assert (row["selection"], row["stratum"], row["selection_probability"]) == ("score", "contract_check", None)
    assert (row["severity"], row["suggested_clause"], row["evidence_signature"]) == ("low", "contract-scope", "contract_check")
    assert row["due_at"].date() == DAY + timedelta(days=5)
    assert row["why"] == (
        "To be checked against its contract; no abuse is claimed. "
        "40% of its 12,000 requests in 28 days lie on surfaces that the contract does not name."
    )


@pytest.mark.parametrize(
    "facts",
    [
        {"contract_outside_share_28d": 0.19},
        {"contract_outside_share_28d": None, "contract_outside_limit": None},
        {"request_count_28d": 499},
        {"subject_type": "actor"},
    ],
)
def test_little_use_outside_is_passed_over(facts: dict[str, Any]) -> None:
    assert set(Nights().run(0, [_outside("a", 0.2, request_count_28d=500)])) == {"a"}
    assert Nights().run(0, [_outside("a", 0.2, request_count_28d=500) | facts]) == {}


@pytest.mark.parametrize(("limit", "words"), [("dates", "dates"), ("models", "models"), ("volume", "monthly volume")])
def test_every_limit_has_its_words(limit: str, words: str) -> None:
    assert words in Nights().run(0, [_outside("a", 0.5, contract_outside_limit=limit)])["a"]["why"]


def test_checks_have_a_budget_of_their_own_and_those_with_most_outside_come_first() -> None:
    checks = [_outside(f"c{n}", 0.3, request_count_28d=1000 + n) for n in range(8)] + [_outside("c9", 0.9)]
    settings = NO_AUDIT.model_copy(update={"budget": 2, "contract_check_budget": 3})
    queue = Nights(settings).run(0, [*checks, *(subject(f"s{n}", 0.9) for n in range(4))])
    assert {row["stratum"] for row in queue.values()} == {"flagged", "contract_check"}
    assert {subject for subject, row in queue.items() if row["stratum"] == "contract_check"} == {"c7", "c6", "c9"}
    assert sum(row["stratum"] == "flagged" for row in queue.values()) == 2


def test_a_flagged_account_is_a_score_lead_and_its_breach_one_more_reason() -> None:
    row = Nights().run(0, [_outside("a", 0.4, score=0.9, role="distiller")])["a"]
    assert (row["stratum"], row["suggested_clause"]) == ("flagged", "tou-3.2-model-training")
    assert row["why"].startswith("because of a 40% of its 1,000 requests")
    assert row["evidence_signature"] == "x contract_check"


def test_a_member_is_asked_about_itself_unless_its_actor_is_flagged() -> None:
    member = _outside("m", 0.4)
    quiet, flagged = subject("x", 0.1, subject_type="actor"), subject("x", 0.9, subject_type="actor")
    assert set(Nights().run(0, [member, quiet], members={"m": "x"})) == {"m"}
    assert set(Nights().run(0, [member, flagged], members={"m": "x"})) == {"x"}


def test_a_check_draws_like_any_unflagged_account_once_and_then_waits_as_what_it_is() -> None:
    settings = QueueSettings(audit_flagged_count=0, audit_unflagged_count=1)
    alone = Nights(settings)
    drawn = alone.run(0, [_outside("a", 0.4)])["a"]
    assert (drawn["selection"], drawn["selection_probability"]) == ("audit_unflagged", 1.0)
    assert "contract" not in drawn["why"], "an audit is blind"
    assert alone.run(1, [_outside("a", 0.4)])["a"]["selection"] == "audit_unflagged"

    undrawn = next(n for n in range(20) if _selection(settings, n) == "score")
    nights = Nights(settings)
    others = [subject(f"s{undrawn}_{n}", 0.01) for n in range(3)]
    first = nights.run(0, [_outside("a", 0.4), *others])
    assert next(r for r in first.values() if r["selection"] != "score")["selection_probability"] == 1 / 4
    for night in range(1, 12):
        queue = nights.run(night, [_outside("a", 0.4), *others])
        assert (queue["a"]["stratum"], queue["a"]["lead_id"]) == ("contract_check", first["a"]["lead_id"])


def _selection(settings: QueueSettings, number: int) -> str:
    others = [subject(f"s{number}_{n}", 0.01) for n in range(3)]
    return str(Nights(settings).run(0, [_outside("a", 0.4), *others])["a"]["selection"])


def test_a_verdict_ends_the_check_for_the_cool_down_and_no_longer_hides_signals() -> None:
    nights = Nights()
    first = nights.run(0, [_outside("a", 0.4)])["a"]
    verdict = [_verdict(first["lead_id"], "a")]
    assert nights.run(1, [_outside("a", 0.4)], verdict) == {}
    flagged = nights.run(2, [_outside("a", 0.4, score=0.9)], verdict)["a"]
    assert (flagged["stratum"], flagged["lead_id"]) == ("flagged", lead_id_of("account", "a", DAY + timedelta(days=2)))

    later = Nights()
    later.run(0, [_outside("a", 0.4)])
    assert later.run(29, [_outside("a", 0.4)], verdict)["a"]["stratum"] == "contract_check"


def test_a_verdict_on_a_flagged_account_answers_for_its_breach_too() -> None:
    nights = Nights()
    first = nights.run(0, [_outside("a", 0.4, score=0.9)])["a"]
    verdict = [_verdict(first["lead_id"], "a")]
    assert nights.run(1, [_outside("a", 0.4)], verdict) == {}


def test_the_order_of_rows_does_not_matter() -> None:
    subjects = [_outside(f"s{n:02}", (n % 9) / 9, score=(n % 7) / 10) for n in range(60)]

    def queue(rows: list[dict[str, Any]]) -> pl.DataFrame:
        members = pl.DataFrame(schema={"account_id": pl.String, "actor_id": pl.String})
        known, reviews = pl.DataFrame(schema=QUEUE_SCHEMA), pl.DataFrame(schema=REVIEWS)
        return build_queue(
            DAY, pl.DataFrame(rows), members, known, reviews, pl.DataFrame(schema=EXTERNAL), QueueSettings(budget=5)
        )

    assert queue(subjects).equals(queue(subjects[::-1]))


def _elsewhere(subject_id: str, strange: int = 90, **facts: Any) -> dict[str, Any]:
    places = {"unfamiliar_request_count_7d": strange, "placed_request_count_7d": 300, "unfamiliar_network_count_7d": 7}
    return subject(subject_id, 0.01) | places | {"role": "stolen_key_victim"} | facts


def test_the_owner_of_a_key_in_other_hands_is_to_be_told_and_accused_of_nothing() -> None:
    row = Nights().run(0, [_elsewhere("a")])["a"]
    assert (row["selection"], row["stratum"], row["suggested_clause"]) == ("score", "key_check", None)
    assert row["why"] == (
        "A key of it may be in other hands; the owner is to be told and is accused of nothing. "
        "30% of its 300 requests by key in 7 days came from 7 networks in countries it was never seen in, while its own use "
        "went on."
    )


@pytest.mark.parametrize("facts", [{"role": "benign"}, {"placed_request_count_7d": 451}, {"subject_type": "actor"}])
def test_a_key_is_not_asked_about_without_a_signal_or_with_little_strange_use(facts: dict[str, Any]) -> None:
    assert set(Nights().run(0, [_elsewhere("a", strange=90, placed_request_count_7d=450)])) == {"a"}
    assert Nights().run(0, [_elsewhere("a", strange=90, placed_request_count_7d=450) | facts]) == {}
    assert Nights().run(0, [_elsewhere("a", strange=49, placed_request_count_7d=60)]) == {}


def test_each_kind_of_check_has_its_own_budget_and_an_account_comes_in_once() -> None:
    both = _outside("both", 0.4) | {
        name: value for name, value in _elsewhere("both").items() if name.endswith("_7d") or name == "role"
    }
    settings = NO_AUDIT.model_copy(update={"contract_check_budget": 2, "key_check_budget": 2})
    outside = [_outside(f"c{n}", 0.3) for n in range(4)]
    elsewhere = [_elsewhere(f"k{n}", strange=90 + n) for n in range(4)]
    queue = Nights(settings).run(0, [*outside, *elsewhere, both])
    strata = {name: row["stratum"] for name, row in queue.items()}
    assert (strata["both"], strata["k3"], strata["k2"]) == ("contract_check", "key_check", "key_check")
    assert sorted(strata.values()) == ["contract_check", "contract_check", "key_check", "key_check"]
