"""The rule set's version lock: which numbers each version stands for.

Belongs here: one hash over the settings, families and priors of the seeds, and the check that it does not change under a
version. Dates and reasons may; an adopted calibration names the version it was fitted on and is no part of it.
"""

import csv
import hashlib
import io
from pathlib import Path

TABLES = ("signal_settings", "signal_families", "score_priors")
LOCK_COLUMNS = ("ruleset_version", "rules_sha256")
_NOT_RULES = {"entered_on", "reason", "hypothesis", "ruleset_version"}


class RuleSetError(ValueError):
    """Seeds that state no single rule set version."""


def ruleset_version(root: Path) -> str:
    """Return the one version all priors state; RuleSetError when they differ."""
    versions = {row["ruleset_version"] for row in seed_rows(root, "score_priors")}
    if len(versions) != 1:
        raise RuleSetError(f"score_priors.csv must state one ruleset_version; given {', '.join(sorted(versions)) or 'none'}")
    return versions.pop()


def rules_sha256(root: Path) -> str:
    """Return the SHA-256 over every cell that scores depend on, in the order of the columns' and rows' text."""
    digest = hashlib.sha256()
    for table in TABLES:
        rows = seed_rows(root, table)
        lines = ["|".join(f"{column}={row[column]}" for column in sorted(row) if column not in _NOT_RULES) for row in rows]
        digest.update(f"{table}\n".encode() + "\n".join(sorted(lines)).encode() + b"\n")
    return digest.hexdigest()


def is_unversioned_change(root: Path, lock_text: str) -> bool:
    """Return whether the numbers differ from what the lock holds for their version."""
    locked = _read_lock(lock_text)
    version = ruleset_version(root)
    return version in locked and locked[version] != rules_sha256(root)


def lock_csv(root: Path, lock_text: str) -> str:
    """Return the lock with the seeds' version put in; earlier versions stay, since published scores name them."""
    locked = _read_lock(lock_text) | {ruleset_version(root): rules_sha256(root)}
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(LOCK_COLUMNS)
    writer.writerows(locked.items())
    return buffer.getvalue()


def _read_lock(lock_text: str) -> dict[str, str]:
    return {row["ruleset_version"]: row["rules_sha256"] for row in csv.DictReader(io.StringIO(lock_text))}


def seed_rows(root: Path, table: str) -> list[dict[str, str]]:
    """Return the rows of a seed under seeds/signals, as text."""
    with (root / f"seeds/signals/{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
