"""The audit samples are what they say: exact probabilities, every subject with a chance, and no bias."""

from datetime import date

import pytest

from orchestration.scoring.audit import draw_flagged, draw_unflagged
from orchestration.scoring.settings import QueueSettings

DAY = date(2026, 3, 1)


def test_unflagged_draws_reach_every_stratum_with_exact_probabilities() -> None:
    strata = {f"a{n}": "account/free" for n in range(90)} | {f"b{n}": "actor/actor" for n in range(10)}
    drawn = draw_unflagged(DAY, strata, QueueSettings(audit_unflagged_count=10))
    by_stratum = {name: [d for lead, d in drawn.items() if strata[lead] == name] for name in set(strata.values())}
    assert [len(by_stratum["account/free"]), len(by_stratum["actor/actor"])] == [9, 1]
    assert {d.probability for d in drawn.values()} == {0.1}


def test_horvitz_thompson_on_the_draws_is_unbiased() -> None:
    strata = {f"a{n}": "account/free" for n in range(200)} | {f"b{n}": "account/paid" for n in range(20)}
    violating = {lead for n, lead in enumerate(strata) if n % 7 == 0}
    estimates = []
    for seed in range(1500):
        drawn = draw_unflagged(DAY, strata, QueueSettings(audit_unflagged_count=11, seed=seed))
        estimates.append(sum(1 / (d.probability or 1) for lead, d in drawn.items() if lead in violating))
    assert sum(estimates) / len(estimates) == pytest.approx(len(violating), rel=0.08)


def test_flagged_draw_is_the_same_whatever_the_order() -> None:
    leads = [f"lead_{n}" for n in range(40)]
    assert draw_flagged(DAY, leads, QueueSettings()) == draw_flagged(DAY, leads[::-1], QueueSettings())
    assert {d.probability for d in draw_flagged(DAY, leads, QueueSettings()).values()} == {3 / 40}


def test_of_a_short_list_most_is_left_to_the_score() -> None:
    drawn = [draw_flagged(DAY, ["lead_a", "lead_b"], QueueSettings(seed=seed)) for seed in range(1000)]
    assert {d.probability for draws in drawn for d in draws.values()} == {0.2}
    assert sum(len(draws) for draws in drawn) == pytest.approx(400, rel=0.1)


def test_nothing_to_draw_from() -> None:
    assert draw_flagged(DAY, [], QueueSettings()) == {}
    assert draw_unflagged(DAY, {}, QueueSettings()) == {}
