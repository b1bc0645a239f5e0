"""Signals and coverage: which fire otherwise than before, and which tactics no confirmed case has tested."""

from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl

from orchestration.measurement.intervals import newcombe_difference
from orchestration.measurement.rows import Estimate, MetricRow, counted, immature, slice_of
from orchestration.measurement.settings import MeasurementSettings

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


def _mean(period: pl.DataFrame, column: str) -> float:
    return float(period[column].sum()) / max(period.height, 1)
