"""Buckets of time summed to UTC days, each once, and only days that are covered whole.

Belongs here: the arithmetic of buckets, whatever report they come from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeVar

DAY = timedelta(days=1)
MODEL_NOT_GIVEN = ""
"""The model of a row of a report that was not grouped by model."""
COSTS = "costs"
"""The name of every report of cost; others are reports of usage."""
_Number = TypeVar("_Number", int, Decimal)


@dataclass(frozen=True)
class Usage:
    """What one row of a report says. None is what the report has not; tokens and cost never come together but from LiteLLM."""

    model: str = MODEL_NOT_GIVEN
    request_count: int | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    cost_minor_units: Decimal | None = None
    currency: str | None = None

    def __add__(self, other: "Usage") -> "Usage":
        """Return the sum of two rows of one model and currency; what both lack stays None."""
        return Usage(
            model=self.model,
            request_count=_sum(self.request_count, other.request_count),
            input_tokens=_sum(self.input_tokens, other.input_tokens),
            output_tokens=_sum(self.output_tokens, other.output_tokens),
            cache_read_input_tokens=_sum(self.cache_read_input_tokens, other.cache_read_input_tokens),
            cost_minor_units=_sum(self.cost_minor_units, other.cost_minor_units),
            currency=self.currency,
        )


@dataclass(frozen=True)
class Bucket:
    """One bucket of one report (`report` is its name), from `starts_at` to before `ends_at`, UTC."""

    report: str
    starts_at: datetime
    ends_at: datetime
    rows: tuple[Usage, ...]


@dataclass(frozen=True)
class DayTotal:
    """The usage of one model on one UTC day, as one report says it."""

    report: str
    activity_date: date
    usage: Usage


def money(amount: object) -> Decimal:
    """Return an amount given as a number or text, to the twelfth place; ValueError or ArithmeticError where it is none."""
    value = Decimal(str(amount))
    if not value.is_finite():
        raise ValueError("an amount must be a finite number")
    return value.quantize(Decimal("1e-12"))


def summed(rows: Iterable[Usage]) -> tuple[Usage, ...]:
    """Return rows added up by model and currency, in order of both: keys, projects, batches and tiers are one."""
    sums: dict[tuple[str, str], Usage] = {}
    for row in rows:
        key = (row.model, row.currency or "")
        sums[key] = sums[key] + row if key in sums else row
    return tuple(sums[key] for key in sorted(sums))


def day_totals(buckets: Iterable[Bucket], last_day: date) -> list[DayTotal]:
    """Return the totals of each report's days up to `last_day` that buckets of one width cover whole.

    A bucket that came more than once counts once. Of copies that differ, and of widths that each cover a day, the one counts
    that names more models, then the one with more usage: reports grow while usage is still counted, and one that was filtered has
    less. A day without usage is a row of zeros: it says that there was none.
    """
    copies: dict[tuple[str, date, timedelta], dict[datetime, tuple[Usage, ...]]] = {}
    for bucket in buckets:
        day, width = bucket.starts_at.astimezone(UTC).date(), bucket.ends_at - bucket.starts_at
        # one that reaches over midnight belongs to no day
        if day > last_day or width <= timedelta() or bucket.ends_at > _midnight(day) + DAY:
            continue
        of_day = copies.setdefault((bucket.report, day, width), {})
        rows = summed(bucket.rows)
        of_day[bucket.starts_at] = max(of_day.get(bucket.starts_at, ()), rows, key=_worth)
    days: dict[tuple[str, date], tuple[Usage, ...]] = {}
    # the widest last, so that it counts where all else is equal
    for (report, day, width), of_day in sorted(copies.items(), key=lambda item: item[0]):
        if not _covers(day, width, of_day):
            continue
        rows = summed(row for part in of_day.values() for row in part) or (_no_usage(report),)
        days[report, day] = max(rows, days.get((report, day), ()), key=_worth)
    return [DayTotal(report, day, row) for (report, day), rows in sorted(days.items()) for row in rows]


def _covers(day: date, width: timedelta, of_day: Mapping[datetime, object]) -> bool:
    aligned = all((start - _midnight(day)) % width == timedelta() for start in of_day)
    return aligned and len(of_day) * width == DAY


def _worth(rows: tuple[Usage, ...]) -> tuple[int, int, int, Decimal]:
    return (
        sum(row.model != MODEL_NOT_GIVEN for row in rows),
        sum((row.input_tokens or 0) + (row.output_tokens or 0) for row in rows),
        sum(row.request_count or 0 for row in rows),
        sum((row.cost_minor_units or Decimal(0) for row in rows), Decimal(0)),
    )


def _no_usage(report: str) -> Usage:
    if report == COSTS:
        return Usage(cost_minor_units=Decimal(0))
    return Usage(request_count=0, input_tokens=0, output_tokens=0, cache_read_input_tokens=0)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _sum(one: _Number | None, other: _Number | None) -> _Number | None:
    if one is None or other is None:
        return other if one is None else one
    return one + other
