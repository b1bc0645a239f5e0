"""What an operator does about a full disk, a folder that may not be written, a damaged warehouse, a killed gate, no Spark.

Belongs here: telling these apart by what the system and the database say, whatever step they stopped. None is a fault of
the code, so each ends in a line that says what to do instead of a traceback.
"""

import re

from pydantic import BaseModel, ConfigDict

from orchestration.runbook import Section, address
from orchestration.spark.settings import NO_PACKAGES


class Advice(BaseModel):
    """What to do, and the runbook's section on it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: str
    section: Section


_RERUN = (
    "Nothing was published and readers keep the last release. Then give the same command again: it undoes this attempt first."
)
_ADVICE = (
    (
        re.compile(r"no space left|errno 28\b|disk quota|disk is full|file too large|errno 27\b|enough space", re.IGNORECASE),
        f"The disk is full: free space, for instance with `stillwatch prune`, which names what nothing refers to. {_RERUN}",
        Section.DISK_FULL,
    ),
    (
        re.compile(r"read-only file system|permission denied|operation not permitted|errno 30\b|errno 13\b", re.IGNORECASE),
        f"The home must be writable by the user who runs this: give it back, or name another with --home. {_RERUN}",
        Section.NOT_WRITABLE,
    ),
    (
        re.compile(r"corrupt|checksum|not a valid duckdb|deserializ|serialization error|failed to load metadata", re.IGNORECASE),
        "The working warehouse is damaged: run `stillwatch recover`, which builds it again from the landing folder. Releases are "
        "not touched and readers keep the last one.",
        Section.WAREHOUSE,
    ),
    (
        re.compile(r"terminated abruptly"),
        "The process beside the night, which judges, measures and draws pages, was killed, most often by the system for want of "
        f"memory: free some, or lower $STILLWATCH_MEMORY_LIMIT. {_RERUN}",
        Section.NIGHT_ERROR,
    ),
    (
        re.compile(r"TTransportException|TSocket read 0 bytes"),
        f"Spark's Thrift server went away in the middle of a command: start it again. {_RERUN}",
        Section.SPARK,
    ),
    (
        re.compile(r"Could not find adapter type spark"),
        f"{NO_PACKAGES}.",
        Section.SPARK,
    ),
)


def advice_for(error: BaseException) -> Advice | None:
    """Return what to do about an error, by its words and those of what caused it; None when it is none of these."""
    # libraries raise errors again in each other's handling, so a chain may come back to where it was
    chain: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in chain:
        chain.append(following)
        following = following.__cause__ or following.__context__
    found = ((words, section) for link in chain for pattern, words, section in _ADVICE if pattern.search(str(link)))
    return next((Advice(words=words, section=section) for words, section in found), None)


def advice_on(error: BaseException) -> str | None:
    """Return the same as one text that names the section."""
    found = advice_for(error)
    return f"{found.words} Runbook: {address(found.section)}" if found else None


def advised_sections() -> list[Section]:
    """Return the runbook's section of every advice."""
    return [section for _, _, section in _ADVICE]
