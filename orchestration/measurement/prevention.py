"""Volume prevented: both designs over the same units, their disagreement, and the counterfactual by day."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from orchestration.measurement.dependence import Dependence, dependence_of, total_margin
from orchestration.measurement.difference import DifferencePanel, earlier_total, prevented_total
from orchestration.measurement.interrupted import prevented_by_break
from orchestration.measurement.intervals import Flags, Numbers, Places
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
    """Volume of units, and their change had they changed as their controls did: (units, days), NaN where not observed.

    `days` are relative to enforcement and have no 0. Unit i is `units[i]`; `things` are the pairs of
    unit and what it shares with others.
    """

    days: Numbers
    treated: Numbers
    control: Numbers
    units: tuple[str, ...]
    things: tuple[tuple[tuple[str, str], ...], ...]

    @cached_property
    def dependence(self) -> Dependence:
        """Which of the units may err alike."""
        return dependence_of(self.units, self.things)


def prevention_rows(unit_days: pl.DataFrame, ties: pl.DataFrame, settings: MeasurementSettings) -> Iterator[MetricRow]:
    """Yield prevented requests and output tokens by both designs and window, gross and net of new accounts' volume.

    Slices: `design=did` or `its`, and `days`; `prevented_*_disagreement` is the first design minus the second.
    `prevented_requests_pretrend` applies difference in differences to two spans of the time before, where it should
    find 0.
    """
    grids = volume_grids(unit_days, ties, _MEASURES, settings)
    for metric, grid in grids.items():
        for window in settings.effect_windows:
            did, its = by_difference(grid, window, settings), by_break(grid, window, settings)
            yield MetricRow(metric, did, slice_of(design="did", days=window))
            yield MetricRow(metric, its, slice_of(design="its", days=window))
            yield MetricRow(f"{metric}_disagreement", _disagreement(did, its), slice_of(days=window))
    requests = grids["prevented_requests"]
    yield MetricRow("prevented_requests_pretrend", before_trend(requests, settings))
    yield from _counterfactual(requests, settings)


def volume_grid(unit_days: pl.DataFrame, ties: pl.DataFrame, amount: pl.Expr, settings: MeasurementSettings) -> VolumeGrid:
    """Return the grid of one amount, as `volume_grids` does."""
    return volume_grids(unit_days, ties, {"amount": amount}, settings)["amount"]


def volume_grids(
    unit_days: pl.DataFrame, ties: pl.DataFrame, amounts: Mapping[str, pl.Expr], settings: MeasurementSettings
) -> dict[str, VolumeGrid]:
    """Return by name of amount the units that have controls and enough earlier days.

    Controls count by their change relative to their own mean day before, times that of their unit: volumes grow and fall by
    factors, and controls are near their unit in size, not equal. One on a network of its own unit is left out.
    """
    days = [day for day in range(-settings.pre_days, 29) if day != 0]
    keys = ["unit_id", "member_unit_id", "is_control"]
    followed = without_neighbours(unit_days.filter(pl.col("relative_day").is_in(days)), ties)
    is_before = pl.col("relative_day") < -settings.run_up_days
    daily = (
        followed.with_columns(pre_days=is_before.cast(pl.Int64).sum().over(keys))
        .filter(pl.col("pre_days") >= settings.minimum_pre_days)
        .select(*keys, "relative_day", *(amount.cast(pl.Float64).alias(name) for name, amount in amounts.items()))
        .sort(*keys, "relative_day")
    )
    controlled, enforced = (set(daily.filter(pl.col("is_control") == is_control)["unit_id"]) for is_control in (True, False))
    units = sorted(controlled & enforced)
    place = {unit: number for number, unit in enumerate(units)}
    shared = daily.filter(pl.col("unit_id").is_in(units))
    # sorted by the keys, so that each pair of unit and member is one run of rows
    rows = shared.select(pl.struct(keys).rle_id().cast(pl.Int64)).to_series().to_numpy()
    pairs = shared.select(keys).unique(maintain_order=True)
    column = np.searchsorted(np.array(days), shared["relative_day"].to_numpy())
    is_control = pairs["is_control"].to_numpy()
    serves = np.array([place[unit] for unit in pairs["unit_id"]], dtype=np.int64)
    before = np.array(days) < -settings.run_up_days
    things = (tuple(shared_things(ties)), tuple(pairs.filter("is_control").select("unit_id", "member_unit_id").iter_rows()))
    grids: dict[str, VolumeGrid] = {}
    for name in amounts:
        volumes = np.full((pairs.height, len(days)), np.nan)
        volumes[rows, column] = shared[name].to_numpy()
        treated = volumes[~is_control][np.argsort(serves[~is_control])]
        change = _relative_change(volumes[is_control], serves[is_control], len(units), before)
        grids[name] = VolumeGrid(
            days=np.array(days, dtype=np.float64),
            treated=treated,
            control=_mean(treated, before)[:, None] * change,
            units=tuple(units),
            things=things,
        )
    return grids


def _relative_change(controls: Numbers, serves: Places, units: int, before: Flags) -> Numbers:
    """Return by how much of their mean day before each unit's controls changed, together, by day: (units, days).

    On each day of the controls watched then, so that one that drops out (enforced later itself) does not bend it.
    """
    usual = np.where(np.isfinite(controls), _mean(controls, before)[:, None], 0.0)
    volumes, wholes = np.zeros((units, before.size)), np.zeros((units, before.size))
    np.add.at(volumes, serves, np.nan_to_num(controls))
    np.add.at(wholes, serves, usual)
    return np.divide(volumes, wholes, out=np.full_like(volumes, np.nan), where=wholes > 0) - 1


def by_difference(grid: VolumeGrid, window: int, settings: MeasurementSettings) -> Estimate:
    """Return the volume prevented in the `window` days after, by difference in differences."""
    return prevented_total(_panel(grid, window, settings), settings.minimum_units)


def before_trend(grid: VolumeGrid, settings: MeasurementSettings) -> Estimate:
    """Return what the same design finds within the time before, where nothing was prevented."""
    return earlier_total(_panel(grid, 0, settings), settings.minimum_units)


def by_break(grid: VolumeGrid, window: int, settings: MeasurementSettings) -> Estimate:
    """Fit the break through the mean of the units that were followed for the window, over the days all of them have."""
    after = (grid.days > 0) & (grid.days <= window)
    units = grid.treated[np.isfinite(grid.treated[:, after]).all(axis=1)]
    # no day is observed of no unit
    used = (grid.days <= window) & np.isfinite(units).all(axis=0) & (units.shape[0] > 0)
    series = units[:, used].sum(axis=0) / max(1, units.shape[0])
    return prevented_by_break(grid.days[used], series, units.shape[0], settings.minimum_units, settings.run_up_days)


def _panel(grid: VolumeGrid, window: int, settings: MeasurementSettings) -> DifferencePanel:
    """Return the panel of the units followed for the window; a window of 0 asks for the time before alone.

    The run-up is no time before: units are acted on when they stand out. Of the rest, the later span is as long as the
    window and at most half of it.
    """
    before = grid.days < -settings.run_up_days
    after = (grid.days > 0) & (grid.days <= window)
    both = np.isfinite(grid.treated) & np.isfinite(grid.control)
    is_complete = both[:, after].all(axis=1) & (both[:, before].sum(axis=1) >= settings.minimum_pre_days)
    treated, control, earlier = grid.treated[is_complete], grid.control[is_complete], both[is_complete] & before
    # each unit's own days before, counted from the last
    from_last = np.cumsum(earlier[:, ::-1], axis=1)[:, ::-1]
    counts = earlier.sum(axis=1, keepdims=True)
    late = earlier & (from_last <= np.minimum(window or counts, counts // 2))
    early = earlier & ~late
    seen_after = np.broadcast_to(after, earlier.shape)
    return DifferencePanel(
        treated_pre=_mean(treated, earlier),
        treated_post=_mean(treated, seen_after),
        control_change=_mean(control, seen_after) - _mean(control, earlier),
        earlier=(_mean(control, late) - _mean(control, early)) - (_mean(treated, late) - _mean(treated, early)),
        days=float(window or max(1, np.median(late.sum(axis=1)) if late.size else 1)),
        dependence=grid.dependence.among(is_complete),
    )


def _mean(volumes: Numbers, days: Flags) -> Numbers:
    """Return each row's mean over the days flagged, of those observed; 0 where none of them was."""
    is_seen = np.isfinite(volumes) & days
    return np.where(is_seen, volumes, 0.0).sum(axis=1) / np.maximum(is_seen.sum(axis=1), 1)


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
    before = grid.days < -settings.run_up_days
    if grid.treated.shape[0] == 0:
        yield MetricRow("counterfactual_requests", immature(0, f"{method}; no matched unit"), slice_of(day=1))
        return
    suggested = _mean(grid.treated, before)[:, None] + grid.control
    for number, day in enumerate(grid.days):
        seen = np.isfinite(suggested[:, number])
        n, values, dependence = int(seen.sum()), suggested[seen, number], grid.dependence.among(seen)
        if n < settings.minimum_units or dependence.effective_count < settings.minimum_units:
            estimate = immature(n, f"{method}; shown from {settings.minimum_units} units")
        else:
            estimate = Estimate.around(float(values.mean()), total_margin(values, dependence) / n, n, method)
        yield MetricRow("counterfactual_requests", estimate, slice_of(day=int(day)))
