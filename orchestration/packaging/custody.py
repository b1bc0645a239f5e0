"""The custody log: who did what with a package, when and why, as a chain in which nothing can be changed unseen.

Belongs here: reading, appending and checking. Each line holds the SHA-256 of the line before it. A cut tail leaves no gap, so the
hash of the last line is printed with each entry, to be kept elsewhere.
"""

from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field, ValidationError

from orchestration.chained_log import ChainedEntry, chain_faults, lines
from orchestration.chained_log import append as append_to_chain
from orchestration.packaging.errors import PackageError

LOG = "custody.jsonl"


class Entry(ChainedEntry):
    """One line: what came before, when, who, what, why, and the hash of the package it was done with."""

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
    try:
        return append_to_chain(
            package / LOG,
            lambda before: Entry(
                prev_sha256=before,
                at=at or datetime.now(UTC),
                who=who.strip(),
                what=what.strip(),
                why=why.strip(),
                package_sha256=package_sha256,
            ),
        )
    except ValidationError as error:
        raise PackageError("a custody entry needs who, what and why, each in words") from error


def entries(package: Path) -> list[Entry]:
    """Return the entries of a log that holds; PackageError when a line is none."""
    try:
        return [Entry.model_validate_json(line) for line in (package / LOG).read_bytes().splitlines()]
    except (OSError, ValidationError) as error:
        raise PackageError(f"{package / LOG} is not a custody log: {error}") from error


def custody_faults(package: Path, package_sha256: str) -> list[str]:
    """Return where the chain does not hold, in words."""
    if not (package / LOG).is_file():
        return [f"{LOG} is missing"]
    if not lines(package / LOG):
        return [f"{LOG} is empty"]
    return chain_faults(
        package / LOG,
        Entry,
        "custody entry",
        lambda entry: () if entry.package_sha256 == package_sha256 else ("is about another content",),
    )
