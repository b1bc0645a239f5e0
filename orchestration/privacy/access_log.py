"""The access log: who found out whom an id names, when, why, and for which ids.

Belongs here: one append-only chain in the home, written before anything is told. It holds published ids only.
"""

from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field, ValidationError

from orchestration import chained_log
from orchestration.privacy.errors import PrivacyError


class Access(chained_log.ChainedEntry):
    """One line: what came before, when, who, what was done, why, and the published ids it was done for."""

    at: datetime
    who: str = Field(min_length=1)
    what: str = Field(min_length=1)
    why: str = Field(min_length=1)
    ids: tuple[str, ...]


def record(log: Path, who: str, what: str, why: str, ids: tuple[str, ...] = (), at: datetime | None = None) -> str:
    """Append one access and return the SHA-256 of its line; PrivacyError when the chain is broken or a word is missing."""
    faults = access_faults(log)
    if faults:
        raise PrivacyError(f"{log} is broken and takes no more entries, so nothing was done: {'; '.join(faults)}")
    try:
        return chained_log.append(
            log,
            lambda before: Access(
                prev_sha256=before, at=at or datetime.now(UTC), who=who.strip(), what=what, why=why.strip(), ids=ids
            ),
        )
    except ValidationError as error:
        raise PrivacyError("an access needs --by and --reason, each in words; nothing was done") from error


def accesses(log: Path) -> list[Access]:
    """Return every access, oldest first; PrivacyError when a line is none."""
    try:
        return [Access.model_validate_json(line) for line in chained_log.lines(log)]
    except ValidationError as error:
        raise PrivacyError(f"{log} is not an access log: {access_faults(log)}") from error


def access_faults(log: Path) -> list[str]:
    """Return where the chain does not hold, in words."""
    return chained_log.chain_faults(log, Access, "access")
