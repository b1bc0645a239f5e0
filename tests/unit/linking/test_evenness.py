"""The bound on even load (`is_one_hand` in macros/actor_signal.sql) against independent users, simulated with a fixed seed."""

import numpy as np
import numpy.typing as npt
import pytest

BOUND = 0.15
GROUPS = 20_000


def _gini(loads: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    ordered = np.sort(loads, axis=1)
    size = ordered.shape[1]
    return 2 * (np.arange(1, size + 1) * ordered).sum(axis=1) / (size * ordered.sum(axis=1)) - (size + 1) / size


def _independent_users(size: int, spread: float) -> npt.NDArray[np.float64]:
    stream = np.random.Generator(np.random.PCG64(20260301))
    return _gini(np.exp(spread * stream.standard_normal((GROUPS, size))))


@pytest.mark.parametrize(("size", "most"), [(10, 0.05), (18, 0.01), (40, 0.001)])
def test_independent_users_seldom_look_even(size: int, most: float) -> None:
    assert (_independent_users(size, spread=0.5) <= BOUND).mean() < most


def test_fewer_than_ten_are_even_by_chance() -> None:
    assert (_independent_users(5, spread=0.5) <= BOUND).mean() > 0.1


def test_many_users_of_that_spread_stand_at_028() -> None:
    assert _independent_users(400, spread=0.5).mean() == pytest.approx(0.276, abs=0.003)
