"""Whether a signal raises precision in a group of customers: a test of the ratio of two shares.

Belongs here: the test of one signal in one group. The verdicts on which it fired there are compared with the group's other
verdicts, each weighted by the subjects it stands for.
"""

import math
from dataclasses import dataclass

import numpy as np

from orchestration.measurement.intervals import Numbers
from orchestration.recommending.multiplicity import normal_tail


@dataclass(frozen=True)
class Comparison:
    """Weighted precision where the signal fired and elsewhere in the group, and the p-value of a useful lift."""

    precision: float
    other_precision: float
    p_value: float


def compare_in_group(fired: Numbers, labels: Numbers, weights: Numbers, least_useful_lift: float) -> Comparison:
    """Return the comparison; a small p-value says that the lift is below `least_useful_lift`. Shapes (verdicts,).

    Farrington and Manning's score test of a ratio (1990, Statistics in Medicine 9:1447-1454) at Kish's effective sizes. Raises
    ValueError when one side has no verdict.
    """
    shares, sizes = zip(*(_share(labels[side], weights[side]) for side in (fired == 1, fired == 0)), strict=True)
    z = ratio_score(shares[0] * sizes[0], sizes[0], shares[1] * sizes[1], sizes[1], least_useful_lift)
    return Comparison(shares[0], shares[1], normal_tail(z))


def ratio_score(successes: float, trials: float, other_successes: float, other_trials: float, ratio: float) -> float:
    """Return the standardised difference of share - ratio x other share, its variance that of the restricted estimates.

    0 where nothing or everything succeeded on both sides, which speaks neither way. Sizes may be fractional.
    """
    a = ratio * (trials + other_trials)
    b = -(ratio * (trials + other_successes) + successes + other_trials)
    c = successes + other_successes
    other = (-b - math.sqrt(max(0.0, b * b - 4 * a * c))) / (2 * a)
    share = min(1.0, ratio * other)
    variance = share * (1 - share) / trials + ratio**2 * other * (1 - other) / other_trials
    difference = successes / trials - ratio * other_successes / other_trials
    return difference / math.sqrt(variance) if variance > 1e-15 else 0.0


def _share(labels: Numbers, weights: Numbers) -> tuple[float, float]:
    if not labels.size:
        raise ValueError("a comparison needs verdicts on both sides; given none on one. Ask for none there")
    return float(np.average(labels, weights=weights)), float(weights.sum() ** 2 / (weights**2).sum())
