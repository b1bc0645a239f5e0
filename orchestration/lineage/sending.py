"""Telling a receiver of OpenLineage events what it was not told yet, in order and at least once.

Belongs here: when it stops. An event that the receiver refuses for what it says is passed over, or it would hold up all after it.
"""

import time
from collections.abc import Callable, Mapping

import requests
from filelock import FileLock
from pydantic import BaseModel, ConfigDict

from orchestration.alerting.settings import Webhook, operation_settings, webhook_of
from orchestration.alerting.webhook import Outcome, post
from orchestration.lineage.spool import SENT, Position, remember_sent, waiting
from orchestration.settings import Home

LONGEST_SECONDS = 300.0
"""How long one run tells a slow receiver; the rest waits."""
_LOCK_SECONDS = 60.0

Post = Callable[[Webhook, Mapping[str, object], requests.Session], Outcome]


class Sent(BaseModel):
    """How many events arrived, were refused and wait, and what was answered last; None where nobody was asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    told: int
    refused: int
    waiting: int
    outcome: str | None


def _post(webhook: Webhook, event: Mapping[str, object], session: requests.Session) -> Outcome:
    return post(webhook, event, session=session)


def send_waiting(home: Home, *, send: Post = _post) -> Sent:
    """Send what waits, until one event does not arrive; AlertError when the endpoint configured may not be used."""
    endpoint = webhook_of(operation_settings(), home, "lineage")
    if endpoint is None or not home.lineage.is_dir():
        return Sent(told=0, refused=0, waiting=0, outcome=None)
    with FileLock(home.lineage / ".telling.lock", timeout=_LOCK_SECONDS), requests.Session() as session:
        return _send_all(home, endpoint, session, send)


def _send_all(home: Home, endpoint: Webhook, session: requests.Session, send: Post) -> Sent:
    events = waiting(home)
    if events and not (home.lineage / SENT).is_file():
        # from here on the receiver is known, and what it does not take waits with what comes after it
        remember_sent(home, (events[0][0][0], 0))
    ends_at = time.monotonic() + LONGEST_SECONDS
    reached: Position | None = None
    outcome: Outcome | None = None
    counts = {"told": 0, "refused": 0}
    try:
        for position, event in events:
            if time.monotonic() > ends_at:
                break
            outcome = send(endpoint, event, session)
            if not (outcome.delivered or outcome.is_refused):
                break
            counts["told" if outcome.delivered else "refused"] += 1
            reached = position
    finally:
        if reached:
            remember_sent(home, reached)
    left = len(events) - counts["told"] - counts["refused"]
    return Sent(**counts, waiting=left, outcome=outcome.words if outcome else None)
