"""What a landing folder remembers of its sources: how far each was read.

Belongs here: the file `_land/<source>.json` beside the tables, which no night reads. It is written after the rows are in place,
so that a run that was killed in between delivers them again rather than not at all.
"""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from orchestration.adapters.errors import AdapterError
from orchestration.durable import write_durably

FOLDER = "_land"


class SourceState(BaseModel):
    """How far a source was landed: through which arrival day, to which moment of its events (UTC), and under which key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    landed_through: date | None = None
    watermark: datetime | None = None
    key_id: str | None = None


def read_state(landing: Path, source: str) -> SourceState:
    """Return what is remembered, an empty state where nothing is; AdapterError when the file is none of ours."""
    path = _path(landing, source)
    if not path.exists():
        return SourceState()
    try:
        return SourceState.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise AdapterError(
            f"{path} must say how far {source} was landed and cannot be read ({error.error_count()} faults): restore it, or "
            "remove it to land from the first day again; rows that are there are not landed twice"
        ) from error


def write_state(landing: Path, source: str, state: SourceState) -> None:
    """Remember how far a source was landed, in one step."""
    write_durably(_path(landing, source), f"{state.model_dump_json(indent=2)}\n".encode())


@contextmanager
def landing_lock(landing: Path) -> Generator[None]:
    """Hold a landing folder against another run that lands into it; AdapterError at once when one does."""
    folder = landing / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / "land.lock", timeout=0):
            yield
    except Timeout:
        raise AdapterError(f"another run lands into {landing}: wait for it to end, nothing was changed") from None


def _path(landing: Path, source: str) -> Path:
    return landing / FOLDER / f"{source}.json"
