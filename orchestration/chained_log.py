"""Logs in which nothing can be changed unseen: each line holds the SHA-256 of the line before it.

Belongs here: the chain of lines. What a line says is its own log's. A cut tail leaves no gap, so the hash of the last line is
returned with each entry, to be kept elsewhere.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from orchestration.durable import append_durably

FIRST = "0" * 64


class ChainedEntry(BaseModel):
    """One line of a chained log; logs add what they tell."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prev_sha256: str


EntryT = TypeVar("EntryT", bound=ChainedEntry)


def append(path: Path, entry_after: Callable[[str], ChainedEntry]) -> str:
    """Append the entry made from the last line's SHA-256, durably; return the SHA-256 of the new line."""
    before = lines(path)
    entry = entry_after(digest(before[-1]) if before else FIRST)
    line = json.dumps(entry.model_dump(mode="json"), sort_keys=True, ensure_ascii=False).encode() + b"\n"
    append_durably(path, line)
    return digest(line)


def chain_faults(path: Path, entry: type[EntryT], name: str, also: Callable[[EntryT], Sequence[str]] = lambda _: ()) -> list[str]:
    """Return where the chain does not hold, in words; `name` is what an entry is called, `also` what else an entry must hold."""
    faults: list[str] = []
    before = FIRST
    for number, line in enumerate(lines(path), start=1):
        try:
            found = entry.model_validate_json(line)
        except ValidationError:
            faults.append(f"{name} {number} cannot be read")
        else:
            if found.prev_sha256 != before:
                faults.append(f"{name} {number} does not follow entry {number - 1}: the chain is broken there")
            faults += [f"{name} {number} {fault}" for fault in also(found)]
        before = digest(line)
    return faults


def lines(path: Path) -> list[bytes]:
    """Return the lines of a log with their ends, none where there is no file."""
    return path.read_bytes().splitlines(keepends=True) if path.exists() else []


def digest(line: bytes) -> str:
    """Return the SHA-256 of a line as hex."""
    return hashlib.sha256(line).hexdigest()
