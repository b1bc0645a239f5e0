"""What an alert says, and the body a webhook gets (version 1, described in `docs/runbook.md`).

Belongs here: the shape. No id of an account and no landed value stands in an alert: it leaves the building.
"""

from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from orchestration.runbook import Section, address

BODY_VERSION = 1


class Kind(StrEnum):
    """Why somebody is told."""

    GATE_FAILED = "gate_failed"
    LATE_SOURCE = "late_source"
    MISSED_NIGHT = "missed_night"
    NIGHT_ERROR = "night_error"
    EXPORT_FAILED = "export_failed"
    TEST = "test"


SECTIONS = {
    Kind.GATE_FAILED: Section.GATE_FAILED,
    Kind.LATE_SOURCE: Section.LATE_SOURCE,
    Kind.MISSED_NIGHT: Section.MISSED_NIGHT,
    Kind.NIGHT_ERROR: Section.NIGHT_ERROR,
    Kind.EXPORT_FAILED: Section.EXPORT,
    Kind.TEST: Section.TRIAL,
}
"""The runbook's section of each kind; an error may name a nearer one."""


class Alert(BaseModel):
    """One thing to be told: which night, which tables, what happened and what to do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    as_of_date: date
    home: str
    message: str
    what_to_do: str
    section: Section
    tables: tuple[str, ...] = ()
    run_id: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two alerts the same: kind, night, tables and section, whichever run raised them."""
        return (self.kind, self.as_of_date.isoformat(), self.section, *self.tables)

    def body(self, raised_at: datetime) -> dict[str, object]:
        """Return the JSON body; `text` alone is what chat receivers show."""
        runbook = address(self.section)
        return {
            "version": BODY_VERSION,
            "kind": str(self.kind),
            "as_of_date": self.as_of_date.isoformat(),
            "run_id": self.run_id,
            "home": self.home,
            "tables": list(self.tables),
            "message": self.message,
            "what_to_do": self.what_to_do,
            "runbook": runbook,
            "raised_at": raised_at.isoformat(timespec="seconds"),
            "text": f"stillwatch {self.home}, night of {self.as_of_date}: {self.message} {self.what_to_do} Runbook: {runbook}",
        }
