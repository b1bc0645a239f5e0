"""Which actors and days count in the volume figure, and its two estimates against a calculation by hand."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from orchestration.reporting.figures.volume_change import VolumeChange, mean_by_day, read_actors, volume_change
from orchestration.reporting.release import open_release
from orchestration.reporting.settings import ReportSettings

from .release_fixture import AS_OF, write_release

SETTINGS = ReportSettings(minimum_actor_count=2, minimum_observed_days=1)


def test_the_ratio_and_its_interval_are_cochrans():
    # y = 2, 1; x = 10, 20: R = 0.1; residuals 1, -1; s2 = 2; se = sqrt(2 / 2) / 15; t(0.975, 1) = 12.7062
    change = volume_change([{-1: 10, 1: 2}, {-1: 20, 1: 1}], SETTINGS)
    assert change.ratio == pytest.approx(0.1)
    assert change.upper == pytest.approx(0.1 + 12.7062 / 15, rel=1e-5)
    assert change.lower == 0.0


def test_the_mean_and_its_interval_are_students_and_thin_days_are_left_out():
    points = mean_by_day([{0: 10, 1: 1}, {0: 20}, {0: 30}], SETTINGS)
    assert [(point.x, n) for point, n in points] == [(0, 3)]
    assert points[0][0].y == 20
    assert points[0][0].upper == pytest.approx(20 + 4.30265 * 10 / math.sqrt(3), rel=1e-5)


def test_an_actor_enters_the_ratio_only_with_enough_days_on_both_sides():
    settings = SETTINGS.model_copy(update={"minimum_observed_days": 2})
    actors = [{-2: 1, -1: 1, 1: 1, 2: 1}, {-2: 1, -1: 1, 1: 1}, {-2: 3, -1: 3, 1: 1, 2: 1}]
    change = volume_change(actors, settings)
    assert (change.enforced_count, change.observed_count) == (3, 2)
    assert change.ratio == pytest.approx(0.5)


def test_too_few_actors_give_no_number():
    change = volume_change([{-1: 10, 1: 2}], SETTINGS)
    assert change.ratio is None
    assert "Too few enforced actors" in change.sentence


def test_without_requests_before_there_is_no_ratio():
    assert volume_change([{-1: 0, 1: 2}, {-1: 0, 1: 2}], SETTINGS).ratio is None


@pytest.mark.parametrize(
    ("ratio", "lower", "upper", "expected"),
    [
        (0.1, 0.05, 0.2, "fell by 90% after action (95% interval 80% to 95%)"),
        (1.5, 1.2, 1.8, "rose by 50% after action (95% interval 20% to 80%)"),
        (0.9, 0.6, 1.2, "did not clearly change after action (95% interval -40% to 20%)"),
    ],
)
def test_the_sentence_says_no_more_than_the_interval(ratio: float, lower: float, upper: float, expected: str):
    change = VolumeChange(enforced_count=9, observed_count=7, ratio=ratio, lower=lower, upper=upper)
    assert change.sentence == f"Requests from 7 enforced actors {expected}"


def action(action_id: str, account_id: str, **changes: Any) -> Sequence[Any]:
    at = datetime.combine(AS_OF - timedelta(days=10), datetime.min.time())
    row = {"case": "case_1", "actor": None, "type": "suspension", "surface": "api", "decided": at, "effective": at}
    row |= {"reversed": None, "overturned": False} | changes
    case, actor, *rest = row.values()
    return (action_id, case, account_id, actor, *rest)


def test_only_limiting_actions_in_force_count_and_all_accounts_of_an_actor_do(tmp_path: Path):
    at = datetime.combine(AS_OF, datetime.min.time())
    days = [(account, AS_OF - timedelta(days=n), "api", "", 9, 5, 0) for account in ("a", "b", "w", "r", "o") for n in range(30)]
    rows = {
        "account_days": days,
        "actor_members": [(AS_OF, "actor_1", "b", AS_OF, "act", 0.5, 0.0)],
        "actions": [
            action("1", "a", actor="actor_1"),
            action("2", "w", type="warning"),
            action("3", "r", reversed=at),
            action("4", "o", overturned=True),
            action("5", "f", effective=at + timedelta(days=2)),
        ],
    }
    with open_release(write_release(tmp_path / "release", rows)) as release:
        actors = read_actors(release, 28)
    assert len(actors) == 1
    # Two accounts of five requests; days before the first on record and after the as-of date are not observed.
    assert actors[0] == dict.fromkeys(range(-19, 11), 10)
