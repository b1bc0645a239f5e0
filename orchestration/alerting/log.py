"""`<home>/alerts.jsonl`: every alert that was raised and every attempt to deliver it, only ever appended to.

Belongs here: the lines and what they add up to.
"""

import json
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from orchestration.alerting.alert import Alert
from orchestration.durable import append_durably
from orchestration.settings import Home

TRIED_FOR = timedelta(days=7)
"""How long delivery is tried; an older alert tells of a night long gone."""

State = Literal["delivered", "waiting", "given up", "kept"]


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime
    id: str


class Raised(_Line):
    """An alert was raised; `to_send` says whether a webhook was configured then."""

    event: Literal["raised"] = "raised"
    alert: Alert
    to_send: bool


class Attempted(_Line):
    """Its delivery was tried; `outcome` says how that went."""

    event: Literal["attempted"] = "attempted"
    delivered: bool
    outcome: str


class Standing(BaseModel):
    """One alert with what became of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    raised: Raised
    attempts: tuple[Attempted, ...] = ()

    def state(self, now: datetime) -> State:
        """Return whether it was delivered, waits for the next attempt, was given up, or was never to be sent."""
        if any(attempt.delivered for attempt in self.attempts):
            return "delivered"
        if not self.raised.to_send:
            return "kept"
        return "waiting" if now - self.raised.at <= TRIED_FOR else "given up"


_lines = TypeAdapter[Raised | Attempted](Annotated[Raised | Attempted, Field(discriminator="event")])


def append(home: Home, line: Raised | Attempted) -> None:
    """Append a line and have it on disk; one that a crash cut off is closed first."""
    path = home.alerts
    is_cut = path.exists() and not path.read_bytes().endswith(b"\n")
    text = json.dumps(line.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
    append_durably(path, f"{chr(10) if is_cut else ''}{text}\n".encode())


def standings(home: Home) -> list[Standing]:
    """Return every alert with its attempts, oldest first; a line that a crash cut off counts for nothing."""
    raised: dict[str, Raised] = {}
    attempts: dict[str, list[Attempted]] = {}
    for text in home.alerts.read_text(encoding="utf-8").splitlines() if home.alerts.exists() else ():
        try:
            line = _lines.validate_json(text)
        except ValidationError:
            continue
        if isinstance(line, Raised):
            raised[line.id] = line
        else:
            attempts.setdefault(line.id, []).append(line)
    return [Standing(raised=line, attempts=tuple(attempts.get(key, ()))) for key, line in raised.items()]
