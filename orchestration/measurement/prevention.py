"""Volume prevented: both designs over the same units, their disagreement, and the counterfactual by day."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from orchestration.measurement.difference import DifferencePanel, prevented_total
from orchestration.measurement.interrupted import prevented_by_break
from orchestration.measurement.intervals import Flags, Numbers, bootstrap_weights, percentile_bounds
from orchestration.measurement.rows import Estimate, MetricRow, immature, slice_of
from orchestration.measurement.settings import MeasurementSettings

_MEASURES = {
    "prevented_requests": pl.col("request_count"),
    "prevented_requests_net": pl.col("request_count") + pl.col("returned_request_count"),
    "prevented_output_tokens": pl.col("output_tokens"),
    "prevented_output_tokens_net": pl.col("output_tokens") + pl.col("returned_output_tokens"),
}


@dataclass(frozen=True)
class _Grid:
    """Volume of units and change of their controls by day: (units, days), NaN where not observed; `days` has no 0."""

    days: Numbers
    treated: Numbers
    control: Numbers


def prevention_rows(unit_days: pl.DataFrame, settings: MeasurementSettings) -> Iterator[MetricRow]:
    """Yield prevented requests and output tokens by both designs and window, gross and net of new accounts' volume.

    Slices: `design=did` or `its`, and `days`; `prevented_*_disagreement` is the first design minus the second.
    `prevented_requests_pretrend` applies difference in differences to the halves of the time before, where it should
    find 0.
    """
    for metric, amount in _MEASURES.items():
        grid = _grid(unit_days, amount, settings)
        for window in settings.effect_windows:
            panel = _panel(grid, window, settings)
            did = prevented_total(panel, settings.minimum_units, settings.bootstrap_draws, settings.seed)
            its = _by_break(grid, window, settings)
            yield MetricRow(metric, did, slice_of(design="did", days=window))
            yield MetricRow(metric, its, slice_of(design="its", days=window))
            yield MetricRow(f"{metric}_disagreement", _disagreement(did, its), slice_of(days=window))
    grid = _grid(unit_days, _MEASURES["prevented_requests"], settings)
    pretrend = prevented_total(_pre_panel(grid, settings), settings.minimum_units, settings.bootstrap_draws, settings.seed)
    yield MetricRow("prevented_requests_pretrend", pretrend)
    yield from _counterfactual(grid, settings)


def _grid(unit_days: pl.DataFrame, amount: pl.Expr, settings: MeasurementSettings) -> _Grid:
    """Return the units that have controls and enough earlier days.

    A control counts as its change against its own mean day before, averaged over the controls still untreated on the
    day, so that one that drops out (enforced later itself) does not bend the mean.
    """
    days = [day for day in range(-settings.pre_days, 29) if day != 0]
    keys = ["unit_id", "member_unit_id", "is_control"]
    daily = unit_days.filter(pl.col("relative_day").is_in(days)).with_columns(amount=amount.cast(pl.Float64))
    is_before = pl.col("relative_day") < 0
    changes = (
        daily.with_columns(
            pre_mean=pl.col("amount").filter(is_before).mean().over(keys),
            pre_days=is_before.cast(pl.Int64).sum().over(keys),
        )
        .filter(pl.col("pre_days") >= settings.minimum_pre_days)
        .with_columns(amount=pl.col("amount") - pl.when(pl.col("is_control")).then("pre_mean").otherwise(0.0))
        .sort(*keys, "relative_day")
        .group_by("unit_id", "is_control", "relative_day", maintain_order=True)
        .agg(pl.col("amount").mean())
    )
    controlled, treated_units = (
        set(changes.filter(pl.col("is_control") == is_control)["unit_id"]) for is_control in (True, False)
    )
    units = sorted(controlled & treated_units)
    place = {unit: number for number, unit in enumerate(units)}
    column = {day: number for number, day in enumerate(days)}
    treated, control = (np.full((len(units), len(days)), np.nan) for _ in range(2))
    for unit, is_control, day, value in changes.iter_rows():
        if unit in place:
            (control if is_control else treated)[place[unit], column[day]] = value
    return _Grid(np.array(days, dtype=np.float64), treated, control)


def _panel(grid: _Grid, window: int, settings: MeasurementSettings) -> DifferencePanel:
    after = (grid.days > 0) & (grid.days <= window)
    return _difference(grid, grid.days < 0, after, float(window), settings)


def _pre_panel(grid: _Grid, settings: MeasurementSettings) -> DifferencePanel:
    half = -settings.pre_days / 2
    late = (grid.days < 0) & (grid.days >= half)
    return _difference(grid, grid.days < half, late, float(np.count_nonzero(late)), settings)


def _difference(grid: _Grid, before: Flags, after: Flags, days: float, settings: MeasurementSettings) -> DifferencePanel:
    both = np.isfinite(grid.treated) & np.isfinite(grid.control)
    is_complete = both[:, after].all(axis=1) & (both[:, before].sum(axis=1) >= settings.minimum_pre_days)
    treated, control = grid.treated[is_complete], grid.control[is_complete]
    kept = both[is_complete]

    def mean(values: Numbers, days_taken: Flags) -> Numbers:
        seen = np.where(kept, values, 0.0)[:, days_taken].sum(axis=1)
        return seen / np.maximum(kept[:, days_taken].sum(axis=1), 1)

    return DifferencePanel(
        treated_pre=mean(treated, before),
        treated_post=mean(treated, after),
        control_pre=mean(control, before),
        control_post=mean(control, after),
        days=np.full(treated.shape[0], days),
    )


def _by_break(grid: _Grid, window: int, settings: MeasurementSettings) -> Estimate:
    """Fit the break through the mean of the units that were followed for the window, over the days all of them have."""
    after = (grid.days > 0) & (grid.days <= window)
    units = grid.treated[np.isfinite(grid.treated[:, after]).all(axis=1)]
    used = (grid.days <= window) & np.isfinite(units).all(axis=0)
    if units.shape[0] == 0:
        used = np.zeros_like(grid.days, dtype=bool)
    series = units[:, used].mean(axis=0) if units.shape[0] else np.zeros(0)
    return prevented_by_break(grid.days[used], series, int(units.shape[0]), settings.minimum_units)


def _disagreement(did: Estimate, its: Estimate) -> Estimate:
    method = "difference in differences minus interrupted time series, errors taken as independent"
    numbers = (did.value, did.lower, did.upper, its.value, its.lower, its.upper)
    if any(number is None for number in numbers):
        return immature(min(did.n, its.n), f"{method}; needs both")
    did_value, did_lower, did_upper, its_value, its_lower, its_upper = (float(number or 0) for number in numbers)
    value = did_value - its_value
    below = math.hypot(did_value - did_lower, its_upper - its_value)
    above = math.hypot(did_upper - did_value, its_value - its_lower)
    return Estimate(value, value - below, value + above, min(did.n, its.n), method)


def _counterfactual(grid: _Grid, settings: MeasurementSettings) -> Iterator[MetricRow]:
    """Yield requests per unit and day as the controls suggest: the unit's mean day before plus the controls' change."""
    method = "mean day before + change of matched untreated units, bootstrap over units 95 %"
    before = grid.days < 0
    if grid.treated.shape[0] == 0:
        yield MetricRow("counterfactual_requests", immature(0, f"{method}; no matched unit"), slice_of(day=1))
        return
    treated_pre = np.nanmean(grid.treated[:, before], axis=1)
    suggested = treated_pre[:, None] + grid.control
    draws = bootstrap_weights(suggested.shape[0], settings.bootstrap_draws, settings.seed)
    for number, day in enumerate(grid.days):
        seen = np.isfinite(suggested[:, number])
        n, values = int(seen.sum()), suggested[seen, number]
        if n < settings.minimum_units:
            estimate = immature(n, f"{method}; shown from {settings.minimum_units} units")
        else:
            weights = draws[:, seen]
            sums = weights.sum(axis=1)
            means = np.divide(weights @ values, sums, out=np.full_like(sums, np.nan), where=sums > 0)
            lower, upper = percentile_bounds(means)
            value = float(values.mean())
            estimate = Estimate(value, min(lower, value), max(upper, value), n, method)
        yield MetricRow("counterfactual_requests", estimate, slice_of(day=int(day)))
