"""The run log, `<home>/logs/stillwatch.jsonl`: one JSON line when a command or a step begins, ends or fails.

Belongs here: the form of a line, which file, and how large it may grow. Nothing else is written to it, so a library's noise stays
out. A home whose log cannot be written runs all the same.
"""

import json
import logging
import time
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from uuid import uuid4

import click
from pydantic import BaseModel, ConfigDict

from orchestration.discretion import discreet_words
from orchestration.settings import Home

LARGEST_BYTES = 5_000_000
KEPT_FILES = 5
_FRAMES = 5
_DONE = logging.INFO + 5
"""Above INFO, which commands switch off to be quiet, and below a warning."""

Counts = dict[str, int | str | bool]
"""What a step adds to its last line: rows, files, the release."""

_log = logging.getLogger("stillwatch.run")
_log.propagate = False
_log.setLevel(logging.DEBUG)
_log.addHandler(logging.NullHandler())


class _Run(BaseModel):
    """Which run lines belong to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run_id: str
    command: str


_open: list[_Run] = []


class _JsonLines(logging.Formatter):
    """A record as one line of JSON: time, level, message, and the fields it was given."""

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, object] = record.__dict__.get("fields", {})
        level = record.levelname.lower() if record.levelno >= logging.WARNING else "info"
        at = datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds")
        return json.dumps({"time": at, "level": level, **fields, "message": record.getMessage()}, ensure_ascii=False, default=str)


class _BestEffort(RotatingFileHandler):
    """A file that may not be written, or a disk that is full, stops no night."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Drop the line; what is wrong with the disk is said by the step that needs it."""


def path_of(home: Home) -> Path:
    """Return where the run log of a home is."""
    return home.logs / "stillwatch.jsonl"


def run_id() -> str | None:
    """Return the id of the run that is recorded, None outside of one."""
    return _open[-1].run_id if _open else None


@contextmanager
def recording(home: Home, command: str | None = None, run: str | None = None) -> Generator[str]:
    """Record what runs inside as one run, under the id given or a new one, which is returned.

    `command` is that of the command line unless given. A run inside another has its own id and writes to the same file.
    """
    about = _Run(run_id=run or str(uuid4()), command=command or _command() or "python")
    handler = None if _open else _attached(home)
    _open.append(about)
    try:
        with _timed("command", {}):
            yield about.run_id
    finally:
        _open.pop()
        if handler:
            _log.removeHandler(handler)
            handler.close()


def _command() -> str:
    """Return the command of the command line without its arguments, which may hold an id."""
    context = click.get_current_context(silent=True)
    names: list[str] = []
    while context and context.parent:
        names.insert(0, context.info_name or "")
        context = context.parent
    return " ".join(names)


def _attached(home: Home) -> logging.Handler | None:
    try:
        home.logs.mkdir(parents=True, exist_ok=True)
        handler = _BestEffort(path_of(home), maxBytes=LARGEST_BYTES, backupCount=KEPT_FILES - 1, encoding="utf-8", delay=True)
    except OSError:
        return None
    handler.setFormatter(_JsonLines())
    _log.addHandler(handler)
    return handler


@contextmanager
def step(name: str, as_of_from: date | None = None, as_of_to: date | None = None) -> Generator[Counts]:
    """Record one step, its seconds and what it counts in the mapping it is given."""
    dates = {"as_of_from": as_of_from, "as_of_to": as_of_to} if as_of_from else {}
    with _timed("step", {"step": name, **dates}) as counts:
        yield counts


def warn(message: str) -> None:
    """Record something that went wrong and stopped nothing."""
    _write(logging.WARNING, message, {})


@contextmanager
def _timed(what: str, fields: dict[str, object]) -> Generator[Counts]:
    counts: Counts = {}
    began = time.monotonic()
    _write(_DONE, f"{what} begun", fields)
    try:
        yield counts
    except BaseException as error:
        seconds = round(time.monotonic() - began, 3)
        where = _where(error) if what == "command" else {}
        _write(
            logging.ERROR,
            f"{what} failed: {discreet_words(error)}",
            {**fields, "seconds": seconds, "error": type(error).__name__, **where},
        )
        raise
    ended = {"seconds": round(time.monotonic() - began, 3)} | ({"counts": counts} if counts else {})
    _write(_DONE, f"{what} ended", {**fields, **ended})


def _where(error: BaseException) -> dict[str, object]:
    """Return the innermost frames of an error: places in the code hold no values."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return {"where": [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]}


def _write(level: int, message: str, fields: dict[str, object]) -> None:
    run = _open[-1].model_dump() if _open else {}
    _log.log(level, "%s", message, extra={"fields": {**run, **fields}})
