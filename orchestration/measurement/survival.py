"""Times that may not have ended yet: Kaplan and Meier's curve, its quantiles and its intervals."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from lifelines import KaplanMeierFitter

from orchestration.measurement.intervals import Numbers, bootstrap_batches
from orchestration.measurement.rows import Estimate, immature
from orchestration.measurement.settings import MeasurementSettings


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

    `durations` are non-negative times of any unit, `observed` 1 where the end was seen and 0 where watching stopped
    first.
    """
    return KaplanMeierFitter().fit(durations, event_observed=observed)


def time_quantile(durations: Numbers, observed: Numbers, reached: float, settings: MeasurementSettings) -> Estimate:
    """Return the time by which the share `reached` has ended (0.5 the median, 0.9 the 90th percentile).

    The interval is the percentile one of a bootstrap over items. A quantile that the curve does not reach is None,
    and so is an upper bound that more than one draw in forty does not reach. Immature below the settings' least items
    or ends.
    """
    return time_quantiles(durations, observed, (reached,), settings)[0]


def time_quantiles(
    durations: Numbers, observed: Numbers, reached: Sequence[float], settings: MeasurementSettings
) -> list[Estimate]:
    """Return `time_quantile` of each share reached, read from the same bootstrap draws."""
    n, events = int(durations.size), int(observed.sum())
    method = f"Kaplan-Meier, bootstrap 95 %, {events} ended"
    if n < settings.minimum_items or events < settings.minimum_events:
        thin = immature(n, f"{method}; shown from n = {settings.minimum_items} and {settings.minimum_events} ended")
        return [thin] * len(reached)
    left = [1 - share for share in reached]
    values = [_time(times[0]) for times in _first_reached(durations, observed, np.ones((1, n)), left)]
    is_needed = any(value is not None for value in values)
    bounds = _quantile_bounds(durations, observed, left, settings) if is_needed else [(None, None)] * len(left)
    return [
        immature(n, f"{method}; the curve has not come down to {share:.0%}")
        if value is None
        else _bounded(value, lower, upper, n, method)
        for share, value, (lower, upper) in zip(left, values, bounds, strict=True)
    ]


def _bounded(value: float, lower: float | None, upper: float | None, n: int, method: str) -> Estimate:
    if upper is None:
        method += "; no upper bound yet"
    return Estimate(value, value if lower is None else min(lower, value), None if upper is None else max(upper, value), n, method)


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


def survival_draws(durations: Numbers, observed: Numbers, weights: Numbers) -> tuple[Numbers, Numbers]:
    """Return the distinct times and Kaplan and Meier's estimate at each, for each row of (draws, items) weights.

    The same product as `fit_curve`, vectorised over bootstrap draws; shapes (times,) and (draws, times).
    """
    order = np.argsort(durations, kind="stable")
    times, starts = np.unique(durations[order], return_index=True)
    drawn = weights[:, order]
    at_risk = drawn[:, ::-1].cumsum(axis=1)[:, ::-1][:, starts]
    ended = np.add.reduceat(drawn * observed[order], starts, axis=1)
    hazard = np.divide(ended, at_risk, out=np.zeros_like(ended), where=at_risk > 0)
    return times, np.cumprod(1 - hazard, axis=1, dtype=np.float64)


def _quantile_bounds(
    durations: Numbers, observed: Numbers, left: Sequence[float], settings: MeasurementSettings
) -> list[tuple[float | None, float | None]]:
    """Return the percentile interval of the time at which no more than each share `left` remain; None where not reached."""
    batches = bootstrap_batches(durations.size, settings.bootstrap_draws, settings.seed)
    drawn = [_first_reached(durations, observed, weights, left) for weights in batches]
    bounds = [np.quantile(np.concatenate(times), [0.025, 0.975], method="inverted_cdf") for times in zip(*drawn, strict=True)]
    return [(_time(lower), _time(upper)) for lower, upper in bounds]


def _first_reached(durations: Numbers, observed: Numbers, weights: Numbers, left: Sequence[float]) -> list[Numbers]:
    """Return, for each share `left`, by row of weights the first time at which no more remain; infinite where not reached."""
    times, survival = survival_draws(durations, observed, weights)
    # products of many factors fall short of the exact share by rounding
    reached = [survival <= share + 1e-12 for share in left]
    return [np.where(is_reached.any(axis=1), times[is_reached.argmax(axis=1)], np.inf) for is_reached in reached]


def _time(value: object) -> float | None:
    number = float(value)  # type: ignore[arg-type]
    return number if math.isfinite(number) else None
