"""The files of a landing folder: which exist, which a run consumes, and the arrival day each counts for.

Belongs here: looking at the folder and deciding. Nothing here opens the warehouse.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from orchestration.contract import landing_contract
from orchestration.days import days_between

ARRIVED_ON = "arrived_on"
"""What a partition of a landing table is named by: the day on which its rows arrived."""


class LandingError(ValueError):
    """A landing folder that cannot be used as given; the message says what to do."""


class LandedFile(BaseModel):
    """One Parquet file of a landing folder, with the arrival day its rows count for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    relative_path: str
    partition_on: date
    arrived_on: date
    sha256: str = ""
    """Digest when the run was planned; empty for a file that could not be read then."""


class RunPlan(BaseModel):
    """What one run computes: its as-of dates, the first arrival day it takes in, and the files it reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    landing: Path
    as_of_from: date
    as_of_to: date
    arrived_from: date
    files: tuple[LandedFile, ...]

    @property
    def as_of_dates(self) -> list[date]:
        """The as-of dates, first to last."""
        return days_between(self.as_of_from, self.as_of_to)

    def first_written(self, keyed_by: str, late_days: int) -> date:
        """The first day that the run writes in a relation keyed by `arrived_on`, `as_of_date`, `activity_date` or another date.

        By activity it reaches back `late_days` more, as late rows do.
        """
        if keyed_by == "as_of_date":
            return self.as_of_from
        return self.arrived_from - timedelta(days=late_days if keyed_by == "activity_date" else 0)

    def paths(self, table: str) -> list[Path]:
        """The files of one table, in order."""
        return [self.landing / file.relative_path for file in self.files if file.table == table]


def list_partitions(landing: Path) -> list[tuple[str, date, Path]]:
    """Return (table, partition date, file) of every Parquet file under `landing`, in text order.

    Raises LandingError when the folder is missing, holds no table of the contract, or a partition's name is no date.
    """
    tables = landing_contract().tables
    if not landing.is_dir():
        raise LandingError(f"landing folder {landing} does not exist; give the folder that holds <table>/arrived_on=.../")
    found: list[tuple[str, date, Path]] = []
    for table in tables:
        for partition in sorted((landing / table).glob(f"{ARRIVED_ON}=*")):
            day = _partition_date(partition)
            found += [(table, day, file) for file in sorted(partition.glob("*.parquet")) if not file.is_dir()]
    if not found:
        raise LandingError(
            f"landing folder {landing} holds no Parquet file of the contract; expected "
            f"{landing}/usage_requests/arrived_on=YYYY-MM-DD/*.parquet and the like"
        )
    return found


def _partition_date(partition: Path) -> date:
    text = partition.name.removeprefix(f"{ARRIVED_ON}=")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    # other ISO spellings of a day would be a second folder for it
    if day is None or day.isoformat() != text:
        raise LandingError(
            f"a partition must be named arrived_on=YYYY-MM-DD; given {partition.parent.name}/{partition.name}: rename or "
            "remove it"
        )
    return day


def strays(landing: Path) -> list[str]:
    """Return what lies in a landing folder and is never read: foreign folders and files, in text order.

    Names that begin with `_` or `.` are markers of the programs that write, and no strays.
    """
    tables = landing_contract().tables
    foreign = [path for path in landing.iterdir() if path.name not in tables]
    for table in tables:
        if (landing / table).is_dir():
            for path in (landing / table).iterdir():
                inside = path.iterdir() if path.is_dir() and path.name.startswith(f"{ARRIVED_ON}=") else (path,)
                foreign += [file for file in inside if file.suffix != ".parquet" or file.is_dir()]
    return sorted(path.relative_to(landing).as_posix() for path in foreign if not path.name.startswith(("_", ".")))


def plan_run(landing: Path, as_of_from: date, as_of_to: date, last_as_of: date | None, ledger: Mapping[str, date]) -> RunPlan:
    """Decide which files the as-of dates need and when each counts as arrived.

    `ledger` gives the arrival day of files consumed before; `last_as_of` is the last as-of date finished before
    `as_of_from`. A file the ledger knows keeps its day. A new one counts for its partition's date, unless that partition
    had been consumed: then for the night that first sees it.
    """
    files: list[LandedFile] = []
    after = last_as_of or date.min
    for table, partition_on, path in list_partitions(landing):
        relative = path.relative_to(landing).as_posix()
        known = ledger.get(relative)
        arrived_on = known or (partition_on if partition_on > after else max(as_of_from, partition_on))
        if partition_on <= as_of_to and after < arrived_on <= as_of_to:
            files.append(
                LandedFile(
                    table=table,
                    relative_path=relative,
                    partition_on=partition_on,
                    arrived_on=arrived_on,
                    sha256=_sha256_or_none(path),
                )
            )
    earliest = min((file.arrived_on for file in files), default=as_of_from)
    arrived_from = after + timedelta(days=1) if last_as_of else min(earliest, as_of_from)
    return RunPlan(landing=landing, as_of_from=as_of_from, as_of_to=as_of_to, arrived_from=arrived_from, files=tuple(files))


def _sha256_or_none(path: Path) -> str:
    """Return the digest, empty where the file cannot be read: the source gate says so in words."""
    try:
        return sha256_of(path)
    except OSError:
        return ""


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file as hex."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def files_by_table(files: Iterable[LandedFile]) -> dict[str, list[LandedFile]]:
    """Group files by landing table, every table of the contract present."""
    grouped: dict[str, list[LandedFile]] = {table: [] for table in landing_contract().tables}
    for file in files:
        grouped[file.table].append(file)
    return grouped


def digest_as_planned(run: RunPlan, file: LandedFile) -> str:
    """Return the file's digest; LandingError when it is no longer the file that the gate judged."""
    digest = sha256_of(run.landing / file.relative_path)
    if digest != file.sha256:
        raise LandingError(
            f"landing file {file.relative_path} must stay as it is while a night runs; it was replaced meanwhile, nothing was "
            "published: run the night again"
        )
    return digest
