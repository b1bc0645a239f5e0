"""Kaplan and Meier's curve against published numbers and against lifelines."""

import numpy as np
import pytest
from lifelines.datasets import load_rossi, load_waltons

from orchestration.measurement.settings import MeasurementSettings
from orchestration.measurement.survival import curve_points, survival_draws, time_quantile, time_quantiles

ROSSI = load_rossi()
WEEKS, ARREST = (ROSSI[name].to_numpy(dtype=np.float64) for name in ("week", "arrest"))


def test_rossi_survival_at_52_weeks() -> None:
    """Rossi, Berk and Lenihan 1980: 114 of 432 arrested within a year, none lost before: 318 / 432."""
    (point,) = curve_points(WEEKS, ARREST, np.array([52.0]))
    assert point.survival == pytest.approx(0.736111, abs=5e-7)
    assert point.lower < point.survival < point.upper
    assert point.at_risk == int((WEEKS >= 52).sum())


def test_vectorised_curve_equals_lifelines() -> None:
    times, survival = survival_draws(WEEKS, ARREST, np.ones((1, WEEKS.size)))
    expected = [point.survival for point in curve_points(WEEKS, ARREST, times)]
    assert survival[0] == pytest.approx(expected, abs=1e-12)


def test_a_weight_of_two_is_a_row_twice() -> None:
    durations, observed = np.array([1.0, 2.0, 2.0, 5.0]), np.array([1.0, 0.0, 1.0, 1.0])
    repeated = np.array([2, 1, 3, 3])
    rows = (np.repeat(durations, repeated), np.repeat(observed, repeated))
    alone = survival_draws(*rows, np.ones((1, rows[0].size)))
    weighted = survival_draws(durations, observed, repeated[None, :].astype(np.float64))
    assert weighted[1] == pytest.approx(alone[1])


def test_median_of_the_waltons_data() -> None:
    """lifelines' documentation: median survival 56 over both groups."""
    waltons = load_waltons()
    durations, observed = (waltons[name].to_numpy(dtype=np.float64) for name in ("T", "E"))
    estimate = time_quantile(durations, observed, 0.5, MeasurementSettings())
    assert estimate.value == 56
    assert estimate.lower is not None and estimate.upper is not None
    assert estimate.lower <= 56 <= estimate.upper


def test_a_quantile_not_reached_shows_no_number() -> None:
    estimate = time_quantile(WEEKS, ARREST, 0.5, MeasurementSettings())
    assert (estimate.value, estimate.immature, estimate.n) == (None, True, 432)


def test_several_quantiles_of_the_same_draws_are_those_asked_for_one_by_one() -> None:
    settings, generator = MeasurementSettings(bootstrap_draws=200), np.random.default_rng(12)
    times, ends = generator.exponential(10, 80), generator.uniform(2, 25, 80)
    durations, observed = np.minimum(times, ends), (times <= ends).astype(float)
    for few in (slice(0, 80), slice(0, 12), slice(0, 5)):
        asked = (durations[few], observed[few])
        together = time_quantiles(*asked, (0.1, 0.5, 0.99), settings)
        assert together == [time_quantile(*asked, share, settings) for share in (0.1, 0.5, 0.99)]
    assert [one.immature for one in time_quantiles(durations, observed, (0.1, 0.99), settings)] == [False, True]


def test_the_closed_cases_alone_would_look_faster() -> None:
    """Ninety wait still: the mean of the ten closed would say 5 days, the curve says that the median is not known."""
    durations = np.concatenate([np.arange(1.0, 11.0), np.full(90, 30.0)])
    observed = np.concatenate([np.ones(10), np.zeros(90)])
    assert time_quantile(durations, observed, 0.5, MeasurementSettings()).immature
    assert time_quantile(durations, observed, 0.1, MeasurementSettings()).value == 10


def test_interval_covers_the_median_of_simulated_times() -> None:
    settings = MeasurementSettings(bootstrap_draws=200)
    generator = np.random.default_rng(11)
    covered = 0
    for _ in range(60):
        times, ends = generator.exponential(10, 80), generator.uniform(5, 40, 80)
        estimate = time_quantile(np.minimum(times, ends), (times <= ends).astype(float), 0.5, settings)
        assert estimate.lower is not None and estimate.upper is not None
        covered += estimate.lower <= 10 * np.log(2) <= estimate.upper
    assert covered >= 52
