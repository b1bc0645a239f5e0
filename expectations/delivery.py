"""What is delivered, before any value is read: partitions, files, repeats of files, and what does not belong there.

Belongs here: judging names, days and digests of files. What stands in them is the business of the rules.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from expectations.history import PARTITION, REDELIVERY, ConsumedFile, History
from expectations.landing_files import LandedFile
from expectations.report import Finding, Severity, judged
from orchestration.contract import Table, landing_contract
from orchestration.days import days_between

_AGAIN = "Ask the provider to write the file again and replace it in the landing folder."


class DeliveredFile(BaseModel):
    """One file a run would consume: where it is, its path in the landing folder, the day it counts for, its digest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path
    name: str
    arrived_on: date
    sha256: str = ""


class Delivery(BaseModel):
    """What a run would take in: files by table, its nights, and what lies in the landing folder and is never read.

    A table that is missing from `files` is absent (it reads as empty); one without a file of a night's partition is late.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    files: dict[str, tuple[DeliveredFile, ...]]
    first_night: date
    last_night: date
    strays: tuple[str, ...] = ()
    ids_rekeyed: bool = False
    """Whether ids are re-keyed after the gate, so that no finding may show one as it landed."""

    @property
    def nights(self) -> list[date]:
        """The as-of dates, first to last."""
        return days_between(self.first_night, self.last_night)


def checked_tables(delivery: Delivery) -> None:
    """Raise ValueError when the delivery names a table the contract does not know."""
    known = landing_contract().tables
    strangers = sorted(set(delivery.files) - set(known))
    if strangers:
        raise ValueError(f"files must be of landing tables ({', '.join(known)}); given {', '.join(strangers)}: correct the names")


def stray_findings(delivery: Delivery) -> list[Finding]:
    """Warn of folders and files that are never read; the first table of the contract carries the finding."""
    return [
        judged(
            next(iter(landing_contract().tables)),
            "the landing folder holds nothing but Parquet files of the contract's tables",
            severity="warn",
            success=not delivery.strays,
            advice="They are never read; rename them as <table>/arrived_on=YYYY-MM-DD/*.parquet or remove them.",
            unexpected_count=len(delivery.strays),
            element_count=len(delivery.strays) + sum(len(files) for files in delivery.files.values()),
            unit="file",
            examples=delivery.strays[:5],
        )
    ]


def partition_findings(name: str, table: Table, delivery: Delivery, landed: Sequence[LandedFile]) -> list[Finding]:
    """Judge the partitions of the nights and whether each file can be opened."""
    days = {file.partition_on for file in landed}
    missing = [night for night in delivery.nights if night not in days]
    absent = name not in delivery.files and not table.required
    severity: Severity = "block" if table.required else "warn"
    day = f"arrived_on={(missing or delivery.nights)[0]}"
    advice = "The night goes on without it; what needs it is read from earlier days or not computed."
    findings = [
        judged(
            name,
            f"the partition {day} is delivered" if len(delivery.nights) == 1 else "the partition of every night is delivered",
            severity=severity,
            success=not missing or absent,
            advice=f"Ask the provider for {name}/{day} and run the night again." if table.required else advice,
            observed="absent, reads as empty" if absent else _observed(missing, len(landed)),
            limit=PARTITION if table.required else None,
            is_late=True,
        )
    ]
    unreadable = [file for file in landed if file.unreadable is not None]
    if landed:
        findings.append(
            judged(
                name,
                "every file is readable Parquet",
                severity="block",
                success=not unreadable,
                advice=_AGAIN,
                unexpected_count=len(unreadable),
                element_count=len(landed),
                unit="file",
                examples=tuple(f"{file.shown} ({file.unreadable})" for file in unreadable[:5]),
            )
        )
    return findings


def _observed(missing: Sequence[date], file_count: int) -> str:
    if not missing:
        return f"{file_count} new files"
    return f"{file_count} new files, none of {', '.join(str(day) for day in missing[:5])}"


def repeat_findings(name: str, table: Table, delivery: Delivery, landed: Sequence[LandedFile], history: History) -> list[Finding]:
    """Judge files by their digests: the same file a second time, and a consumed file that was replaced by another.

    A file without rows repeats nothing, nor does an extract of another day in which nothing changed.
    A required event table whose day holds only repeats of other days has no rows of that day, which blocks; else a repeat
    is dropped row by row and warns.
    """
    with_rows = {file.path for file in landed if file.row_count and file.unreadable is None}
    given = [file for file in delivery.files.get(name, ()) if file.sha256]
    known = {path: file for path, file in history.consumed.items() if path.startswith(f"{name}/")}
    with_day = table.delivery == "extract"
    repeats = _repeats([file for file in given if file.path in with_rows], known, with_day)
    changed = [file.name for file in given if file.name in known and known[file.name].sha256 != file.sha256]
    partitions = {file.path: file.partition_on for file in landed}
    empty_days = [
        night
        for night in delivery.nights
        if (of_day := [file for file in given if partitions[file.path] == night and file.path in with_rows])
        and all(file.name in repeats and f"arrived_on={night}/" not in repeats[file.name] for file in of_day)
    ]
    blocks = table.required and table.delivery == "event" and bool(empty_days)
    advice = "Rows that repeat are dropped; ask the provider whether the day's own rows are still to come."
    if blocks:
        advice = f"Ask the provider for the rows of {empty_days[0]}: what lies there is another day's file."
    if not given:
        return []
    return [
        judged(
            name,
            "no file is delivered a second time",
            severity="block" if blocks else "warn",
            success=not repeats,
            advice=advice,
            unexpected_count=len(repeats),
            element_count=len(given),
            unit="file",
            examples=tuple(f"{file} is {original} again" for file, original in list(repeats.items())[:5]),
            limit=REDELIVERY if blocks else None,
        ),
        judged(
            name,
            "no file that a night took in has been replaced since",
            severity="warn",
            success=not changed,
            advice="The run reads what is there now and supersedes what was published; ask the provider why, and say so by "
            "--reason.",
            unexpected_count=len(changed),
            element_count=len(given),
            unit="file",
            examples=tuple(changed[:5]),
        ),
    ]


def _repeats(given: Sequence[DeliveredFile], known: Mapping[str, ConsumedFile], with_day: bool) -> dict[str, str]:
    """Return the files that repeat an earlier one (by day, then name), each with the first of its kind.

    With `with_day` only files that count for one day repeat one another.
    """
    first: dict[tuple[str, date | None], tuple[date, str]] = {}
    everything = [(file.arrived_on, path, file.sha256) for path, file in known.items() if file.row_count]
    everything += [(file.arrived_on, file.name, file.sha256) for file in given]
    for arrived_on, path, sha256 in everything:
        key = (sha256, arrived_on if with_day else None)
        first[key] = min(first.get(key, (date.max, "")), (arrived_on, path))
    originals = {file.name: first[file.sha256, file.arrived_on if with_day else None][1] for file in given}
    return {name: original for name, original in originals.items() if name != original}
