"""Both designs for prevented volume: exact cases, equality with statsmodels, and a published interrupted series.

How often their intervals hold the truth is in tests/integration/estimators.
"""

from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.regression.linear_model import GLS

from orchestration.measurement.dependence import dependence_of
from orchestration.measurement.difference import DifferencePanel, earlier_total, prevented_total
from orchestration.measurement.interrupted import harmonics, line_and_week, predicted_sum, prevented_by_break

# Monthly admissions for acute coronary events in Sicily, ages 0 to 69, January 2002 to November 2006, and the
# age-standardised population; smoking was banned in January 2005 (supplement of the paper)
SMOKING_BAN = Path(__file__).with_name("smoking_ban.csv")


def test_published_smoking_ban() -> None:
    """Bernal, Cummins and Gasparrini 2017, with season by harmonics: rate ratio 0.885, 95 % 0.839 to 0.933."""
    admissions, population = np.loadtxt(SMOKING_BAN, delimiter=",", skiprows=1, unpack=True)
    months = np.arange(1.0, 60.0)
    design = np.column_stack([np.ones(59), months >= 37, months, harmonics(months, 12, 2)]).astype(np.float64)
    fit = sm.GLM(admissions, design, family=sm.families.Poisson(), offset=np.log(population)).fit(scale="X2")
    published = (float(np.exp(fit.params[1])), *np.exp(fit.conf_int()[1]))
    assert tuple(round(float(number), 3) for number in published) == (0.885, 0.839, 0.933)


def _panel(change: float, effect: float, earlier: np.ndarray) -> DifferencePanel:
    level = np.linspace(50, 150, earlier.size)
    return DifferencePanel(
        treated_pre=level,
        treated_post=level + change - effect,
        control_change=np.full(earlier.size, change),
        earlier=earlier,
        days=28.0,
        dependence=dependence_of([str(number) for number in range(earlier.size)], []),
    )


def test_the_difference_takes_off_what_the_controls_did_too() -> None:
    estimate = prevented_total(_panel(15.0, 20.0, np.tile([-1.0, 1.0], 5)), 5)
    assert estimate.value == pytest.approx(10 * 28 * 20)
    assert estimate.lower < estimate.value < estimate.upper


def test_the_interval_is_that_of_the_time_before_and_grows_with_the_controls() -> None:
    earlier = np.tile([-1.0, 1.0], 5)
    before = earlier_total(_panel(0.0, 20.0, earlier), 5)
    assert before.value == pytest.approx(0)
    still, grown = (prevented_total(_panel(change, 20.0, earlier), 5) for change in (0.0, 50.0))
    assert still.upper - still.value == pytest.approx(before.upper)
    assert grown.upper - grown.value > 1.2 * before.upper


def test_few_units_show_no_number() -> None:
    estimate = prevented_total(_panel(0.0, 1.0, np.array([1.0, -1, 1, -1])), 5)
    assert (estimate.value, estimate.n, estimate.immature) == (None, 4, True)


def test_units_of_one_case_show_no_number_however_many() -> None:
    panel = _panel(0.0, 1.0, np.tile([-1.0, 1.0], 5))
    together = dependence_of([str(number) for number in range(10)], [[(str(number), str(number % 4)) for number in range(10)]])
    estimate = prevented_total(DifferencePanel(**(vars(panel) | {"dependence": together})), 5)
    assert (estimate.n, estimate.immature) == (10, True)


DAYS = np.arange(-56.0, -14.0)
AHEAD = np.arange(1.0, 29.0)


def test_prediction_given_a_correlation_equals_statsmodels() -> None:
    """Generalised least squares with the same errors, and the prediction that Goldberger 1962 adds to it."""
    values = 100 + 0.4 * DAYS + 10 * np.sin(2 * np.pi * DAYS / 7) + np.random.default_rng(1).normal(0, 3, DAYS.size)
    found = predicted_sum(DAYS, values, AHEAD)
    place = int(np.argmin(np.abs(found.correlations - 0.5)))
    apart = np.abs(DAYS[:, None] - DAYS[None, :])
    fit = GLS(values, line_and_week(DAYS), sigma=0.5**apart).fit()
    carried = (0.5 ** np.abs(DAYS[:, None] - AHEAD[None, :])).sum(axis=1) @ np.linalg.inv(0.5**apart) @ fit.resid
    assert found.values[place] == pytest.approx(float(fit.predict(line_and_week(AHEAD)).sum() + carried))
    assert found.weights.sum() == pytest.approx(1)
    assert found.quantile(0.025) < found.value < found.quantile(0.975)


def test_correlation_of_the_errors_is_found() -> None:
    generator = np.random.default_rng(7)
    days = np.arange(-300.0, 0.0)
    errors = np.zeros(days.size)
    for number in range(1, days.size):
        errors[number] = 0.6 * errors[number - 1] + generator.normal()
    assert predicted_sum(days, errors, AHEAD).correlation == pytest.approx(0.6, abs=0.15)


@pytest.mark.parametrize("run_up", [0, 14])
def test_a_series_that_goes_on_as_before_has_nothing_prevented(run_up: int) -> None:
    days = np.concatenate([np.arange(-56.0, 0.0), AHEAD])
    values = 50 + days + 8 * np.cos(2 * np.pi * days / 7)
    estimate = prevented_by_break(days, values, 5, 5, run_up)
    assert estimate.value == pytest.approx(0, abs=1e-6)


def test_a_fall_and_a_change_of_slope_are_prevented_volume() -> None:
    days = np.concatenate([np.arange(-56.0, 0.0), AHEAD])
    values = 50 + days - 2 * np.clip(days, 0, None) - 10 * (days > 0)
    estimate = prevented_by_break(days, values, units=5, least=5, run_up=14)
    assert estimate.value == pytest.approx(5 * (2 * AHEAD.sum() + 280))


def test_a_peak_in_the_run_up_is_not_taken_for_usual() -> None:
    days = np.concatenate([np.arange(-56.0, 0.0), AHEAD])
    values = 50 + 40.0 * ((days < 0) & (days >= -14))
    assert prevented_by_break(days, values, 5, 5, run_up=14).value == pytest.approx(0, abs=1e-6)
    assert prevented_by_break(days, values, 5, 5, run_up=0).value > 1000


def test_harmonics_that_repeat_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="need 1 to 3 pairs; given 4"):
        harmonics(DAYS, 7.0, 4)


def test_too_short_a_series_is_refused_or_immature() -> None:
    with pytest.raises(ValueError, match="at least 10 days; given 5"):
        predicted_sum(np.arange(-5.0, 0.0), np.ones(5), AHEAD)
    assert prevented_by_break(np.array([-1.0, 1.0]), np.ones(2), 9, 5, 0).immature
    assert prevented_by_break(np.arange(-40.0, 0.0), np.ones(40), 9, 5, 0).immature
    assert prevented_by_break(np.concatenate([np.arange(-27.0, 0), AHEAD]), np.ones(55), 9, 5, 14).immature
