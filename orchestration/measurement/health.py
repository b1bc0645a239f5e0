"""Signals and coverage: which fire otherwise than before, which tactics no confirmed case has tested, and how long that took."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import polars as pl

from orchestration.measurement.intervals import newcombe_difference
from orchestration.measurement.rows import Estimate, MetricRow, counted, immature, slice_of
from orchestration.measurement.settings import MeasurementSettings
from orchestration.measurement.survival import time_quantile

_TACTIC_ENDS = {
    "days_to_first_active_signal": "first_active_signal_on",
    "days_to_first_confirmed_hit": "first_confirmed_hit_on",
}
_RECENT_NIGHTS = 7


def drift_rows(signal_days: pl.DataFrame, as_of: date, settings: MeasurementSettings) -> Iterator[MetricRow]:
    """Yield the change of each signal's firing rate, the last seven nights against the 28 before.

    A subject is seen again every night, so a period counts as one night's mean number of subjects, not as their sum.
    """
    method = "difference of firing rates, Newcombe 95 % at one night's subjects"
    edge = as_of - timedelta(days=_RECENT_NIGHTS)
    for (signal_id,), part in signal_days.group_by("signal_id", maintain_order=True):
        recent, earlier = part.filter(pl.col("as_of_date") > edge), part.filter(pl.col("as_of_date") <= edge)
        sizes = [_mean(period, "computable_count") for period in (recent, earlier)]
        where = slice_of(signal=signal_id)
        n = round(min(sizes))
        if min(sizes) < settings.minimum_items or earlier.height < _RECENT_NIGHTS:
            yield MetricRow("signal_drift", immature(n, f"{method}; shown from {settings.minimum_items} subjects"), where)
            continue
        rates = [_mean(period, "fired_count") / size for period, size in zip((recent, earlier), sizes, strict=True)]
        value, lower, upper = newcombe_difference(min(rates[0], 1), sizes[0], min(rates[1], 1), sizes[1])
        yield MetricRow("signal_drift", Estimate(value, lower, upper, n, method), where)


def coverage_rows(tactics: pl.DataFrame) -> Iterator[MetricRow]:
    """Yield, per surface, the tactics no signal of which ever fired on a confirmed case, and those without a signal."""
    method = "complete count of tactics"
    for (surface,), part in tactics.group_by("surface", maintain_order=True):
        unconfirmed = part.filter(pl.col("last_confirmed_hit_on").is_null()).height
        unwatched = part.filter(pl.col("active_signal_count").fill_null(0) == 0).height
        where = slice_of(surface=surface)
        yield MetricRow("uncovered_tactics", counted(unconfirmed, part.height, method), where)
        yield MetricRow("unwatched_tactics", counted(unwatched, part.height, method), where)


def tactic_time_rows(times: pl.DataFrame, settings: MeasurementSettings) -> Iterator[MetricRow]:
    """Yield the days from a tactic's entry in the registry to its first active signal and its first confirmed hit.

    Of each tactic, and the Kaplan-Meier median over all. An end still awaited has no value and the days waited as its lower
    bound. What happened before the entry, in data older than the registry, counts as day 0.
    """
    for metric, column in _TACTIC_ENDS.items():
        watched = times.with_columns(
            days=(pl.coalesce(column, "observed_until") - pl.col("entered_on")).dt.total_days().clip(0),
            is_observed=pl.col(column).is_not_null(),
        ).sort("tactic")
        for tactic, days, is_observed in watched.select("tactic", "days", "is_observed").iter_rows():
            where = slice_of(tactic=tactic)
            if is_observed:
                yield MetricRow(metric, counted(days, 1, "complete count of days"), where)
            else:
                yield MetricRow(metric, Estimate(None, days, None, 1, "still awaited; the lower bound is the days waited"), where)
        durations = watched["days"].to_numpy().astype(np.float64)
        observed = watched["is_observed"].to_numpy().astype(np.float64)
        yield MetricRow(metric, time_quantile(durations, observed, 0.5, settings))


def _mean(period: pl.DataFrame, column: str) -> float:
    return float(period[column].sum()) / max(period.height, 1)
