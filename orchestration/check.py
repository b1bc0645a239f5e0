"""One line of `stillwatch doctor`.

Belongs here: its shape. What is looked at stands in `doctor.py` and `doctor_nights.py`.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from orchestration.runbook import Section

State = Literal["ok", "note", "fault"]


class Check(BaseModel):
    """What was looked at, how it is, and in words why and what to do. A note needs no action; a fault does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    state: State
    words: str
    section: Section | None = None
    """Where the runbook says more."""
