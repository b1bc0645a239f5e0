"""Telling a webhook of each export, in order and at least once.

Belongs here: the body (version 1, described in `docs/exports.md`) and how far the receiver was told. A crash after an answer
tells it of the same export again, under the same `event_id`.
"""

import json
from collections.abc import Callable, Mapping

from filelock import FileLock
from pydantic import BaseModel, ConfigDict

from orchestration.alerting.settings import Webhook, operation_settings, webhook_of
from orchestration.alerting.webhook import Outcome, post
from orchestration.durable import write_durably
from orchestration.exporting.export import Export, exports_folder, read_exports
from orchestration.settings import Home

BODY_VERSION = 1
ANNOUNCED = "announced.json"
Post = Callable[[Webhook, Mapping[str, object]], Outcome]
_LOCK_SECONDS = 60.0


class Announced(BaseModel):
    """How many exports the receiver was told of, how many wait, and what it answered last; None where nobody was asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    told: int
    waiting: int
    outcome: str | None


def body_of(home: Home, export: Export) -> dict[str, object]:
    """Return the JSON body of an export; `text` alone is what chat receivers show."""
    changed = ", ".join(
        f"{name} {counts.rows:,} rows ({counts.inserted:,} new, {counts.updated:,} changed, {counts.deleted:,} gone)"
        for name, counts in export.tables.items()
    )
    return {
        "version": BODY_VERSION,
        "event": "release_exported",
        "event_id": f"{home.root.name}/{export.folder_name}",
        "home": home.root.name,
        "folder": f"exports/v{export.version}/{export.folder_name}",
        **export.model_dump(mode="json", exclude={"version", "files"}),
        "text": f"stillwatch {home.root.name}, night of {export.as_of_date}: release {export.release_id} is exported: {changed}.",
    }


def untold(home: Home) -> list[Export]:
    """Return the exports that the receiver was not told of yet, oldest first; of a receiver that is new, the newest alone."""
    path = exports_folder(home) / ANNOUNCED
    exports = read_exports(home)
    if not path.is_file():
        return exports[-1:]
    told = int(json.loads(path.read_text(encoding="utf-8"))["sequence"])
    return [export for export in exports if export.sequence > told]


def announce(home: Home, *, send: Post = post) -> Announced:
    """Tell the webhook of what it was not told of; the first that does not arrive waits, and those after it.

    AlertError when a webhook is configured that may not be used.
    """
    webhook = webhook_of(operation_settings(), home, "release")
    if webhook is None or not exports_folder(home).is_dir():
        return Announced(told=0, waiting=0, outcome=None)
    with FileLock(exports_folder(home) / ".telling.lock", timeout=_LOCK_SECONDS):
        waiting = untold(home)
        outcome: Outcome | None = None
        for number, export in enumerate(waiting):
            outcome = send(webhook, body_of(home, export))
            if not outcome.delivered:
                return Announced(told=number, waiting=len(waiting) - number, outcome=outcome.words)
            write_durably(exports_folder(home) / ANNOUNCED, json.dumps({"sequence": export.sequence}).encode())
        return Announced(told=len(waiting), waiting=0, outcome=outcome.words if outcome else None)
