"""Both designs for prevented volume against simulated truth."""

import numpy as np
import pytest

from orchestration.measurement.dependence import dependence_of
from orchestration.measurement.difference import DifferencePanel, prevented_total
from orchestration.measurement.interrupted import least_squares, prevented_by_break, segmented_design


def _panel(generator: np.random.Generator, units: int, effect: float, trend: float) -> DifferencePanel:
    level = generator.lognormal(4, 0.5, units)

    def noise() -> np.ndarray:
        return generator.normal(0, 3, units)

    return DifferencePanel(
        treated_pre=level + noise(),
        treated_post=level + trend - effect + noise(),
        control_pre=0.9 * level + noise(),
        control_post=0.9 * level + trend + noise(),
        days=np.full(units, 28.0),
        dependence=dependence_of([str(number) for number in range(units)], []),
    )


@pytest.mark.parametrize("effect", [0.0, 20.0])
def test_difference_in_differences_finds_the_truth_whatever_the_trend(effect: float) -> None:
    generator = np.random.default_rng(4)
    values, covered, truth = [], 0, 28 * 40 * effect
    for _ in range(150):
        estimate = prevented_total(_panel(generator, 40, effect, trend=15.0), 5)
        assert estimate.value is not None and estimate.lower is not None and estimate.upper is not None
        values.append(estimate.value)
        covered += estimate.lower <= truth <= estimate.upper
    assert float(np.mean(values)) == pytest.approx(truth, abs=4 * float(np.std(values)) / np.sqrt(150))
    assert covered >= 132


def test_few_units_show_no_number() -> None:
    estimate = prevented_total(_panel(np.random.default_rng(1), 4, 1.0, 0.0), 5)
    assert (estimate.value, estimate.n, estimate.immature) == (None, 4, True)


def _series(generator: np.random.Generator, drop: float, carried: float) -> tuple[np.ndarray, np.ndarray]:
    days = np.array([day for day in range(-28, 29) if day != 0], dtype=np.float64)
    shocks = generator.normal(0, 2, days.size + 1)
    return days, 100 + 0.4 * days - drop * (days > 0) + shocks[1:] + carried * shocks[:-1]


@pytest.mark.parametrize(("drop", "carried"), [(0.0, 0.0), (30.0, 0.0), (0.0, 0.5), (30.0, 0.5)])
def test_interrupted_series_finds_the_truth_under_a_trend(drop: float, carried: float) -> None:
    """The 95 % interval holds the truth in at least 90 % of series, with independent and with correlated errors."""
    generator = np.random.default_rng(5)
    values, covered, truth = [], 0, 10 * 28 * drop
    for _ in range(200):
        estimate = prevented_by_break(*_series(generator, drop, carried), units=10, least=5, run_up=0)
        assert estimate.value is not None and estimate.lower is not None and estimate.upper is not None
        values.append(estimate.value)
        covered += estimate.lower <= truth <= estimate.upper
    assert float(np.mean(values)) == pytest.approx(truth, abs=4 * float(np.std(values)) / np.sqrt(200))
    assert covered >= 180


def test_a_change_of_slope_is_prevented_volume_too() -> None:
    days = np.array([day for day in range(-20, 21) if day != 0], dtype=np.float64)
    values = 50 + days - 2 * np.clip(days, 0, None)
    estimate = prevented_by_break(days, values, units=5, least=5, run_up=0)
    assert estimate.value == pytest.approx(5 * 2 * sum(range(1, 21)))


def test_independent_errors_give_ordinary_least_squares() -> None:
    days = np.arange(-15.0, 16.0)[np.arange(31) != 15]
    # errors that alternate are not carried over, so the correlation stays at its floor of 0
    values = 3 + 0.5 * days + np.where(np.arange(30) % 2 == 0, 1.0, -1.0)
    design = segmented_design(days)
    fit = least_squares(design, values, days)
    expected, squares, *_ = np.linalg.lstsq(design, values, rcond=None)
    assert fit.correlation == 0
    assert fit.coefficients == pytest.approx(expected)
    assert fit.covariance == pytest.approx(squares[0] / 26 * np.linalg.inv(design.T @ design))


def test_correlation_of_the_errors_is_found() -> None:
    generator = np.random.default_rng(7)
    days = np.array([day for day in range(-100, 101) if day != 0], dtype=np.float64)
    errors = np.zeros(days.size)
    for number in range(1, days.size):
        errors[number] = 0.6 * errors[number - 1] + generator.normal()
    assert least_squares(segmented_design(days), errors, days).correlation == pytest.approx(0.6, abs=0.15)


def test_too_short_a_series_is_refused_or_immature() -> None:
    short = np.array([-2.0, -1.0, 1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="at least 6 days; given 5"):
        least_squares(segmented_design(short), np.ones(5), short)
    assert prevented_by_break(np.array([-1.0, 1.0]), np.ones(2), 9, 5, 0).immature
    assert prevented_by_break(np.arange(-9.0, 0.0), np.ones(9), 9, 5, 0).immature
