"""One estimate, and the metric rows that estimates become."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

METRIC_SCHEMA = pl.Schema(
    {
        "metric": pl.String(),
        "period": pl.String(),
        "slice": pl.String(),
        "value": pl.Float64(),
        "lower": pl.Float64(),
        "upper": pl.Float64(),
        "n": pl.Int64(),
        "method": pl.String(),
        "immature": pl.Boolean(),
    }
)
"""Columns of `enforcement_metrics`."""


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % interval, the number of things it rests on, and how it was made.

    A bound that the data do not reach is None. An immature estimate has no numbers at all.
    """

    value: float | None
    lower: float | None
    upper: float | None
    n: int
    method: str
    immature: bool = False

    @classmethod
    def around(cls, value: float, margin: float, n: int, method: str) -> "Estimate":
        """Return the estimate whose interval reaches `margin` to both sides."""
        return cls(value, value - margin, value + margin, n, method)

    def shown_from(self, least: int, needed: str = "n") -> "Estimate":
        """Return it unchanged when n reaches `least`, else without numbers and with the reason in its method."""
        if self.immature or self.n >= least:
            return self
        return immature(self.n, f"{self.method}; shown from {needed} = {least}")


@dataclass(frozen=True)
class MetricRow:
    """One row of `enforcement_metrics`: an estimate under its metric, period (`all` or YYYY-MM) and slice."""

    metric: str
    estimate: Estimate
    slice: str = "all"
    period: str = "all"


def immature(n: int, method: str) -> Estimate:
    """Return an estimate of which only n and the method are known."""
    return Estimate(None, None, None, n, method, immature=True)


def counted(value: float, n: int, method: str) -> Estimate:
    """Return a complete count: nothing was sampled, so its bounds are its value."""
    return Estimate(value, value, value, n, method)


def slice_of(**parts: object) -> str:
    """Return `key=value` pairs joined by commas, in the order given; separators inside a value become `_`."""
    cleaned = {key: str(value).translate(str.maketrans(",;|=", "____")) for key, value in parts.items()}
    return ",".join(f"{key}={value}" for key, value in cleaned.items()) or "all"


def month_of(day: date) -> str:
    """Return YYYY-MM."""
    return f"{day:%Y-%m}"


def metric_frame(rows: Iterable[MetricRow]) -> pl.DataFrame:
    """Return the rows as `enforcement_metrics`, sorted by metric, period and slice.

    Raises ValueError when two rows share metric, period and slice.
    """
    frame = pl.DataFrame(
        [
            (
                row.metric,
                row.period,
                row.slice,
                *_numbers(row.estimate),
                row.estimate.n,
                row.estimate.method,
                row.estimate.immature,
            )
            for row in rows
        ],
        schema=METRIC_SCHEMA,
        orient="row",
    ).sort("metric", "period", "slice")
    repeated = frame.filter(frame.select("metric", "period", "slice").is_duplicated())
    if repeated.height:
        first = repeated.row(0, named=True)
        raise ValueError(
            "A metric needs one row per period and slice; given two of "
            f"{first['metric']} / {first['period']} / {first['slice']}. Name the slice that tells them apart."
        )
    return frame


def _numbers(estimate: Estimate) -> Sequence[float | None]:
    numbers = (estimate.value, estimate.lower, estimate.upper)
    return [None if number is None or not math.isfinite(number) else round(number, 9) for number in numbers]
