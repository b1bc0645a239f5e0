"""The test of a useful lift, and how many mistakes it makes when many groups are asked."""

import math

import numpy as np
import pytest

from orchestration.measurement.intervals import Numbers
from orchestration.recommending.groups import compare_in_group, ratio_score
from orchestration.recommending.multiplicity import adjusted_p_values, normal_tail


def test_at_ratio_one_it_is_the_pooled_test_of_two_proportions() -> None:
    pooled = (40 + 56) / 150
    expected = (40 / 80 - 56 / 70) / math.sqrt(pooled * (1 - pooled) * (1 / 80 + 1 / 70))
    assert ratio_score(40, 80, 56, 70, 1.0) == pytest.approx(expected)


def test_the_restricted_shares_keep_the_ratio_and_the_likelihood_is_highest_there() -> None:
    x, n, y, m, ratio = 12, 60, 30, 90, 1.25
    a, b, c = ratio * (n + m), -(ratio * (n + y) + x + m), x + y
    other = (-b - math.sqrt(b * b - 4 * a * c)) / (2 * a)

    def log_likelihood(p: float) -> float:
        q = ratio * p
        return x * math.log(q) + (n - x) * math.log(1 - q) + y * math.log(p) + (m - y) * math.log(1 - p)

    assert log_likelihood(other) > max(log_likelihood(other - 1e-4), log_likelihood(other + 1e-4))


def test_nothing_on_either_side_speaks_neither_way() -> None:
    assert ratio_score(0, 30, 0, 30, 1.25) == 0.0


def test_a_signal_without_lift_is_seen_and_one_with_lift_is_not() -> None:
    fired = np.repeat([1.0, 0.0], [60, 60])
    without = np.concatenate([np.repeat([1.0, 0.0], [6, 54]), np.repeat([1.0, 0.0], [24, 36])])
    lifting = np.concatenate([np.repeat([1.0, 0.0], [45, 15]), np.repeat([1.0, 0.0], [15, 45])])
    assert compare_in_group(fired, without, np.ones(120), 1.25).p_value < 0.001
    assert compare_in_group(fired, lifting, np.ones(120), 1.25).p_value > 0.9


def test_weights_count_for_the_shares_and_against_the_size() -> None:
    fired, labels = np.repeat([1.0, 0.0], 4), np.array([1.0, 0, 0, 0, 1, 0, 0, 0])
    found = compare_in_group(fired, labels, np.array([3.0, 1, 1, 1, 1, 1, 1, 1]), 1.25)
    assert (found.precision, found.other_precision) == (0.5, 0.25)


def test_adjusted_p_values_are_benjamini_and_hochbergs() -> None:
    # their own example (1995, section 3.2): fifteen p-values, four rejected at 5 %
    p = np.array(
        [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    )
    assert int((adjusted_p_values(p) <= 0.05).sum()) == 4
    assert adjusted_p_values(p)[3] == pytest.approx(0.0095 * 15 / 4)
    turned = adjusted_p_values(p[::-1])[::-1]
    np.testing.assert_allclose(turned, adjusted_p_values(p))


def test_forty_groups_without_a_useful_difference_seldom_lose_a_signal() -> None:
    """On forty groups at the edge of a useful lift, the unadjusted rule retires in most worlds, the adjusted in few."""
    unadjusted, adjusted = 0, 0
    for seed in range(100):
        p = _p_values(np.random.default_rng(seed), groups=40)
        unadjusted += bool((p < 0.05).any())
        adjusted += bool((adjusted_p_values(p) <= 0.05).any())
    assert unadjusted > 60
    assert adjusted <= 10


def _p_values(generator: np.random.Generator, groups: int) -> Numbers:
    fired = generator.binomial(60, 0.5, groups)
    other = generator.binomial(60, 0.4, groups)
    return np.array([normal_tail(ratio_score(x, 60, y, 60, 1.25)) for x, y in zip(fired, other, strict=True)])
