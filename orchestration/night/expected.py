"""Which night should be published by now, and which are not.

Belongs here: the one place where a number depends on the clock, since nothing that runs can tell that nothing ran.
"""

from datetime import date, datetime, timedelta

from pydantic import BaseModel, ConfigDict

from orchestration.days import days_between
from orchestration.publishing.releases import published_history
from orchestration.settings import Home

MOST_DAYS = 5
"""Nights named one by one; of more only the first and the last."""


class Nights(BaseModel):
    """The night expected by now, the newest published, those missed after it, and those passed over before it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    expected: date
    newest: date | None
    missed: tuple[date, ...]
    passed_over: tuple[date, ...]

    @property
    def words(self) -> str:
        """How it stands, in a sentence."""
        if self.newest is None:
            return f"Nothing is published, and the night of {self.expected} was expected by now."
        if not self.missed:
            return f"The night of {self.expected} was expected by now; the newest published is {self.newest}."
        number = "1 night was" if len(self.missed) == 1 else f"{len(self.missed)} nights were"
        return f"{number} missed ({in_words(self.missed)}): the newest published is {self.newest}."


def in_words(days: tuple[date, ...]) -> str:
    """Return days one by one, or of many the first and the last."""
    if len(days) > MOST_DAYS:
        return f"{days[0]} to {days[-1]}"
    return ", ".join(str(day) for day in days)


def night_due(now: datetime, due_hour: int) -> date:
    """Return the night that is due at a time, UTC: yesterday's from the hour on, before it that of the day before."""
    return (now - timedelta(days=1 if now.hour >= due_hour else 2)).date()


def nights_of(home: Home, expected: date) -> Nights:
    """Return how the releases of a home stand to the night expected, wherever readers were rolled back to."""
    published = published_history(home.published).as_of_dates
    if not published:
        return Nights(expected=expected, newest=None, missed=(expected,), passed_over=())
    first, newest = published[0], published[-1]
    passed_over = tuple(day for day in days_between(first, newest) if day not in set(published))
    return Nights(
        expected=expected,
        newest=newest,
        missed=tuple(days_between(newest + timedelta(days=1), expected)),
        passed_over=passed_over,
    )
