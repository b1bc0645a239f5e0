"""Where the volume went: other surfaces, other members and new accounts after enforcement."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from orchestration.measurement.dependence import Dependence, dependence_of, ratio_margin, total_margin
from orchestration.measurement.intervals import Numbers
from orchestration.measurement.rows import Estimate, MetricRow, immature, slice_of
from orchestration.measurement.settings import MeasurementSettings
from orchestration.measurement.ties import shared_things

_PRE_DAYS = 28
_CHANNELS = ("other_surface", "other_member", "new_account")
_MEASURES = {"requests": "request_count", "output_tokens": "output_tokens"}


def displacement_rows(
    displacement: pl.DataFrame, unit_days: pl.DataFrame, ties: pl.DataFrame, settings: MeasurementSettings
) -> Iterator[MetricRow]:
    """Yield the volume gained outside the action's scope, and its share of the volume inside the scope before.

    Per enforced unit that was followed for the whole window: volume of the days 1 to w after enforcement, less the
    mean day of up to 28 days before times w. The day of enforcement itself is left out. A rise that the unit would
    have had anyway counts as displaced; `prevented_requests_net` sets that against matched controls.
    """
    pre_days = (
        unit_days.filter(~pl.col("is_control") & pl.col("relative_day").is_between(-_PRE_DAYS, -1))
        .group_by("unit_id")
        .agg(pre_days=pl.col("relative_day").n_unique().cast(pl.Int64))
        .filter(pl.col("pre_days") >= settings.minimum_pre_days)
    )
    followed = unit_days.filter(~pl.col("is_control")).group_by("unit_id").agg(last_day=pl.col("relative_day").max())
    units = pre_days.join(followed, on="unit_id").sort("unit_id")
    for window in settings.effect_windows:
        complete = units.filter(pl.col("last_day") >= window)
        for measure, column in _MEASURES.items():
            gains = _gains(displacement, complete, column, window)
            yield from _measure_rows(gains, complete["unit_id"].to_list(), ties, measure, window, settings)


def _gains(displacement: pl.DataFrame, units: pl.DataFrame, column: str, window: int) -> pl.DataFrame:
    """Return one row per unit, channel and surface: volume `before` (scaled to the window) and `after`."""
    return (
        displacement.join(units, on="unit_id")
        .with_columns(
            before=pl.when(pl.col("relative_day") < 0).then(pl.col(column)).otherwise(0) * window / pl.col("pre_days"),
            after=pl.when(pl.col("relative_day").is_between(1, window)).then(pl.col(column)).otherwise(0),
        )
        .group_by("unit_id", "channel", "surface")
        .agg(pl.col("before").sum(), pl.col("after").sum())
        .sort("unit_id", "channel", "surface")
    )


def _measure_rows(
    gains: pl.DataFrame, units: list[str], ties: pl.DataFrame, measure: str, window: int, settings: MeasurementSettings
) -> Iterator[MetricRow]:
    dependence = dependence_of(units, [shared_things(ties)])
    base = _per_unit(gains.filter(pl.col("channel") == "in_scope"), units, pl.col("before"))
    outside = gains.filter(pl.col("channel").is_in(_CHANNELS))
    parts = [({}, outside)]
    parts += [({"channel": channel}, outside.filter(pl.col("channel") == channel)) for channel in _CHANNELS]
    surfaces = sorted(outside["surface"].unique())
    parts += [({"surface": surface}, outside.filter(pl.col("surface") == surface)) for surface in surfaces]
    for labels, part in parts:
        moved = _per_unit(part, units, pl.col("after") - pl.col("before"))
        # the whole of the longest window is the headline and stands unsliced
        is_headline = window == max(settings.effect_windows) and not labels
        slice_text = "all" if is_headline else slice_of(days=window, **labels)
        total, share = _estimates(moved, base, dependence, window, settings)
        yield MetricRow(f"displacement_{measure}", total, slice_text)
        if measure == "requests":
            yield MetricRow("displacement_share", share, slice_text)


def _per_unit(part: pl.DataFrame, units: list[str], amount: pl.Expr) -> Numbers:
    summed = dict(part.group_by("unit_id").agg(amount=amount.sum()).iter_rows())
    return np.array([float(summed.get(unit, 0.0)) for unit in units], dtype=np.float64)


def _estimates(
    moved: Numbers, base: Numbers, dependence: Dependence, window: int, settings: MeasurementSettings
) -> tuple[Estimate, Estimate]:
    n, least = int(moved.size), settings.minimum_units
    method = f"change over {window} days against the days before, cluster-robust 95 %"
    if n < least or dependence.effective_count < least or float(base.sum()) <= 0:
        thin = immature(n, f"{method}; shown from {least} units, sharing no case or network, followed {window} days")
        return thin, thin
    total = Estimate.around(float(moved.sum()), total_margin(moved, dependence), n, method)
    share = Estimate.around(float(moved.sum() / base.sum()), ratio_margin(moved, base, dependence), n, method)
    return total, share
