"""Interrupted time series: a segmented regression through a series that enforcement breaks."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from orchestration.measurement.intervals import Numbers
from orchestration.measurement.rows import Estimate, immature

METHOD = "interrupted time series, segmented least squares, Newey-West 95 %"
_PARAMETERS = 4


@dataclass(frozen=True)
class Regression:
    """Coefficients, their covariance and the degrees of freedom left."""

    coefficients: Numbers
    covariance: Numbers
    freedom: int


def segmented_design(days: Numbers) -> Numbers:
    """Return the (days, 4) design: 1, day, after, days since; `days` are relative to enforcement and never 0."""
    after = (days > 0).astype(np.float64)
    return np.column_stack([np.ones_like(days), days, after, after * days])


def least_squares(design: Numbers, values: Numbers, lag: int) -> Regression:
    """Return ordinary least squares with a covariance that allows correlation up to `lag` steps.

    Newey and West 1987 (Bartlett weights 1 - k / (lag + 1)), scaled by n / (n - parameters).
    Raises ValueError with fewer than two points more than parameters.
    """
    n, parameters = design.shape
    if n < parameters + 2:
        raise ValueError(f"A segmented regression needs at least {parameters + 2} days; given {n}. Wait for more days.")
    bread = np.linalg.inv(design.T @ design)
    coefficients = bread @ design.T @ values
    scores = design * (values - design @ coefficients)[:, None]
    meat = scores.T @ scores
    for step in range(1, min(lag, n - 1) + 1):
        cross = scores[step:].T @ scores[:-step]
        meat += (1 - step / (lag + 1)) * (cross + cross.T)
    covariance = bread @ meat @ bread * (n / (n - parameters))
    return Regression(coefficients, covariance, n - parameters)


def prevented_by_break(days: Numbers, values: Numbers, units: int, lag: int, least: int) -> Estimate:
    """Return the volume below the continued earlier line, summed over the days after and over `units`.

    `values` are means per unit on each relative day (Bernal, Cummins and Gasparrini 2017, Int. J. Epidemiology 46:348-355,
    with least squares in place of Poisson regression). The lag is cut to a quarter of the series. No control takes part, so
    whatever else changed at that time, and a return from an unusual peak, is counted as effect. Immature below `least` units.
    """
    if units < least:
        return immature(units, f"{METHOD}; shown from {least} units")
    if days.size < _PARAMETERS + 2 or not np.any(days > 0) or not np.any(days < 0):
        return immature(units, f"{METHOD}; too few days on either side")
    used_lag = min(lag, days.size // 4)
    fit = least_squares(segmented_design(days), values, used_lag)
    after = days[days > 0]
    contrast = -units * np.array([0.0, 0.0, float(after.size), float(np.sum(after))])
    value = float(contrast @ fit.coefficients)
    margin = float(stats.t.ppf(0.975, fit.freedom) * np.sqrt(max(0.0, float(contrast @ fit.covariance @ contrast))))
    return Estimate(value, value - margin, value + margin, units, f"{METHOD}, lag {used_lag}")
