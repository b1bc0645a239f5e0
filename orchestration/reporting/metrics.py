"""Rows of `enforcement_metrics`, typed, with their slice taken apart.

A slice is `all` (or empty) or `key=value` pairs joined by `,`, `;` or `|`, such as `day=28` or
`surface=api,month=2026-11`.
"""

import re
from typing import Self

from pydantic import BaseModel, ConfigDict

from orchestration.reporting.formats import interval, name, writer
from orchestration.reporting.metric_words import MetricWords, all_words, order_of, words_for
from orchestration.reporting.release import Release

_TIME = re.compile(r"^time_to_(?P<stage>detect|review|act|take_effect)(?:_(?P<statistic>median|p90))?(?:_(?P<unit>days|hours))?$")


class Metric(BaseModel):
    """One row; `value`, `lower` and `upper` are None where it is immature or was not estimated."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str
    period: str
    parts: tuple[tuple[str, str], ...]
    value: float | None
    lower: float | None
    upper: float | None
    n: int | None
    method: str | None
    is_immature: bool

    @classmethod
    def of(cls, row: dict[str, object]) -> Self:
        """Build from a row; an immature row loses its numbers, so that nothing downstream can show them."""
        is_immature = bool(row["immature"])
        parts = tuple(
            (key.strip(), value.strip())
            for key, separator, value in (part.partition("=") for part in re.split(r"[,;|]", str(row["slice"] or "")))
            if separator
        )
        numbers = {key: None if is_immature else row[key] for key in ("value", "lower", "upper")}
        rest = {key: row[key] for key in ("metric", "n", "method")}
        return cls.model_validate(
            {**rest, **numbers, "period": row["period"] or "all", "parts": parts, "is_immature": is_immature}
        )

    @property
    def words(self) -> MetricWords:
        """What the metric is called, in which unit it is and how it is defined."""
        return words_for(self.metric)

    @property
    def slice_text(self) -> str:
        """The slice in words: "surface API, month 2026-11", or "all"."""
        return ", ".join(f"{key.replace('_', ' ')} {name(value)}" for key, value in self.parts) or "all"

    @property
    def headline(self) -> str:
        """The label, with the window where the metric has one: "Re-entry rate, 28 days"."""
        return ", ".join([self.words.label, *(f"{value} days" for key, value in self.parts if key == "days")])

    @property
    def value_text(self) -> str:
        """The value as the page writes it; a sentence's worth where there is none."""
        return "too little data" if self.value is None else writer(self.words.unit)(self.value)

    @property
    def interval_text(self) -> str:
        """The 95% interval as the page writes it."""
        return interval(self.lower, self.upper, self.words.unit)

    @property
    def stated(self) -> str:
        """The value with its interval, as a title says it."""
        if self.lower is None or self.upper is None:
            return f"{self.value_text} (95% interval not closed yet)"
        return f"{self.value_text} (95% interval {self.interval_text})"

    @property
    def time_stage(self) -> tuple[str, str] | None:
        """(stage, `median` or `p90`) of an unsliced time metric, else None; the statistic may stand in the slice."""
        match = _TIME.match(self.metric)
        others = tuple(part for part in self.parts if part[0] != "statistic")
        statistic = match and (match["statistic"] or dict(self.parts).get("statistic"))
        return (match["stage"], statistic) if match and statistic and not others else None

    @property
    def in_days(self) -> tuple[float | None, float | None, float | None]:
        """(value, lower, upper) in days, also where the metric's name says hours."""
        divisor = 24 if self.metric.endswith("_hours") else 1
        value, lower, upper = (None if x is None else x / divisor for x in (self.value, self.lower, self.upper))
        return value, lower, upper


def read_metrics(release: Release) -> tuple[Metric, ...]:
    """Return all rows in the page's order: metric, then whole before slices, then period and slice."""
    found = [Metric.of(row) for row in release.rows("select * from enforcement_metrics")]
    return tuple(sorted(found, key=lambda row: (order_of(row.metric), len(row.parts), row.parts, row.period)))


def definitions_of(rows: tuple[Metric, ...]) -> tuple[MetricWords, ...]:
    """Return the words of the metrics that `rows` hold, in the order of all words."""
    present = {row.words.metric for row in rows}
    return tuple(words for words in all_words() if words.metric in present)


def latest(rows: list[Metric]) -> list[Metric]:
    """Keep the rows of one period: `all` where it exists, else the last by text."""
    periods = {row.period for row in rows}
    kept = "all" if "all" in periods else max(periods, default="all")
    return [row for row in rows if row.period == kept]


def overall(rows: tuple[Metric, ...], metric: str) -> Metric | None:
    """Return the row of `metric` for everything in its latest period, or None.

    A metric that exists only by window is taken at 28 days.
    """
    for parts in ((), (("days", "28"),)):
        found = latest([row for row in rows if row.metric == metric and row.parts == parts])
        if found:
            return found[0]
    return None


def curve(rows: tuple[Metric, ...], metric: str) -> list[tuple[int, Metric]]:
    """Return (day, row) of the rows whose whole slice is `day=N`, in day order, for the latest period."""
    found = [row for row in rows if row.metric == metric and len(row.parts) == 1 and row.parts[0][0] == "day"]
    return sorted(((int(row.parts[0][1]), row) for row in latest(found)), key=lambda pair: pair[0])
