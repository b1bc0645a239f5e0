from collections import Counter
from pathlib import Path

import pytest

from orchestration.evaluation.worlds import (
    DILUTIONS,
    HISTORY_DAYS,
    IDENTITY_SHARES,
    LEAST_LOOKALIKES,
    plan_worlds,
    world_numbers,
)
from simulator.profiles import LOOKALIKES
from simulator.world import build_world

REPORT, TUNING = plan_worlds("report", range(1, 11)), plan_worlds("tuning", range(1, 11))


@pytest.mark.parametrize("plans", [REPORT, TUNING])
def test_every_pair_of_dilution_and_identity_share_is_covered_equally(plans: tuple) -> None:
    cells = Counter((c.dilution, c.identity_share) for plan in plans for c in plan.campaigns)
    assert cells == {(dilution, share): 4 for dilution in DILUTIONS for share in IDENTITY_SHARES}


@pytest.mark.parametrize("plans", [REPORT, TUNING])
def test_campaigns_have_the_sizes_and_rates_that_the_level_speaks_of(plans: tuple) -> None:
    for plan in plans:
        sizes = [round(c.share * plan.accounts) for c in plan.campaigns]
        assert len(sizes) == 8
        assert min(sizes) >= 40 and max(sizes) <= 150
        assert all(10 <= c.requests_per_account_day <= 60 for c in plan.campaigns)
        # seven nights after its start each campaign still lies before the reaction
        assert all(c.starts_after_days + 7 < HISTORY_DAYS for c in plan.campaigns)
    assert {c.role for plan in plans for c in plan.campaigns} == {
        "distiller_direct",
        "distiller_via_proxy",
        "log_harvesting_reseller",
    }


def test_the_sets_share_neither_seeds_nor_campaigns() -> None:
    assert {p.seed for p in REPORT}.isdisjoint(p.seed for p in TUNING)
    assert {c for p in REPORT for c in p.campaigns}.isdisjoint(c for p in TUNING for c in p.campaigns)


def test_a_world_is_the_same_whichever_others_are_asked_for() -> None:
    assert plan_worlds("report", [4]) == (REPORT[3],)


def test_a_world_holds_enough_of_every_look_alike(tmp_path: Path) -> None:
    plan = REPORT[0]
    world = build_world(plan.history(tmp_path), plan.start)
    alike = Counter(name for name in world.base[0].who["lookalike_id"].tolist() if name is not None)
    assert alike.keys() == {profile.lookalike_id for profile in LOOKALIKES}
    assert min(alike.values()) >= LEAST_LOOKALIKES
    assert abs(sum(block.size for block in world.base) - plan.accounts) < 5
    # residents keep at least a third of what their profiles would make: look-alikes stay as busy as campaigns
    assert world.scale > 1 / 3


def test_numbers_are_ranges_and_lists() -> None:
    assert world_numbers("1-3,7, 9-10") == (1, 2, 3, 7, 9, 10)
    with pytest.raises(ValueError, match="such as 1-10"):
        world_numbers("all")
    with pytest.raises(ValueError, match="worlds 1 to 10"):
        plan_worlds("report", [11])
