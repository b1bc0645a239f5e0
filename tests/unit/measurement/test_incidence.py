"""Cumulative incidence and its influences against lifelines, Greenwood's variance and their own definition."""

import numpy as np
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from lifelines.datasets import load_rossi

from orchestration.measurement.dependence import dependence_of
from orchestration.measurement.incidence import bounded_share, cumulative_incidence

ROSSI = load_rossi()
WEEKS, ARREST = (ROSSI[name].to_numpy(dtype=np.float64) for name in ("week", "arrest"))
ALONE = dependence_of([str(number) for number in range(WEEKS.size)], [])


def _ends(seed: int, size: int = 60) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    return generator.exponential(20, size), generator.integers(0, 3, size).astype(np.float64)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("cause", [1, 2])
def test_incidence_equals_lifelines(seed: int, cause: int) -> None:
    durations, causes = _ends(seed)
    curve = AalenJohansenFitter(calculate_variance=False).fit(durations, causes.astype(int), event_of_interest=cause)
    table = curve.cumulative_density_
    for time in (5.0, 15.0, 40.0):
        expected = table[table.index <= time].iloc[-1, 0]
        assert cumulative_incidence(durations, causes, cause, time).value == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("week", [1.0, 17.0, 52.0])
def test_one_cause_is_one_minus_kaplan_and_meier(week: float) -> None:
    expected = 1 - KaplanMeierFitter().fit(WEEKS, ARREST).predict(week)
    assert cumulative_incidence(WEEKS, ARREST, 1, week).value == pytest.approx(expected, abs=1e-12)


def test_influences_square_to_greenwoods_variance() -> None:
    """Rossi, Berk and Lenihan 1980 at week 52: standard error 0.021205, since nobody was lost before."""
    influences = cumulative_incidence(WEEKS, ARREST, 1, 52.0).influences
    assert float(np.sqrt(influences @ influences)) == pytest.approx(0.021205, abs=5e-7)
    assert float(influences.sum()) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("cause", [1, 2])
@pytest.mark.parametrize("unit", [0, 7, 31])
def test_influence_is_the_derivative_by_the_units_weight(cause: int, unit: int) -> None:
    """A unit that stands a thousandth more often moves the share by a thousandth of its influence."""
    durations, causes = _ends(3, 40)
    durations = np.ceil(durations / 4)
    copies = 1000
    many_durations, many_causes = np.repeat(durations, copies), np.repeat(causes, copies)
    heavier = np.append(many_durations, durations[unit]), np.append(many_causes, causes[unit])
    for time in (2.0, 6.0, 9.0):
        found = cumulative_incidence(durations, causes, cause, time)
        moved = cumulative_incidence(*heavier, cause, time).value - found.value
        assert moved * copies == pytest.approx(float(found.influences[unit]), abs=2e-4)


def test_units_of_one_case_are_worth_one() -> None:
    durations, causes = np.repeat([5.0, 30.0, 30.0, 5.0, 30.0], 4), np.repeat([1.0, 0.0, 0.0, 1.0, 0.0], 4)
    units = [f"u{number}" for number in range(20)]
    together = dependence_of(units, [[(unit, f"case{number // 4}") for number, unit in enumerate(units)]])
    found = bounded_share(cumulative_incidence(durations, causes, 1, 28.0), together)
    assert found.value == pytest.approx(0.4)
    assert found.effective_n == pytest.approx(5)
    assert bounded_share(cumulative_incidence(durations, causes, 1, 28.0), dependence_of(units, [])).effective_n == pytest.approx(
        20
    )


def test_none_ended_leaves_the_number_of_units_to_say_what_was_missed() -> None:
    found = bounded_share(
        cumulative_incidence(np.full(20, 60.0), np.zeros(20), 1, 28.0), dependence_of([str(n) for n in range(20)], [])
    )
    assert (found.value, found.lower) == (0.0, 0.0)
    assert found.upper == pytest.approx(0.1611, abs=5e-5)
