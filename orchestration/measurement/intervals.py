"""Intervals of proportions, of their differences, and from bootstrap draws; 95 % throughout."""

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from orchestration.measurement.rows import Estimate, immature

Z_95 = 1.959963984540054
"""The 97.5 % point of the standard normal."""

_BLOCK = 2_000_000

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def wilson_bounds(successes: float, trials: float) -> tuple[float, float]:
    """Return Wilson's score interval of a proportion, without continuity correction.

    Wilson 1927; Newcombe 1998, Statistics in Medicine 17:857-872, method 3. `trials` may be an effective, fractional
    size. Raises ValueError unless 0 <= successes <= trials and trials > 0.
    """
    if not 0 <= successes <= trials or trials <= 0:
        raise ValueError(
            f"Wilson's interval needs 0 <= successes <= trials and trials > 0; given {successes} of {trials}. "
            "Ask for no interval where nothing was tried."
        )
    share = successes / trials
    squared = Z_95**2
    centre = successes + squared / 2
    margin = Z_95 * math.sqrt(trials * share * (1 - share) + squared / 4)
    lower, upper = (centre - margin) / (trials + squared), (centre + margin) / (trials + squared)
    return max(0.0, min(lower, share)), min(1.0, max(upper, share))


def proportion(successes: int, trials: int, least: int) -> Estimate:
    """Return successes / trials with Wilson's interval; immature below `least` trials."""
    method = "proportion, Wilson 95 %"
    if trials == 0:
        return immature(0, f"{method}; shown from n = {least}")
    lower, upper = wilson_bounds(successes, trials)
    return Estimate(successes / trials, lower, upper, trials, method).shown_from(least)


def newcombe_difference(share_a: float, n_a: float, share_b: float, n_b: float) -> tuple[float, float, float]:
    """Return (a - b, lower, upper): Newcombe's hybrid score interval of a difference of independent proportions.

    Newcombe 1998, Statistics in Medicine 17:873-890, method 10.
    """
    lower_a, upper_a = wilson_bounds(share_a * n_a, n_a)
    lower_b, upper_b = wilson_bounds(share_b * n_b, n_b)
    difference = share_a - share_b
    below = math.sqrt((share_a - lower_a) ** 2 + (upper_b - share_b) ** 2)
    above = math.sqrt((upper_a - share_a) ** 2 + (share_b - lower_b) ** 2)
    return difference, difference - below, difference + above


def bootstrap_weights(units: int, draws: int, seed: int) -> Numbers:
    """Return a (draws, units) array of how often each unit is drawn, with replacement, in each bootstrap sample."""
    return np.concatenate(list(bootstrap_batches(units, draws, seed)))


def bootstrap_batches(units: int, draws: int, seed: int) -> Iterator[Numbers]:
    """Yield the rows of `bootstrap_weights` in blocks of bounded size, for many units."""
    generator = np.random.Generator(np.random.PCG64(seed))
    rows = max(1, _BLOCK // units)
    for first in range(0, draws, rows):
        size = min(rows, draws - first)
        yield generator.multinomial(units, np.full(units, 1 / units), size=size).astype(np.float64)


def percentile_bounds(draws: Numbers) -> tuple[float, float]:
    """Return the 2.5 and 97.5 percentiles of the finite draws (Efron's percentile interval)."""
    finite = draws[np.isfinite(draws)]
    if finite.size == 0:
        return math.nan, math.nan
    lower, upper = np.percentile(finite, [2.5, 97.5])
    return float(lower), float(upper)
