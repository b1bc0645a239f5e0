"""Many tests at once: p-values of the normal distribution, and their adjustment for how many were asked."""

import math

import numpy as np

from orchestration.measurement.intervals import Numbers


def normal_tail(z: float) -> float:
    """Return the probability that a standard normal number is below `z`."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


def adjusted_p_values(p_values: Numbers) -> Numbers:
    """Return Benjamini and Hochberg's adjusted p-values, in the order given.

    1995, Journal of the Royal Statistical Society B 57:289-300: rejecting what is at most q keeps the expected share of false
    rejections among all at q, for tests that are independent or positively dependent. Groups share their verdicts with
    `all` and signals fire together, which is dependence of that kind.
    """
    count = p_values.size
    order = np.argsort(p_values, kind="stable")
    stepped = p_values[order] * count / np.arange(1, count + 1)
    lowered = np.minimum.accumulate(stepped[::-1])[::-1]
    adjusted = np.empty(count)
    adjusted[order] = np.minimum(lowered, 1.0)
    return adjusted
