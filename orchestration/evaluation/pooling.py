"""Figures over worlds, with 95 % intervals that respect that what lies in one world is alike.

Belongs here: pooling. An interval is the wider, end by end, of Wilson's over all trials and the percentile bootstrap over
worlds (Efron and Tibshirani 1993, chapter 13; clusters drawn whole): few worlds make the bootstrap narrow, and where every
world agrees it has no width at all, while Wilson's alone takes the trials of one world to be independent.
"""

from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from orchestration.measurement.intervals import bootstrap_weights, percentile_bounds, wilson_bounds

_DRAWS, _SEED = 2000, 20_260_301


class Pooled(BaseModel):
    """A figure over worlds: value and 95 % interval, None where nothing was tried or nothing can be said; n trials in all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float | None
    lower: float | None
    upper: float | None
    n: int


def pooled_share(successes: Sequence[int], trials: Sequence[int]) -> Pooled:
    """Return the share of all trials that succeeded; one number of each for every world, in one order."""
    total = sum(trials)
    if total == 0:
        return Pooled(value=None, lower=None, upper=None, n=0)
    low, high = wilson_bounds(sum(successes), total)
    bounds = _bootstrap(successes, trials)
    return Pooled(value=sum(successes) / total, lower=min(low, bounds[0]), upper=max(high, bounds[1]), n=total)


def pooled_mean(values: Sequence[Sequence[float]]) -> Pooled:
    """Return the mean of all values, a sequence for every world; the interval is the bootstrap's, over two worlds or more."""
    counts = [len(inside) for inside in values]
    if sum(counts) == 0:
        return Pooled(value=None, lower=None, upper=None, n=0)
    sums = [sum(inside) for inside in values]
    mean = sum(sums) / sum(counts)
    if sum(count > 0 for count in counts) < 2:
        return Pooled(value=mean, lower=None, upper=None, n=sum(counts))
    low, high = _bootstrap(sums, counts)
    return Pooled(value=mean, lower=min(low, mean), upper=max(high, mean), n=sum(counts))


def _bootstrap(sums: Sequence[float], counts: Sequence[int]) -> tuple[float, float]:
    drawn = bootstrap_weights(len(counts), _DRAWS, _SEED)
    above, below = drawn @ np.asarray(sums, dtype=np.float64), drawn @ np.asarray(counts, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return percentile_bounds(above / below)
