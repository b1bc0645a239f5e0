"""`<home>/lineage/`: the events of each run as a file of JSON lines, and how far the receiver was told.

Belongs here: the files, which of them stay, and what of them waits. Names begin with the time, so that they are in order.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from os import SEEK_END
from pathlib import Path
from typing import Any

from orchestration.durable import write_durably
from orchestration.settings import Home

KEPT_RUNS = 30
"""Runs whose events are kept, told or not."""
SENT = "sent.json"
_ENDS = {"COMPLETE", "FAIL", "ABORT"}

Position = tuple[str, int]
"""A file's name and a number of its lines."""


def path_of_run(home: Home, run_id: str, began_at: datetime) -> Path:
    """Return where the events of a run that begins now are written."""
    return home.lineage / f"{began_at:%Y%m%dT%H%M%S%fZ}-{run_id}.jsonl"


def run_files(home: Home) -> list[Path]:
    """Return the files of the runs, oldest first."""
    return sorted(home.lineage.glob("*.jsonl"))


def append(path: Path, events: Sequence[str]) -> None:
    """Append events, each a line; one that a crash cut off is closed first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as stream:
        if stream.tell():
            stream.seek(-1, SEEK_END)
        is_cut = stream.read() not in {b"", b"\n"}
        stream.write(b"\n" * is_cut + "".join(f"{event}\n" for event in events).encode())


def drop_old(home: Home) -> None:
    """Remove the files of all but the newest runs."""
    for path in run_files(home)[:-KEPT_RUNS]:
        path.unlink()


def read_events(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the events of a file, each with the number of lines to its end; a line that a crash cut off is passed over."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            yield number, json.loads(line)
        except ValueError:
            continue


def left_open(path: Path) -> list[dict[str, Any]]:
    """Return the events that began a run which never ended, the outermost last: whoever wrote them died."""
    begun: dict[str, dict[str, Any]] = {}
    for _, event in read_events(path):
        if event["eventType"] == "START":
            begun[event["run"]["runId"]] = event
        elif event["eventType"] in _ENDS:
            begun.pop(event["run"]["runId"], None)
    return list(reversed(begun.values()))


def waiting(home: Home) -> list[tuple[Position, dict[str, Any]]]:
    """Return the events that the receiver was not told of, oldest first, each with the position after it.

    Of a receiver that is new, those of the newest run alone.
    """
    files = run_files(home)
    path = home.lineage / SENT
    if path.is_file():
        sent = json.loads(path.read_text(encoding="utf-8"))
        name, lines = str(sent["file"]), int(sent["lines"])
        files = [file for file in files if file.name >= name]
    else:
        name, lines, files = "", 0, files[-1:]
    return [
        ((file.name, number), event)
        for file in files
        for number, event in read_events(file)
        if file.name != name or number > lines
    ]


def remember_sent(home: Home, position: Position) -> None:
    """Write down how far the receiver was told."""
    name, lines = position
    write_durably(home.lineage / SENT, json.dumps({"file": name, "lines": lines}).encode())
