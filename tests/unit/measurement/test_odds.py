"""The pooled odds ratio against statsmodels."""

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import StratifiedTable

from orchestration.measurement.odds import Strata, pooled_odds_ratio


@pytest.mark.parametrize("seed", range(4))
def test_equals_statsmodels(seed: int) -> None:
    tables = np.random.default_rng(seed).integers(1, 30, (6, 2, 2)).astype(np.float64)
    expected = StratifiedTable(list(tables))
    found = pooled_odds_ratio(Strata(*(tables[:, row, column] for row in (0, 1) for column in (0, 1))), 20)
    assert found.value == pytest.approx(expected.oddsratio_pooled)
    assert (found.lower, found.upper) == pytest.approx(expected.oddsratio_pooled_confint())
    assert found.n == int(tables.sum())


def test_a_stratum_of_one_side_says_nothing() -> None:
    alone = pooled_odds_ratio(Strata(*(np.array([count, extra]) for count, extra in ((6.0, 50.0), (9, 3), (8, 0), (7, 0)))), 20)
    assert alone.n == 30
    assert alone.value == pytest.approx(6 * 7 / (9 * 8))


def test_few_decisions_and_one_sided_ones_show_no_number() -> None:
    few = pooled_odds_ratio(Strata(*(np.array([count]) for count in (4.0, 4, 4, 4))), 20)
    never = pooled_odds_ratio(Strata(*(np.array([count]) for count in (15.0, 0, 15, 0))), 20)
    assert (few.value, few.immature, few.n) == (None, True, 16)
    assert (never.value, never.immature, never.n) == (None, True, 30)
