"""Time to detect, review, act and take effect."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from orchestration.measurement.rows import MetricRow, slice_of
from orchestration.measurement.settings import MeasurementSettings
from orchestration.measurement.survival import time_quantiles

_METRICS = {
    "detect": "time_to_detect",
    "review": "time_to_review",
    "act": "time_to_act",
    "effect": "time_to_take_effect",
}
_STATISTICS = {"median": 0.5, "p90": 0.9}


def stage_time_rows(times: pl.DataFrame, settings: MeasurementSettings) -> Iterator[MetricRow]:
    """Yield median and 90th percentile in days of each stage, in all and by surface, action type, clause and month.

    Detection is known for subjects that were found; those never found have no time, so it is a time among the detected.
    """
    timed = times.with_columns(
        days=(pl.coalesce("ended_at", "observed_until") - pl.col("started_at")).dt.total_seconds().clip(0) / 86400,
        is_observed=pl.col("ended_at").is_not_null(),
        period=pl.col("started_at").dt.strftime("%Y-%m"),
    )
    for stage, metric in _METRICS.items():
        of_stage = timed.filter(pl.col("stage") == stage)
        yield from _rows(metric, of_stage, "all", "all", settings)
        for column in ("surface", "action_type", "policy_clause_id"):
            name = "clause" if column == "policy_clause_id" else column
            for (value,), part in of_stage.filter(~pl.col(column).is_in(["any", "unknown"])).group_by(
                column, maintain_order=True
            ):
                yield from _rows(metric, part, slice_of(**{name: value}), "all", settings)
        for (period,), part in of_stage.group_by("period", maintain_order=True):
            yield from _rows(metric, part, "all", str(period), settings)


def _rows(metric: str, part: pl.DataFrame, slice_text: str, period: str, settings: MeasurementSettings) -> Iterator[MetricRow]:
    ordered = part.sort("days", "item_id")
    durations = ordered["days"].to_numpy().astype(np.float64)
    observed = ordered["is_observed"].to_numpy().astype(np.float64)
    estimates = time_quantiles(durations, observed, list(_STATISTICS.values()), settings)
    for statistic, estimate in zip(_STATISTICS, estimates, strict=True):
        yield MetricRow(f"{metric}_{statistic}_days", estimate, slice_text, period)
