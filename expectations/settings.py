"""The numbers both gates judge by. Belongs here: settings alone; what is checked stands in the suites."""

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Share = float


class GateSettings(BaseModel):
    """Limits of the gates, frozen. Shares run from 0 to 1; every number is open to suite queries by its name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tolerated_share: Share = Field(default=0.01, ge=0, lt=1)
    """Share of rows that may break a row-level rule; such rows are quarantined later, row by row."""
    unknown_account_share: Share = Field(default=0.05, ge=0, lt=1)
    """Share of requests whose account may be missing from the day's extract."""
    volume_floor_ratio: float = Field(default=0.2, ge=0, le=1)
    volume_ceiling_ratio: float = Field(default=5.0, ge=1)
    """A required table's rows of a day against the median of the trailing days; optional tables have twice the room."""
    extract_floor_ratio: float = Field(default=0.7, ge=0, le=1)
    """A full extract loses few rows overnight: below this it is cut off."""
    volume_trailing_days: int = Field(default=7, ge=1)
    """Fewest trailing days that make a day judgeable by history."""
    volume_window_days: int = Field(default=28, ge=1)
    fewest_optional_rows: int = Field(default=50, ge=1)
    """An optional table's usual rows a day from which its volume says something."""
    clock_shift_hours: float = Field(default=3.0, gt=0)
    fewest_clock_rows: int = Field(default=500, ge=1)
    unit_ratio: float = Field(default=5.0, gt=1)
    """Largest overnight factor of a geometric mean; units are mistaken by 10 and more, usage moves by less."""
    fewest_unit_values: int = Field(default=30, ge=1)
    null_share_step: Share = Field(default=0.25, gt=0, le=1)
    fewest_null_rows: int = Field(default=100, ge=1)
    fewest_nights_before: int = Field(default=7, ge=1)
    """As-of dates a mart needs before tonight's for its changes overnight to be judged."""
    unknown_columns: Literal["block", "warn"] = "warn"
    """Columns outside the contract are never loaded; forbidden ones block whatever this says."""
    marts_schema: str | None = "main"
    """Schema of the published tables; None when each name stands in one schema of the warehouse alone."""
    review_budget: int = Field(default=25, ge=0)
    """Most leads a night beside the audit and external ones."""
    audit_size: int = Field(default=9, ge=0)
    """Most audit leads a night, both designs together."""

    report_request_share: Share = Field(default=0.01, ge=0, lt=1)
    """By how much a day's answered requests of a model may differ from a usage report: here a request counts for the day of its
    start, there it may for that of its end, and few span midnight."""
    report_token_share: Share = Field(default=0.02, ge=0, lt=1)
    """The same of tokens, of which single requests hold more."""
    report_late_share: Share = Field(default=0.025, ge=0, lt=1)
    """Share that may be missing beyond these while rows of the day may still come; deliveries have about 2 % of them late."""
    report_request_floor: int = Field(default=20, ge=0)
    report_token_floor: int = Field(default=50_000, ge=0)
    """Differences up to these say nothing, whatever their share: a seldom used model has a request more or less at midnight."""

    memory_limit: str | None = None
    """What a gate's database may hold in memory; beyond it spills to disk. None: what the engine takes by itself."""
    spill: Path | None = None
    """Folder that it spills to, emptied before and after, so one gate at a time; None: `.tmp` in the working folder."""

    def numbers(self) -> dict[str, float | int]:
        """Return the numeric settings by name."""
        return {name: value for name, value in self if isinstance(value, float | int)}

    def share(self, tolerated: float | str | None) -> float:
        """Resolve a rule's `tolerated_share`: a number as it is, a setting's name as its value, None as 0.

        Raises ValueError when the name is no numeric setting.
        """
        if tolerated is None:
            return 0.0
        if isinstance(tolerated, str):
            numbers = self.numbers()
            if tolerated not in numbers:
                known = ", ".join(sorted(numbers))
                raise ValueError(f"tolerated_share must be a number or one of {known}; given {tolerated!r}")
            return float(numbers[tolerated])
        return tolerated

    def as_columns(self, as_of: date) -> str:
        """Return the select list of the one-row relation `gate` that suite queries may read."""
        numbers = ", ".join(f"{value!r} as {name}" for name, value in sorted(self.numbers().items()))
        return f"date '{as_of.isoformat()}' as as_of_date, {numbers}"
