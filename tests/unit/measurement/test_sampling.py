"""Horvitz-Thompson estimates against simulated truth."""

import numpy as np
import pytest

from orchestration.measurement.sampling import horvitz_thompson_share, horvitz_thompson_total

SIZES = np.array([600, 300, 100])
DRAWN = np.array([30, 30, 50])
RATES = np.array([0.02, 0.2, 0.7])


def _population(generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    stratum = np.repeat(np.arange(3), SIZES)
    violating = (generator.random(stratum.size) < RATES[stratum]).astype(float)
    volume = generator.lognormal(3, 1, stratum.size) * (1 + violating)
    return stratum, violating, volume


def _draw(generator: np.random.Generator, stratum: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    members = [generator.choice(np.flatnonzero(stratum == number), size, replace=False) for number, size in enumerate(DRAWN)]
    return np.concatenate(members), np.repeat(DRAWN / SIZES, DRAWN)


def test_total_is_unbiased_over_seeds() -> None:
    generator = np.random.default_rng(1)
    stratum, violating, volume = _population(generator)
    truth = float((violating * volume).sum())
    totals = []
    for _ in range(3000):
        sample, probabilities = _draw(generator, stratum)
        totals.append(horvitz_thompson_total((violating * volume)[sample], probabilities)[0])
    standard_error = float(np.std(totals)) / np.sqrt(len(totals))
    assert abs(float(np.mean(totals)) - truth) < 4 * standard_error
    unweighted = float((violating * volume)[sample].mean()) * stratum.size
    assert abs(unweighted - truth) > 10 * standard_error


def test_variance_equals_its_closed_form_for_independent_draws() -> None:
    generator = np.random.default_rng(2)
    values, probabilities = generator.lognormal(0, 1, 400), generator.uniform(0.05, 0.9, 400)
    totals, variances = [], []
    for _ in range(4000):
        drawn = generator.random(400) < probabilities
        total, variance = horvitz_thompson_total(values[drawn], probabilities[drawn])
        totals.append(total)
        variances.append(variance)
    truth = float(((1 - probabilities) * values**2 / probabilities).sum())
    assert float(np.mean(variances)) == pytest.approx(truth, rel=0.05)
    assert float(np.var(totals)) == pytest.approx(truth, rel=0.1)


@pytest.mark.parametrize("measure", ["accounts", "volume"])
def test_share_interval_covers_the_truth(measure: str) -> None:
    generator = np.random.default_rng(3)
    stratum, violating, volume = _population(generator)
    sizes = volume if measure == "volume" else np.ones_like(volume)
    truth = float((violating * sizes).sum() / sizes.sum())
    covered, shares = 0, []
    for _ in range(500):
        sample, probabilities = _draw(generator, stratum)
        share = horvitz_thompson_share(violating[sample], sizes[sample], probabilities)
        covered += share.lower <= truth <= share.upper
        shares.append(share.value)
    assert float(np.mean(shares)) == pytest.approx(truth, abs=0.01)
    assert covered >= 455


def test_equal_weights_give_wilsons_interval_of_the_plain_share() -> None:
    share = horvitz_thompson_share(np.repeat([1.0, 0.0], [81, 182]), np.ones(263), np.full(263, 0.4))
    assert share.value == pytest.approx(81 / 263)
    assert (share.lower, share.upper) == pytest.approx((0.2553, 0.3662), abs=6e-4)


def test_none_found_still_has_an_upper_bound() -> None:
    share = horvitz_thompson_share(np.zeros(20), np.ones(20), np.full(20, 0.5))
    assert (share.value, share.lower) == (0.0, 0.0)
    assert share.upper == pytest.approx(0.1611, abs=5e-5)


@pytest.mark.parametrize("probability", [0.0, -0.1, 1.2])
def test_impossible_probability_is_refused(probability: float) -> None:
    with pytest.raises(ValueError, match=r"must be in \(0, 1\]"):
        horvitz_thompson_total(np.ones(1), np.array([probability]))


def test_a_share_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one positive size"):
        horvitz_thompson_share(np.ones(2), np.zeros(2), np.ones(2))
