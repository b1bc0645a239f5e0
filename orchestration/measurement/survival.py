"""Times that may not have ended yet: Kaplan and Meier's curve, its quantiles and its intervals."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from lifelines import KaplanMeierFitter
from lifelines.utils import qth_survival_time

from orchestration.measurement.intervals import Numbers
from orchestration.measurement.rows import Estimate, immature


@dataclass(frozen=True)
class CurvePoint:
    """The share not ended by a time, with bounds and the number still watched just before it."""

    time: float
    survival: float
    lower: float
    upper: float
    at_risk: int


def fit_curve(durations: Numbers, observed: Numbers) -> KaplanMeierFitter:
    """Fit Kaplan and Meier's curve (1958) with Greenwood's variance on the log-log scale (lifelines' default).

    `durations` are non-negative times of any unit, `observed` 1 where the end was seen and 0 where watching stopped first.
    """
    return KaplanMeierFitter().fit(durations, event_observed=observed)


def time_quantile(durations: Numbers, observed: Numbers, reached: float, least: int, least_events: int) -> Estimate:
    """Return the time by which the share `reached` has ended (0.5 the median, 0.9 the 90th percentile).

    The interval inverts the curve's log-log bounds (Brookmeyer and Crowley 1982). A quantile that the curve does not
    reach is None; so is an upper bound. Immature below `least` items or `least_events` ends.
    """
    n, events = int(durations.size), int(observed.sum())
    method = f"Kaplan-Meier, log-log 95 %, {events} ended"
    if n < least or events < least_events:
        return immature(n, f"{method}; shown from n = {least} and {least_events} ended")
    curve = fit_curve(durations, observed)
    left = 1 - reached
    value = _time(qth_survival_time(left, curve))
    if value is None:
        return immature(n, f"{method}; the curve has not come down to {left:.0%}")
    bounds: pd.DataFrame = curve.confidence_interval_
    lower = _time(qth_survival_time(left, bounds.iloc[:, 0]))
    upper = _time(qth_survival_time(left, bounds.iloc[:, 1]))
    if upper is None:
        method += "; no upper bound yet"
    return Estimate(value, value if lower is None else min(lower, value), upper, n, method)


def curve_points(durations: Numbers, observed: Numbers, times: Numbers) -> list[CurvePoint]:
    """Return the curve at `times`, none of them later than the longest time watched."""
    curve = fit_curve(durations, observed)
    survival = np.asarray(curve.survival_function_at_times(times), dtype=np.float64)
    bounds: pd.DataFrame = curve.confidence_interval_
    index = np.asarray(bounds.index, dtype=np.float64)
    rows = np.searchsorted(index, times, side="right") - 1
    lower = bounds.iloc[:, 0].to_numpy(dtype=np.float64)[rows]
    upper = bounds.iloc[:, 1].to_numpy(dtype=np.float64)[rows]
    # before the first end the log-log bounds are not defined; the curve is 1 there
    return [
        CurvePoint(
            time=float(time),
            survival=float(value),
            lower=float(value if math.isnan(low) else low),
            upper=float(value if math.isnan(high) else high),
            at_risk=int(np.count_nonzero(durations >= time)),
        )
        for time, value, low, high in zip(times, survival, lower, upper, strict=True)
    ]


def weighted_survival(durations: Numbers, observed: Numbers, weights: Numbers, time: float) -> Numbers:
    """Return Kaplan and Meier's estimate at one time for each row of a (draws, items) array of weights.

    The same product as `fit_curve`, vectorised over bootstrap draws.
    """
    ends = np.unique(durations[(observed > 0) & (durations <= time)])
    survival = np.ones(weights.shape[0])
    for end in ends:
        at_risk = weights[:, durations >= end].sum(axis=1)
        ended = weights[:, (durations == end) & (observed > 0)].sum(axis=1)
        survival *= np.where(at_risk > 0, 1 - ended / np.where(at_risk > 0, at_risk, 1), 1.0)
    return survival


def _time(value: object) -> float | None:
    number = float(value)  # type: ignore[arg-type]
    return number if math.isfinite(number) else None
