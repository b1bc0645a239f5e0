"""The drawing of a subject's days: a column of requests for each, and a numbered rule where something happened.

Belongs here: places in SVG units. It is made for every lead's page, hence by a template and not by the charts' renderer.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict

from orchestration.reporting.subjects.subject import Event

_LEFT, _RIGHT, _TOP, _BOTTOM = 8.0, 8.0, 44.0, 24.0
_TICK_DAYS = 14
_BADGE = 64.0
"""Rules nearer than this to the first of them share its badge, which is at most so wide."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Frozen):
    """A day's requests: the column's upper left corner and height, and what it says when pointed at."""

    x: float
    y: float
    height: float
    words: str


class Mark(_Frozen):
    """The numbers of what happened about a day, or the date of a tick."""

    x: float
    words: str


class Timeline(_Frozen):
    """The drawing `width` by `height` units; `most` is the value of the tallest column, which reaches the upper line."""

    width: float
    height: float
    base: float
    top: float
    column_width: float
    most: int
    columns: tuple[Column, ...]
    rules: tuple[float, ...]
    numbers: tuple[Mark, ...]
    ticks: tuple[Mark, ...]


def timeline_of(
    days: Mapping[date, int], events: Sequence[Event], until: date, day_count: int, width: float, height: float = 220.0
) -> Timeline:
    """Return the drawing of the `day_count` days that end with `until`; events are numbered in their order, from 1."""
    since = until - timedelta(days=day_count - 1)
    step = (width - _LEFT - _RIGHT) / day_count
    base = height - _BOTTOM
    most = max(days.values(), default=0)

    def middle(day: date) -> float:
        return round(_LEFT + ((day - since).days + 0.5) * step, 1)

    def column(day: date, requests: int) -> Column:
        tall = round((base - _TOP) * requests / most, 1) if most else 0.0
        return Column(
            x=round(middle(day) - step * 0.4, 1), y=round(base - tall, 1), height=tall, words=f"{day}: {requests:,} requests"
        )

    numbers: dict[date, list[int]] = defaultdict(list)
    for place, event in enumerate(events, start=1):
        if since <= event.on <= until:
            numbers[event.on].append(place)
    rules = [(middle(day), found) for day, found in sorted(numbers.items())]
    return Timeline(
        width=width,
        height=height,
        base=base,
        top=_TOP,
        column_width=round(step * 0.8, 1),
        most=most,
        columns=tuple(column(day, requests) for day, requests in sorted(days.items()) if since <= day <= until),
        rules=tuple(x for x, _ in rules),
        numbers=_badges(rules, width),
        ticks=tuple(
            Mark(x=middle(day), words=f"{day:%m-%d}")
            for day in (since + timedelta(days=place) for place in range(_TICK_DAYS // 2, day_count, _TICK_DAYS))
        ),
    )


def _badges(rules: Sequence[tuple[float, list[int]]], width: float) -> tuple[Mark, ...]:
    """Return the numbers of events above their rules; those that would lie over each other stand as one range."""
    grouped: list[tuple[float, list[int]]] = []
    for x, numbers in rules:
        if grouped and x - grouped[-1][0] < _BADGE:
            grouped[-1][1].extend(numbers)
        else:
            grouped.append((x, list(numbers)))
    badges: list[Mark] = []
    for x, numbers in grouped:
        words = _span(numbers)
        half = 5 + 4 * len(words)
        badges.append(Mark(x=round(min(max(x, half + 1), width - half - 1), 1), words=words))
    return tuple(badges)


def _span(numbers: Sequence[int]) -> str:
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"  # noqa: RUF001  (a range)
