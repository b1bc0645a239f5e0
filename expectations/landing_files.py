"""Landed Parquet files as the gate sees them before any value is read: readable or not, rows, columns, arrival day."""

import re
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import DBAPIError

from expectations.database import GateDatabase, literal

_ARRIVAL = re.compile(r"^arrived_on=(\d{4}-\d{2}-\d{2})$")


class LandedFile(BaseModel):
    """One file: rows and columns from its footer, or the reason why it cannot be read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path
    partition_on: date | None
    arrived_on: date
    """The day its rows count for; `partition_on` is the day of its folder."""
    row_count: int = 0
    columns: dict[str, str]
    """Lower-case name to DuckDB type."""
    written_names: tuple[str, ...] = ()
    """The names as they are written in the file, in order."""
    unreadable: str | None = None

    @property
    def shown(self) -> str:
        """The file's partition and name, as a reader of a message finds it."""
        return f"{self.path.parent.name}/{self.path.name}"


def partition_day(path: Path) -> date | None:
    """Return the day of the `arrived_on=` folder that holds `path`, or None when there is none."""
    for part in reversed(path.parts[:-1]):
        match = _ARRIVAL.match(part)
        if match:
            return date.fromisoformat(match.group(1))
    return None


def inspect(database: GateDatabase, path: Path, arrived_on: date) -> LandedFile:
    """Read the footer of a Parquet file. A missing, truncated or foreign file comes back with `unreadable` set."""
    partition_on = partition_day(path)
    source = literal(str(path))
    try:
        written = database.columns(f"read_parquet({source}, hive_partitioning = false)")
        rows = database.rows(f"select num_rows from parquet_file_metadata({source})")
    except DBAPIError as error:
        return LandedFile(path=path, partition_on=partition_on, arrived_on=arrived_on, columns={}, unreadable=first_line(error))
    return LandedFile(
        path=path,
        partition_on=partition_on,
        arrived_on=arrived_on,
        row_count=int(str(rows[0][0])),
        columns={name.lower(): type_name for name, type_name in written.items()},
        written_names=tuple(written),
    )


def first_line(error: DBAPIError) -> str:
    """Return what DuckDB said, in one line and without the statement, its folders or a landed value."""
    text = str(error.orig).strip().splitlines()[0]
    return re.sub(r"(/[^/\s'\"]+)+/", "", without_values(text))


def without_values(message: str) -> str:
    """Return a message of DuckDB without the landed value it quotes: nobody has judged yet whether that may be shown."""
    return re.sub(r"\b(value|string) (['\"]).*\2", r"\1 (not shown)", message)


def unreadable_values(database: GateDatabase, file: LandedFile) -> str | None:
    """Read all values of a file and return DuckDB's words when that fails, else None."""
    try:
        database.run(
            "create or replace temp table unreadable_probe as select * from "
            f"read_parquet({literal(str(file.path))}, hive_partitioning = false)"
        )
    except DBAPIError as error:
        return first_line(error)
    return None
