"""Cluster-robust totals and ratios against statsmodels, and what overlapping groups do."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from orchestration.measurement.dependence import dependence_of, ratio_margin, total_margin

UNITS = [f"u{number:02}" for number in range(24)]
GROUPS = np.repeat(np.arange(8), 3)
IN_GROUPS = dependence_of(UNITS, [[(unit, str(group)) for unit, group in zip(UNITS, GROUPS, strict=True)]])
AMOUNTS = np.random.default_rng(2).normal(10, 4, 24) + np.repeat(np.random.default_rng(3).normal(0, 5, 8), 3)


def test_total_over_equal_groups_equals_clustered_least_squares() -> None:
    """statsmodels corrects by G / (G - 1) x (N - 1) / (N - K); with a mean alone the second is 1."""
    fit = sm.OLS(AMOUNTS, np.ones((24, 1))).fit(cov_type="cluster", cov_kwds={"groups": GROUPS}, use_t=True)
    margin = stats.t.ppf(0.975, 7) * float(fit.bse[0]) * 24
    assert total_margin(AMOUNTS, IN_GROUPS) == pytest.approx(margin)


def test_ratio_equals_clustered_least_squares_weighted_by_its_base() -> None:
    """A ratio of sums is the mean of the unit ratios weighted by their bases."""
    bases = np.random.default_rng(5).uniform(20, 60, 24)
    fit = sm.WLS(AMOUNTS / bases, np.ones((24, 1)), weights=bases).fit(
        cov_type="cluster", cov_kwds={"groups": GROUPS}, use_t=True
    )
    # ours takes fewer degrees of freedom where the groups differ in size
    freedom = IN_GROUPS.effective_count_of(bases) - 1
    assert 6 < freedom < 7
    assert ratio_margin(AMOUNTS, bases, IN_GROUPS) == pytest.approx(stats.t.ppf(0.975, freedom) * float(fit.bse[0]))


def test_units_alone_give_students_interval_of_the_mean() -> None:
    alone = dependence_of(UNITS, [])
    assert total_margin(AMOUNTS, alone) == pytest.approx(24 * stats.t.ppf(0.975, 23) * stats.sem(AMOUNTS))


def test_a_sum_that_one_great_unit_carries_is_worth_little() -> None:
    sizes = np.array([1000.0, *np.ones(23)])
    alone = dependence_of(UNITS, [])
    assert alone.effective_count_of(sizes) == pytest.approx(1023**2 / (1000**2 + 23))
    assert total_margin(AMOUNTS, alone, sizes) > 5 * total_margin(AMOUNTS, alone)


def test_effective_count_and_kinds_of_things() -> None:
    assert IN_GROUPS.effective_count == pytest.approx(8)
    # the same value of another kind is another thing, and units not asked for are passed over
    two_kinds = dependence_of(["a", "b", "c"], [[("a", "1"), ("b", "2"), ("z", "1")], [("c", "1")]])
    assert two_kinds.effective_count == pytest.approx(3)
    chained = dependence_of(["a", "b", "c"], [[("a", "1"), ("b", "1"), ("b", "2"), ("c", "2")]])
    assert chained.pairs.toarray().tolist() == [[1, 1, 0], [1, 1, 1], [0, 1, 1]]


def test_kept_units_alone_are_as_if_the_others_had_never_been() -> None:
    shared = [("a", "1"), ("b", "1"), ("b", "2"), ("c", "2"), ("c", "3"), ("d", "3")]
    whole = dependence_of(["a", "b", "c", "d"], [shared])
    kept = whole.among(np.array([True, False, True, True]))
    assert (kept.count, kept.pairs.toarray().tolist()) == (3, dependence_of(["a", "c", "d"], [shared]).pairs.toarray().tolist())
    assert whole.among(np.ones(4, dtype=np.bool_)) is whole


def test_overlapping_groups_never_give_less_than_units_alone() -> None:
    chained = dependence_of(["a", "b", "c"], [[("a", "1"), ("b", "1"), ("b", "2"), ("c", "2")]])
    influences = np.array([1.0, -2.0, 1.0])
    assert chained.variance(influences) == 6.0


def test_one_group_alone_has_no_interval() -> None:
    together = dependence_of(["a", "b"], [[("a", "1"), ("b", "1")]])
    with pytest.raises(ValueError, match=r"above 1; given 1.00"):
        total_margin(np.array([1.0, 2.0]), together)
    with pytest.raises(ValueError, match=r"more than zero; given 0\.0"):
        ratio_margin(np.array([1.0, 2.0]), np.zeros(2), dependence_of(["a", "b"], []))
