"""Who came back: the return curve, and re-entry above what linking finds by mistake."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from orchestration.measurement.intervals import Numbers, bootstrap_weights, percentile_bounds, proportion
from orchestration.measurement.rows import Estimate, MetricRow, immature, slice_of
from orchestration.measurement.settings import MeasurementSettings
from orchestration.measurement.survival import curve_points, survival_at

_LONGEST_DAY = 90


@dataclass(frozen=True)
class _Watched:
    """Days watched, whether the return was seen, and to which enforced unit (cluster) each row belongs."""

    days: Numbers
    returned: Numbers
    cluster: Numbers


def reentry_rows(returns: pl.DataFrame, settings: MeasurementSettings) -> Iterator[MetricRow]:
    """Yield the return curve and the re-entry rates within each window: enforced, placebo, and the difference.

    A placebo unit is a matched, never actioned one, followed from the same day under the same rule: what it shows are
    links that arise by chance. `reentry_rate` is the difference.
    """
    timed = returns.with_columns(
        days=(pl.coalesce("first_return_on", "observed_until") - pl.col("enforced_on")).dt.total_days(),
        watch_days=(pl.col("observed_until") - pl.col("enforced_on")).dt.total_days(),
        is_returned=pl.col("first_return_on").is_not_null() & (pl.col("first_return_on") <= pl.col("observed_until")),
    ).with_columns(days=pl.min_horizontal("days", "watch_days").clip(0))
    clusters = {unit: number for number, unit in enumerate(sorted(timed["unit_id"].unique()))}
    treated, placebo = (_watched(timed.filter(pl.col("is_control") == is_control), clusters) for is_control in (False, True))
    yield from _curve("return_survival", treated, settings)
    yield from _curve("placebo_survival", placebo, settings)
    for window in settings.return_windows:
        yield from _window_rows(treated, placebo, window, len(clusters), settings)
        followed = timed.filter(~pl.col("is_control") & (pl.col("watch_days") >= window))
        elsewhere = followed.filter(pl.col("is_on_other_surface") & pl.col("is_returned") & (pl.col("days") <= window))
        estimate = proportion(elsewhere.height, followed.height, settings.minimum_items)
        yield MetricRow("reentry_other_surface_rate", estimate, slice_of(days=window))


def _watched(timed: pl.DataFrame, clusters: dict[str, int]) -> _Watched:
    ordered = timed.sort("unit_id", "member_unit_id")
    return _Watched(
        days=ordered["days"].to_numpy().astype(np.float64),
        returned=ordered["is_returned"].to_numpy().astype(np.float64),
        cluster=np.array([clusters[unit] for unit in ordered["unit_id"]], dtype=np.float64),
    )


def _curve(metric: str, watched: _Watched, settings: MeasurementSettings) -> Iterator[MetricRow]:
    n = int(watched.days.size)
    method = "Kaplan-Meier, log-log 95 %; n is the number still watched"
    if n < settings.minimum_units:
        yield MetricRow(metric, immature(n, f"{method}; shown from {settings.minimum_units} units"), slice_of(day=0))
        return
    longest = int(min(_LONGEST_DAY, watched.days.max()))
    for point in curve_points(watched.days, watched.returned, np.arange(longest + 1, dtype=np.float64)):
        estimate = Estimate(point.survival, point.lower, point.upper, point.at_risk, method)
        shown = estimate.shown_from(settings.minimum_units, "units still watched")
        yield MetricRow(metric, shown, slice_of(day=int(point.time)))


def _window_rows(
    treated: _Watched, placebo: _Watched, window: int, clusters: int, settings: MeasurementSettings
) -> Iterator[MetricRow]:
    slice_text = slice_of(days=window)
    raw, raw_draws = _rate(treated, window, clusters, settings)
    chance, chance_draws = _rate(placebo, window, clusters, settings)
    yield MetricRow("reentry_rate_unadjusted", raw, slice_text)
    yield MetricRow("reentry_rate_placebo", chance, slice_text)
    method = "Kaplan-Meier rate minus that of matched placebo units, bootstrap over units 95 %"
    if raw.value is None or chance.value is None or raw_draws is None or chance_draws is None:
        yield MetricRow("reentry_rate", immature(raw.n, f"{method}; needs both followed {window} days"), slice_text)
        return
    value = raw.value - chance.value
    lower, upper = percentile_bounds(raw_draws - chance_draws)
    yield MetricRow("reentry_rate", Estimate(value, min(lower, value), max(upper, value), raw.n, method), slice_text)


def _rate(watched: _Watched, window: int, clusters: int, settings: MeasurementSettings) -> tuple[Estimate, Numbers | None]:
    """Return 1 - S(window); immature unless enough units were watched that long or had come back by then."""
    method = "Kaplan-Meier, bootstrap over units 95 %"
    n = int(watched.days.size)
    is_settled = (watched.days >= window) | ((watched.returned > 0) & (watched.days <= window))
    settled = int(np.count_nonzero(is_settled))
    # a curve whose last watched day lies before the window says nothing about the window's end
    if settled < settings.minimum_units or not bool(np.any(watched.days >= window)):
        return immature(n, f"{method}; shown from {settings.minimum_units} units followed {window} days"), None
    value = float(1 - survival_at(watched.days, watched.returned, np.ones((1, n)), window)[0])
    drawn = bootstrap_weights(clusters, settings.bootstrap_draws, settings.seed)
    draws = 1 - survival_at(watched.days, watched.returned, drawn[:, watched.cluster.astype(np.int64)], window)
    lower, upper = percentile_bounds(draws)
    if int(watched.returned[watched.days <= window].sum()) in (0, n):
        # no draw can differ: the number of units, not the bootstrap, says what may have been missed
        edge = proportion(round(value * n), n, 1)
        lower, upper = edge.lower or 0.0, 1.0 if edge.upper is None else edge.upper
    return Estimate(value, min(lower, value), max(upper, value), n, method), draws
