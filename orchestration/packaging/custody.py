"""The custody log: who did what with a package, when and why, as a chain in which nothing can be changed unseen.

Belongs here: reading, appending and checking. Each line holds the SHA-256 of the line before it. A cut tail leaves no gap, so the
hash of the last line is printed with each entry, to be kept elsewhere.
"""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from orchestration.packaging.errors import PackageError

LOG = "custody.jsonl"
FIRST = "0" * 64


class Entry(BaseModel):
    """One line: what came before, when, who, what, why, and the hash of the package it was done with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prev_sha256: str
    at: datetime
    who: str = Field(min_length=1)
    what: str = Field(min_length=1)
    why: str = Field(min_length=1)
    package_sha256: str


def append(package: Path, package_sha256: str, who: str, what: str, why: str, at: datetime | None = None) -> str:
    """Append one entry and return the SHA-256 of its line; PackageError when the log is broken already or a word is missing."""
    faults = custody_faults(package, package_sha256) if (package / LOG).exists() else []
    if faults:
        raise PackageError(f"{package / LOG} is broken and takes no more entries: {'; '.join(faults)}")
    last = _lines(package)[-1:] if (package / LOG).exists() else []
    try:
        entry = Entry(
            prev_sha256=_digest(last[0]) if last else FIRST,
            at=at or datetime.now(UTC),
            who=who.strip(),
            what=what.strip(),
            why=why.strip(),
            package_sha256=package_sha256,
        )
    except ValidationError as error:
        raise PackageError("a custody entry needs who, what and why, each in words") from error
    line = json.dumps(entry.model_dump(mode="json"), sort_keys=True, ensure_ascii=False).encode() + b"\n"
    with (package / LOG).open("ab") as stream:
        stream.write(line)
    return _digest(line)


def entries(package: Path) -> list[Entry]:
    """Return the entries of a log that holds; PackageError when a line is none."""
    try:
        return [Entry.model_validate_json(line) for line in _lines(package)]
    except (OSError, ValidationError) as error:
        raise PackageError(f"{package / LOG} is not a custody log: {error}") from error


def custody_faults(package: Path, package_sha256: str) -> list[str]:
    """Return where the chain does not hold, in words."""
    if not (package / LOG).is_file():
        return [f"{LOG} is missing"]
    faults: list[str] = []
    before = FIRST
    lines = _lines(package)
    if not lines:
        faults.append(f"{LOG} is empty")
    for number, line in enumerate(lines, start=1):
        try:
            entry = Entry.model_validate_json(line)
        except ValidationError:
            faults.append(f"custody entry {number} cannot be read")
            before = _digest(line)
            continue
        if entry.prev_sha256 != before:
            faults.append(f"custody entry {number} does not follow entry {number - 1}: the chain is broken there")
        if entry.package_sha256 != package_sha256:
            faults.append(f"custody entry {number} is about another content")
        before = _digest(line)
    return faults


def _lines(package: Path) -> list[bytes]:
    return (package / LOG).read_bytes().splitlines(keepends=True)


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
