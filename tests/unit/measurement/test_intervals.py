"""Published intervals of proportions."""

import pytest

from orchestration.measurement.intervals import bootstrap_weights, newcombe_difference, proportion, wilson_bounds


@pytest.mark.parametrize(
    ("successes", "trials", "lower", "upper"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_equals_newcombes_table(successes: int, trials: int, lower: float, upper: float) -> None:
    """Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3."""
    assert wilson_bounds(successes, trials) == pytest.approx((lower, upper), abs=5e-5)


def test_difference_equals_newcombes_table() -> None:
    """Newcombe 1998, Statistics in Medicine 17:873-890, table II, case (a): 56/70 - 48/80, method 10."""
    assert newcombe_difference(56 / 70, 70, 48 / 80, 80) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_bounds_hold_the_share_at_both_edges() -> None:
    assert wilson_bounds(0, 7)[0] == 0.0
    assert wilson_bounds(7, 7)[1] == 1.0


@pytest.mark.parametrize(("successes", "trials"), [(3, 2), (-1, 2), (0, 0)])
def test_impossible_counts_are_refused(successes: int, trials: int) -> None:
    with pytest.raises(ValueError, match="needs 0 <= successes <= trials"):
        wilson_bounds(successes, trials)


def test_few_trials_show_no_number_but_their_count() -> None:
    thin, enough = proportion(4, 9, 10), proportion(4, 10, 10)
    assert (thin.value, thin.lower, thin.upper, thin.n, thin.immature) == (None, None, None, 9, True)
    assert (enough.value, enough.immature) == (0.4, False)


def test_bootstrap_does_not_depend_on_its_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = bootstrap_weights(7, 50, 3)
    monkeypatch.setattr("orchestration.measurement.intervals._BLOCK", 21)
    assert (bootstrap_weights(7, 50, 3) == whole).all()
    assert (whole.sum(axis=1) == 7).all()
