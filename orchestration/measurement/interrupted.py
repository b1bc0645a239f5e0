"""Interrupted time series: a segmented regression through a series that enforcement breaks."""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from orchestration.measurement.intervals import Flags, Numbers
from orchestration.measurement.rows import Estimate, immature

METHOD = "interrupted time series, segmented least squares with weekly harmonics and lag-one errors (REML) 95 %"
_HIGHEST_CORRELATION = 0.95
_WEEK = 7.0
_PAIRS = 2


@dataclass(frozen=True)
class Regression:
    """Coefficients, their covariance, the degrees of freedom left and the correlation of neighbouring days' errors."""

    coefficients: Numbers
    covariance: Numbers
    freedom: int
    correlation: float


def segmented_design(days: Numbers) -> Numbers:
    """Return the (days, 4) design: 1, day, after, days since; `days` are relative to enforcement and never 0."""
    after = (days > 0).astype(np.float64)
    return np.column_stack([np.ones_like(days), days, after, after * days])


def harmonics(days: Numbers, period: float, pairs: int) -> Numbers:
    """Return the (days, 2 pairs) sines and cosines of 1 to `pairs` turns a period, for a season in the series.

    Bernal, Cummins and Gasparrini 2017, Int. J. Epidemiology 46:348-355. Raises ValueError where a pair would turn
    faster than every second day and so repeat another.
    """
    if not 0 < 2 * pairs < period:
        raise ValueError(f"Harmonics of a period of {period} days need 1 to {(period - 1) // 2:.0f} pairs; given {pairs}.")
    turns = 2 * np.pi * days[:, None] * np.arange(1, pairs + 1) / period
    return np.column_stack([np.sin(turns), np.cos(turns)])


def least_squares(design: Numbers, values: Numbers, days: Numbers) -> Regression:
    """Return generalised least squares with errors correlated as r^|days apart|, r by restricted maximum likelihood.

    Newey and West's covariance is usual here but too narrow on series of this length (`stillwatch prove` shows by how
    much; see also Turner et al. 2021, BMC Medical Research Methodology 21:181, who find restricted likelihood the better
    choice). r is kept in [0, 0.95]: a negative one would only narrow the interval. Raises ValueError with fewer than two
    days more than parameters.
    """
    n, parameters = design.shape
    if n < parameters + 2:
        raise ValueError(f"A segmented regression needs at least {parameters + 2} days; given {n}. Wait for more days.")
    apart = np.abs(days[:, None] - days[None, :])

    def loss(correlation: float) -> float:
        root = np.linalg.cholesky(correlation**apart)
        white_design, white_values = np.linalg.solve(root, design), np.linalg.solve(root, values)
        gram = white_design.T @ white_design
        residuals = white_values - white_design @ np.linalg.solve(gram, white_design.T @ white_values)
        squares = max(float(residuals @ residuals), np.finfo(np.float64).tiny)
        log_root = 2 * float(np.sum(np.log(np.diag(root))))
        return log_root + float(np.linalg.slogdet(gram)[1]) + (n - parameters) * float(np.log(squares))

    found = optimize.minimize_scalar(loss, bounds=(0.0, _HIGHEST_CORRELATION), method="bounded")
    correlation = min((0.0, float(found.x)), key=loss)
    weights = np.linalg.inv(correlation**apart)
    inverse = np.linalg.inv(design.T @ weights @ design)
    coefficients = inverse @ design.T @ weights @ values
    residuals = values - design @ coefficients
    variance = float(residuals @ weights @ residuals) / (n - parameters)
    return Regression(coefficients, variance * inverse, n - parameters, correlation)


def fitted_days(days: Numbers, run_up: int) -> Flags:
    """Return which days a break is fitted to: all but the `run_up` days before enforcement.

    A unit is acted on when it stands out, so its last days before are higher than its usual ones; a line through them
    would take the fall back to usual for an effect.
    """
    return (days < -run_up) | (days > 0)


def prevented_by_break(days: Numbers, values: Numbers, units: int, least: int, run_up: int) -> Estimate:
    """Return the volume below the continued earlier line, summed over the days after and over `units`.

    `values` are means per unit on each relative day (Bernal, Cummins and Gasparrini 2017, with least squares in place of
    Poisson regression: a volume that an action takes to nothing has no logarithm). No control takes part, so whatever
    else changed at that time is counted as effect. Immature below `least` units, or with too few days on either side for
    the line, the break and the week.
    """
    if units < least:
        return immature(units, f"{METHOD}; shown from {least} units")
    used = fitted_days(days, run_up)
    fitted, after = days[used], days[days > 0]
    if after.size < 2 or np.count_nonzero(fitted < 0) < 2 * _WEEK:
        return immature(units, f"{METHOD}; needs {2 * _WEEK:.0f} days before the run-up and 2 after")
    design = np.column_stack([segmented_design(fitted), harmonics(fitted, _WEEK, _PAIRS)])
    fit = least_squares(design, values[used], fitted)
    contrast = -units * np.array([0.0, 0.0, float(after.size), float(np.sum(after)), *np.zeros(2 * _PAIRS)])
    value = float(contrast @ fit.coefficients)
    deviation = float(np.sqrt(max(0.0, float(contrast @ fit.covariance @ contrast))))
    margin = float(stats.t.ppf(0.975, fit.freedom)) * deviation
    return Estimate(value, value - margin, value + margin, units, f"{METHOD}, r = {fit.correlation:.2f}")
