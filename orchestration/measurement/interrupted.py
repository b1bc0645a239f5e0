"""Interrupted time series: what a series that enforcement breaks would have gone on to be."""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from orchestration.measurement.intervals import Numbers
from orchestration.measurement.rows import Estimate, immature

METHOD = "interrupted time series, line and week continued with lag-one errors, prediction 95 %"
_CORRELATIONS = np.linspace(0.0, 0.95, 20)
_WEEK = 7.0
_PAIRS = 3


@dataclass(frozen=True)
class Prediction:
    """The predicted sum of values to come: by each correlation of neighbouring days, how likely that is, and its error.

    `values`, `variances` and `weights` (r) go with `correlations`; `freedom` are the degrees of Student's t of each.
    """

    correlations: Numbers
    weights: Numbers
    values: Numbers
    variances: Numbers
    freedom: int

    @property
    def value(self) -> float:
        """The mean prediction."""
        return float(self.weights @ self.values)

    @property
    def correlation(self) -> float:
        """The mean correlation."""
        return float(self.weights @ self.correlations)

    def quantile(self, reached: float) -> float:
        """Return the value that the sum to come falls below with probability `reached`."""
        deviations = np.sqrt(self.variances)

        def below(value: float) -> float:
            return float(self.weights @ stats.t.cdf((value - self.values) / deviations, self.freedom)) - reached

        reach = float(stats.t.ppf(max(reached, 1 - reached), self.freedom) * deviations.max())
        low, high = float(self.values.min()) - reach - 1e-9, float(self.values.max()) + reach + 1e-9
        return float(optimize.brentq(below, low, high))  # pyright: ignore[reportArgumentType]


def harmonics(days: Numbers, period: float, pairs: int) -> Numbers:
    """Return the (days, 2 pairs) sines and cosines of 1 to `pairs` turns a period, for a season in the series.

    Bernal, Cummins and Gasparrini 2017, Int. J. Epidemiology 46:348-355. Raises ValueError where a pair would turn
    faster than every second day and so repeat another.
    """
    if not 0 < 2 * pairs < period:
        raise ValueError(f"Harmonics of a period of {period} days need 1 to {(period - 1) // 2:.0f} pairs; given {pairs}.")
    turns = 2 * np.pi * days[:, None] * np.arange(1, pairs + 1) / period
    return np.column_stack([np.sin(turns), np.cos(turns)])


def predicted_sum(days: Numbers, values: Numbers, days_ahead: Numbers) -> Prediction:
    """Return the prediction of the sum on `days_ahead` of a series that was `values` on `days`, goes on by line and week.

    Errors are correlated as r^|days apart|. A short series hardly says what r is, and a prediction from its likeliest value
    is far too sure (`stillwatch prove` shows by how much): every r of a grid takes part by its restricted likelihood, all
    being as likely at first (Turner et al. 2021, BMC Medical Research Methodology 21:181, find restricted likelihood the
    best choice). For each r: the best linear unbiased prediction (Goldberger 1962, JASA 57:369-375), whose error counts the
    errors still to come and those of the coefficients. Raises ValueError with fewer than two days more than parameters.
    """
    design, ahead = line_and_week(days), line_and_week(days_ahead)
    n, parameters = design.shape
    if n < parameters + 2:
        raise ValueError(f"A prediction by line and week needs at least {parameters + 2} days; given {n}. Wait for more days.")
    apart, further = np.abs(days[:, None] - days[None, :]), np.abs(days[:, None] - days_ahead[None, :])
    between = np.abs(days_ahead[:, None] - days_ahead[None, :])
    found = [_given(r, design, values, ahead.sum(axis=0), (r**apart, r**further, r**between)) for r in _CORRELATIONS]
    likelihoods, predicted, variances = (np.array(column) for column in zip(*found, strict=True))
    weights = np.exp(likelihoods - likelihoods.max())
    return Prediction(_CORRELATIONS, weights / weights.sum(), predicted, variances, n - parameters)


def _given(
    correlation: float, design: Numbers, values: Numbers, whole: Numbers, carried: tuple[Numbers, Numbers, Numbers]
) -> tuple[float, float, float]:
    """Return the restricted log-likelihood of a correlation, the predicted sum and the variance of its error."""
    n, parameters = design.shape
    among, to_ahead, ahead = carried
    weights = np.linalg.inv(among)
    gram = design.T @ weights @ design
    inverse = np.linalg.inv(gram)
    coefficients = inverse @ design.T @ weights @ values
    residuals = values - design @ coefficients
    squares = max(float(residuals @ weights @ residuals), np.finfo(np.float64).tiny)
    joint = weights @ to_ahead.sum(axis=1)
    contrast = whole - design.T @ joint
    error = float(ahead.sum()) - float(to_ahead.sum(axis=1) @ joint) + float(contrast @ inverse @ contrast)
    log_sizes = float(np.linalg.slogdet(among)[1] + np.linalg.slogdet(gram)[1])
    likelihood = -0.5 * (log_sizes + (n - parameters) * float(np.log(squares)))
    return likelihood, float(whole @ coefficients + joint @ residuals), squares / (n - parameters) * max(0.0, error)


def line_and_week(days: Numbers) -> Numbers:
    """Return the (days, 6) design of a level, a trend and a week of two pairs of harmonics."""
    return np.column_stack([np.ones_like(days), days, harmonics(days, _WEEK, _PAIRS)])


def prevented_by_break(days: Numbers, values: Numbers, units: int, least: int, run_up: int) -> Estimate:
    """Return the volume below what the series before predicts, summed over the days after and over `units`.

    `values` are means per unit on each relative day. Bernal, Cummins and Gasparrini 2017, with least squares in place of
    Poisson regression (a volume that an action takes to nothing has no logarithm) and every day after with an effect of
    its own, so that the days after, which an action makes small and even, say nothing of how uneven those before were.
    The `run_up` days before enforcement are left out: a unit is acted on when it stands out, and a line through those
    days would take the fall back to usual for an effect. No control takes part, so whatever else changed at that time is
    counted as effect. Immature below `least` units, or with too few days before for the line and the week.
    """
    if units < least:
        return immature(units, f"{METHOD}; shown from {least} units")
    before, after = days < -run_up, days > 0
    if np.count_nonzero(after) < 2 or np.count_nonzero(before) < 2 * _WEEK:
        return immature(units, f"{METHOD}; needs {2 * _WEEK:.0f} days before the run-up and 2 after")
    expected, seen = predicted_sum(days[before], values[before], days[after]), float(values[after].sum())
    # what is uneven about a volume grows with it
    usual, to_come = float(values[before].mean()), expected.value / np.count_nonzero(after)
    grown = max(1.0, to_come / usual) if usual > 0 else 1.0
    lower, upper = (expected.value + grown * (expected.quantile(reached) - expected.value) for reached in (0.025, 0.975))
    return Estimate(
        units * (expected.value - seen),
        units * (lower - seen),
        units * (upper - seen),
        units,
        f"{METHOD}, r = {expected.correlation:.2f}",
    )
