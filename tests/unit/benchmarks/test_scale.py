"""The laws by which larger days are told from measured ones, and that the page says them."""

import pytest

from tests.benchmarks.night import Cost
from tests.benchmarks.scale import BILLION, fill, law, seconds_on, serial_share


def _cost(processor: float, release: float = 3.0) -> Cost:
    steps = {"landing": 2.0, "features_and_links": processor / 2, "release": release}
    return Cost(wall=processor, processor=processor, memory=900 + processor, steps=steps)


def test_a_law_gives_back_what_it_was_fitted_to() -> None:
    found = law(10.0, {size: 10 + 5 * (size / 400) ** 0.8 for size in (100, 200, 400)})
    assert found is not None
    assert (found.power, found.of(400)) == (pytest.approx(0.8), pytest.approx(15))
    assert found.of(4000) == pytest.approx(10 + 5 * 10**0.8)


def test_what_does_not_grow_has_no_law() -> None:
    assert law(10.0, {100: 10.1, 400: 10.3}) is None
    with pytest.raises(ValueError, match="two sizes"):
        law(1.0, {100: 2.0})


def test_a_size_below_the_fixed_part_is_no_ground_for_a_power() -> None:
    # the small day's noise leaves less than nothing
    found = law(10.0, {100: 9.9, 1000: 20.0, 10_000: 110.0})
    assert found is not None
    assert (found.at_largest, found.power) == (100, pytest.approx(1.0))


def test_amdahl_is_told_from_one_core_and_two() -> None:
    assert serial_share(100, 50) == pytest.approx(0)
    assert serial_share(100, 100) == 1
    assert serial_share(100, 60) == pytest.approx(0.2)
    assert seconds_on(1_000_000, 100, 0.2) == pytest.approx(20, abs=0.01)


def test_the_page_says_what_follows_from_the_measured_nights() -> None:
    nights = {size: _cost(20 + 30 * size / 1_000_000) for size in (250_000, 500_000, 1_000_000)}
    page = fill(_cost(20.0), nights, _cost(75.0), {"landing": 70, "warehouse": 50, "release": 30}, "scale", 1)
    # 20 s and 30 s a million requests
    assert f"take {(20 + 30 * BILLION / 1e6) / 3600:,.0f} processor hours" in page
    assert "by Amdahl's law 33% of it" in page
    assert "70 in the landing folder" in page
    assert "| publish, pages | 3.0 | 3.0 | 3.0 | 3.0 | none seen |" in page
    assert "$" not in page


def test_days_too_small_to_tell_are_refused() -> None:
    nights = {size: _cost(20.1) for size in (1_000, 2_000)}
    with pytest.raises(ValueError, match="larger days"):
        fill(_cost(20.0), nights, _cost(20.0), {"landing": 1, "warehouse": 1, "release": 1}, "scale", 1)
