"""One run at a time in a home, by a lock that names its holder.

Belongs here: the lock file. The operating system frees it when the holder dies, however it dies. A run takes it once as a whole
and again in Dagster's resource, so the thread that holds it may take it again.
"""

import json
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from orchestration.settings import Home


class HomeLockedError(RuntimeError):
    """Another run holds the home; the message names it."""


class Holder(BaseModel):
    """Who holds the home, or held it when it died: `command` may name an account and is for its own terminal alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pid: int
    started_at: datetime
    command: str

    @property
    def is_alive(self) -> bool:
        """Whether the process is there, on this machine."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True


def holder_of(home: Home) -> Holder | None:
    """Return who holds the home; one that is not alive died in the midst of its run, for the living take their name away."""
    try:
        return Holder.model_validate_json(home.lock_holder.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValidationError):
        return None


@contextmanager
def home_lock(home: Home) -> Generator[None]:
    """Hold the home's lock; raises HomeLockedError at once when another run or thread has it."""
    home.root.mkdir(parents=True, exist_ok=True)
    holder = home.lock_holder
    lock = FileLock(home.root / "run.lock", is_singleton=True)
    if lock.is_locked:
        with lock:
            yield
        return
    try:
        lock.acquire(timeout=0)
    except Timeout:
        named = holder.read_text(encoding="utf-8").strip() if holder.exists() else "unknown"
        raise HomeLockedError(
            f"another run holds {home.root}: {named}. Wait for it to end, or end that process; nothing was changed"
        ) from None
    try:
        started = datetime.now(tz=UTC).isoformat(timespec="seconds")
        about = {"pid": os.getpid(), "started_at": started, "command": " ".join(sys.argv)}
        holder.write_text(json.dumps(about) + "\n", encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()
