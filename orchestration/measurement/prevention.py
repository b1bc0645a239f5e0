"""Volume prevented: both designs over the same units, their disagreement, and the counterfactual by day."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from orchestration.measurement.dependence import Dependence, dependence_of, total_bounds
from orchestration.measurement.difference import DifferencePanel, prevented_total
from orchestration.measurement.interrupted import prevented_by_break
from orchestration.measurement.intervals import Flags, Numbers
from orchestration.measurement.rows import Estimate, MetricRow, immature, slice_of
from orchestration.measurement.settings import MeasurementSettings
from orchestration.measurement.ties import shared_things, without_neighbours

_MEASURES = {
    "prevented_requests": pl.col("request_count"),
    "prevented_requests_net": pl.col("request_count") + pl.col("returned_request_count"),
    "prevented_output_tokens": pl.col("output_tokens"),
    "prevented_output_tokens_net": pl.col("output_tokens") + pl.col("returned_output_tokens"),
}


@dataclass(frozen=True)
class VolumeGrid:
    """Volume of units and change of their controls by day: (units, days), NaN where not observed; `days` has no 0.

    Unit i is `units[i]`; `things` are the pairs of unit and what it shares with others.
    """

    days: Numbers
    treated: Numbers
    control: Numbers
    units: tuple[str, ...]
    things: tuple[tuple[tuple[str, str], ...], ...]

    def dependence(self, kept: Flags) -> Dependence:
        """Return which of the kept units (a flag each) may err alike."""
        return dependence_of([unit for unit, is_kept in zip(self.units, kept, strict=True) if is_kept], self.things)


def prevention_rows(unit_days: pl.DataFrame, ties: pl.DataFrame, settings: MeasurementSettings) -> Iterator[MetricRow]:
    """Yield prevented requests and output tokens by both designs and window, gross and net of new accounts' volume.

    Slices: `design=did` or `its`, and `days`; `prevented_*_disagreement` is the first design minus the second.
    `prevented_requests_pretrend` applies difference in differences to the halves of the time before, where it should
    find 0.
    """
    for metric, amount in _MEASURES.items():
        grid = volume_grid(unit_days, ties, amount, settings)
        for window in settings.effect_windows:
            did, its = by_difference(grid, window, settings), by_break(grid, window, settings)
            yield MetricRow(metric, did, slice_of(design="did", days=window))
            yield MetricRow(metric, its, slice_of(design="its", days=window))
            yield MetricRow(f"{metric}_disagreement", _disagreement(did, its), slice_of(days=window))
    grid = volume_grid(unit_days, ties, _MEASURES["prevented_requests"], settings)
    yield MetricRow("prevented_requests_pretrend", before_trend(grid, settings))
    yield from _counterfactual(grid, settings)


def volume_grid(unit_days: pl.DataFrame, ties: pl.DataFrame, amount: pl.Expr, settings: MeasurementSettings) -> VolumeGrid:
    """Return the units that have controls and enough earlier days.

    A control counts as its change against its own mean day before, averaged over the controls still untreated on the
    day, so that one that drops out (enforced later itself) does not bend the mean. One on a network of its own unit is
    left out.
    """
    days = [day for day in range(-settings.pre_days, 29) if day != 0]
    keys = ["unit_id", "member_unit_id", "is_control"]
    followed = without_neighbours(unit_days.filter(pl.col("relative_day").is_in(days)), ties)
    is_before = pl.col("relative_day") < 0
    changes = (
        followed.with_columns(amount=amount.cast(pl.Float64))
        .with_columns(
            pre_mean=pl.col("amount").filter(is_before).mean().over(keys),
            pre_days=is_before.cast(pl.Int64).sum().over(keys),
        )
        .filter(pl.col("pre_days") >= settings.minimum_pre_days)
        .with_columns(amount=pl.col("amount") - pl.when(pl.col("is_control")).then("pre_mean").otherwise(0.0))
        .sort(*keys, "relative_day")
    )
    means = changes.group_by("unit_id", "is_control", "relative_day", maintain_order=True).agg(pl.col("amount").mean())
    controlled, treated_units = (
        set(means.filter(pl.col("is_control") == is_control)["unit_id"]) for is_control in (True, False)
    )
    units = sorted(controlled & treated_units)
    place = {unit: number for number, unit in enumerate(units)}
    column = {day: number for number, day in enumerate(days)}
    treated, control = (np.full((len(units), len(days)), np.nan) for _ in range(2))
    for unit, is_control, day, value in means.iter_rows():
        if unit in place:
            (control if is_control else treated)[place[unit], column[day]] = value
    controls = changes.filter("is_control").select("unit_id", "member_unit_id").unique(maintain_order=True)
    things = (tuple(shared_things(ties)), tuple(controls.iter_rows()))
    return VolumeGrid(np.array(days, dtype=np.float64), treated, control, tuple(units), things)


def by_difference(grid: VolumeGrid, window: int, settings: MeasurementSettings) -> Estimate:
    """Return the volume prevented in the `window` days after, by difference in differences."""
    after = (grid.days > 0) & (grid.days <= window)
    return _difference(grid, grid.days < 0, after, float(window), settings)


def before_trend(grid: VolumeGrid, settings: MeasurementSettings) -> Estimate:
    """Return what the same design finds between the halves of the time before, where nothing was prevented."""
    half = -settings.pre_days / 2
    late = (grid.days < 0) & (grid.days >= half)
    return _difference(grid, grid.days < half, late, float(np.count_nonzero(late)), settings)


def by_break(grid: VolumeGrid, window: int, settings: MeasurementSettings) -> Estimate:
    """Fit the break through the mean of the units that were followed for the window, over the days all of them have."""
    after = (grid.days > 0) & (grid.days <= window)
    units = grid.treated[np.isfinite(grid.treated[:, after]).all(axis=1)]
    used = (grid.days <= window) & np.isfinite(units).all(axis=0)
    if units.shape[0] == 0:
        used = np.zeros_like(grid.days, dtype=bool)
    series = units[:, used].mean(axis=0) if units.shape[0] else np.zeros(0)
    least, run_up = settings.minimum_units, settings.run_up_days
    return prevented_by_break(grid.days[used], series, int(units.shape[0]), least, run_up)


def _difference(
    grid: VolumeGrid, before: Flags, after: Flags, days: float, settings: MeasurementSettings
) -> Estimate:
    both = np.isfinite(grid.treated) & np.isfinite(grid.control)
    is_complete = both[:, after].all(axis=1) & (both[:, before].sum(axis=1) >= settings.minimum_pre_days)
    treated, control = grid.treated[is_complete], grid.control[is_complete]
    kept = both[is_complete]

    def mean(values: Numbers, days_taken: Flags) -> Numbers:
        seen = np.where(kept, values, 0.0)[:, days_taken].sum(axis=1)
        return seen / np.maximum(kept[:, days_taken].sum(axis=1), 1)

    panel = DifferencePanel(
        treated_pre=mean(treated, before),
        treated_post=mean(treated, after),
        control_pre=mean(control, before),
        control_post=mean(control, after),
        days=np.full(treated.shape[0], days),
        dependence=grid.dependence(is_complete),
    )
    return prevented_total(panel, settings.minimum_units)


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


def _counterfactual(grid: VolumeGrid, settings: MeasurementSettings) -> Iterator[MetricRow]:
    """Yield requests per unit and day as the controls suggest: the unit's mean day before plus the controls' change."""
    method = "mean day before + change of matched untreated units, cluster-robust 95 %"
    before = grid.days < 0
    if grid.treated.shape[0] == 0:
        yield MetricRow("counterfactual_requests", immature(0, f"{method}; no matched unit"), slice_of(day=1))
        return
    treated_pre = np.nanmean(grid.treated[:, before], axis=1)
    suggested = treated_pre[:, None] + grid.control
    for number, day in enumerate(grid.days):
        seen = np.isfinite(suggested[:, number])
        n, values, dependence = int(seen.sum()), suggested[seen, number], grid.dependence(seen)
        if n < settings.minimum_units or dependence.effective_count < settings.minimum_units:
            estimate = immature(n, f"{method}; shown from {settings.minimum_units} units")
        else:
            lower, upper = total_bounds(values, dependence)
            estimate = Estimate(float(values.mean()), lower / n, upper / n, n, method)
        yield MetricRow("counterfactual_requests", estimate, slice_of(day=int(day)))
