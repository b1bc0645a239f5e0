"""Estimates from the audit samples, whose selection probabilities are known.

Belongs here: Horvitz-Thompson totals, Hajek shares, and the intervals of both.
"""

import math
from dataclasses import dataclass

import numpy as np

from orchestration.measurement.intervals import Z_95, Numbers, wilson_bounds


@dataclass(frozen=True)
class WeightedShare:
    """A share with its interval and the number of equally weighted items it is worth."""

    value: float
    lower: float
    upper: float
    effective_n: float


def horvitz_thompson_total(values: Numbers, probabilities: Numbers) -> tuple[float, float]:
    """Return the estimated population total of `values` and its variance.

    Horvitz and Thompson 1952: sum of y / p. The variance is that of independent draws, sum of (1 - p) y^2 / p^2, which
    is not below that of the fixed-size stratified draw we make as long as units within a stratum do not differ in sign.
    Raises ValueError when a probability is not in (0, 1].
    """
    _require_probabilities(probabilities)
    total = float(np.sum(values / probabilities))
    variance = float(np.sum((1 - probabilities) * values**2 / probabilities**2))
    return total, variance


def horvitz_thompson_share(successes: Numbers, sizes: Numbers, probabilities: Numbers) -> WeightedShare:
    """Return the population share sum(y x) / sum(x), each sum estimated by weights 1 / p (Hajek's ratio).

    `successes` are 0 or 1, `sizes` the measure shared out (1 for a share of items, tokens for a share of tokens). The
    interval is Wilson's at the effective sample size share (1 - share) / variance, with the linearised variance of
    the ratio (Korn and Graubard 1998, Survey Methodology 24:193-201, with Wilson's in place of Clopper and Pearson's
    interval), never more than Kish's (sum w)^2 / sum w^2, which also serves where all or none succeed. Raises
    ValueError when a probability is not in (0, 1] or no size is positive.
    """
    _require_probabilities(probabilities)
    weights = sizes / probabilities
    total = float(np.sum(weights))
    if total <= 0:
        raise ValueError("A weighted share needs at least one positive size; given none. Leave out items of size 0.")
    share = min(1.0, float(np.sum(weights * successes)) / total)
    kish = total**2 / float(np.sum(weights**2))
    count = int(np.count_nonzero(weights))
    residuals = weights * (successes - share) / total
    variance = float(np.sum(residuals**2)) * count / max(count - 1, 1)
    informative = share * (1 - share) / variance if variance > 0 and 0 < share < 1 else kish
    effective = min(informative, kish) if math.isfinite(informative) else kish
    lower, upper = wilson_bounds(share * effective, effective)
    return WeightedShare(share, lower, upper, effective)


def normal_bounds(value: float, variance: float, floor: float = -math.inf) -> tuple[float, float]:
    """Return the normal 95 % interval of an estimate, not below `floor`."""
    margin = Z_95 * math.sqrt(variance)
    return max(floor, value - margin), value + margin


def _require_probabilities(probabilities: Numbers) -> None:
    if probabilities.size and not bool(np.all((probabilities > 0) & (probabilities <= 1))):
        raise ValueError(
            f"Selection probabilities must be in (0, 1]; given {float(probabilities.min())} to "
            f"{float(probabilities.max())}. Check selection_probability in review_queue."
        )
