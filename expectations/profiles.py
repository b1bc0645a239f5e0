"""One landing table on one arrival day in a few numbers, kept so that later days can be held against it."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Level(_Frozen):
    """The mean of ln(value) over the values above 0 of a column with a unit, and how many there are."""

    mean_log: float
    value_count: int


class DayProfile(_Frozen):
    """One landing table on one arrival day, in the few numbers that later days are compared with.

    `null_counts` has every optional column, absent ones with all rows. `mean_lag_hours` is from an event to the end of its
    arrival day, over rows of that day and half a day around it; `newest_event_at` is the latest event.
    """

    table: str
    arrived_on: date
    row_count: int
    null_counts: dict[str, int] = Field(default_factory=dict[str, int])
    levels: dict[str, Level] = Field(default_factory=dict[str, Level])
    mean_lag_hours: float | None = None
    newest_event_at: datetime | None = None
