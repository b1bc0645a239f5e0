"""The working warehouse's own state: schema version, ledger of consumed files, finished nights, and rewinding.

Belongs here: the `meta` schema and what brings the warehouse back to the end of a night. Everything a run writes is keyed
by arrival day or as-of date, so that a run that died is undone by deleting from its first day on.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from importlib import resources
from pathlib import Path

import duckdb
from pydantic import BaseModel, ConfigDict

from expectations.history import ConsumedFile, History
from expectations.profiles import DayProfile
from orchestration.landing.files import LandedFile, RunPlan
from orchestration.settings import Target

SCHEMA_VERSION = 8


class WarehouseError(RuntimeError):
    """A working warehouse this code cannot use; the message says how to rebuild."""


class IdEpoch(BaseModel):
    """Under which key a warehouse's ids stand: its epoch and the public digits that tell the key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    epoch: int
    key_id: str


def open_warehouse(
    path: Path, memory_limit: str | None = None, ids: IdEpoch | None = None, target: Target = "duckdb"
) -> duckdb.DuckDBPyConnection:
    """Open the working warehouse, making its state tables on first use.

    `memory_limit` is None for what the engine takes by itself; `ids` is the key in use, None for ids as they land; `target` is
    where the models run.

    Raises WarehouseError when it was written under another schema version, another key of ids or for another target, or is not a
    database.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(str(path))
    except duckdb.Error as error:
        raise WarehouseError(
            f"working warehouse {path} cannot be opened ({str(error).splitlines()[0]}). If another program holds it, end "
            "that program; if the file is damaged, run `stillwatch recover`, which builds it again from the landing folder: "
            "published releases are not touched"
        ) from error
    if memory_limit is not None:
        connection.execute(f"set memory_limit = '{memory_limit}'")
    connection.execute("set TimeZone = 'UTC'")
    _create_state_tables(connection)
    _check_schema_version(connection, path)
    _check_id_epoch(connection, path, ids)
    _check_target(connection, path, target)
    return connection


def _create_state_tables(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create schema if not exists meta")
    connection.execute("create table if not exists meta.schema_version (version integer)")
    connection.execute(
        "create table if not exists meta.ledger (table_name varchar, relative_path varchar primary key, "
        "partition_on date, arrived_on date, sha256 varchar, row_count bigint)"
    )
    connection.execute("create table if not exists meta.nights (as_of_date date primary key, release_id varchar)")
    connection.execute("create table if not exists meta.built_views (code_hash varchar)")
    connection.execute("create table if not exists meta.id_epoch (epoch integer, key_id varchar)")
    connection.execute("create table if not exists meta.target (target varchar)")
    connection.execute(
        "create table if not exists meta.day_profiles (table_name varchar, arrived_on date, profile varchar, "
        "primary key (table_name, arrived_on))"
    )
    if connection.execute("select count(*) from meta.schema_version").fetchall()[0][0] == 0:
        connection.execute("insert into meta.schema_version values (?)", [SCHEMA_VERSION])


def _check_schema_version(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    found = connection.execute("select max(version) from meta.schema_version").fetchall()[0][0]
    if found != SCHEMA_VERSION:
        connection.close()
        raise WarehouseError(
            f"working warehouse {path} has schema version {found}, this code needs {SCHEMA_VERSION}: run `stillwatch recover`, "
            "which builds it again from the landing folder; published releases are not touched"
        )


def id_epoch(connection: duckdb.DuckDBPyConnection) -> IdEpoch | None:
    """Return under which key the warehouse's ids stand, None for ids as they land."""
    rows = connection.execute("select epoch, key_id from meta.id_epoch").fetchall()
    return IdEpoch(epoch=rows[0][0], key_id=rows[0][1]) if rows else None


def _check_id_epoch(connection: duckdb.DuckDBPyConnection, path: Path, ids: IdEpoch | None) -> None:
    found = id_epoch(connection)
    if found == ids:
        return
    if _is_new(connection):
        connection.execute("delete from meta.id_epoch")
        if ids:
            connection.execute("insert into meta.id_epoch values (?, ?)", [ids.epoch, ids.key_id])
        return
    connection.close()
    raise WarehouseError(
        f"working warehouse {path} holds {_in_words(found)}, and this run would write {_in_words(ids)}, which join to nothing in "
        "it: set STILLWATCH_ID_KEY_FILE to the key it was built with, or, to begin a new epoch, delete the file and run "
        "`stillwatch backfill` over the history; published releases are not touched"
    )


def _is_new(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether nothing was built in the warehouse yet."""
    return connection.execute("select count(*) from meta.built_views").fetchall()[0][0] == 0


def _check_target(connection: duckdb.DuckDBPyConnection, path: Path, target: Target) -> None:
    rows = connection.execute("select target from meta.target").fetchall()
    found = rows[0][0] if rows else "duckdb"
    if found == target:
        return
    if _is_new(connection):
        connection.execute("delete from meta.target")
        connection.execute("insert into meta.target values (?)", [target])
        return
    connection.close()
    raise WarehouseError(
        f"working warehouse {path} was built for the target {found}, and STILLWATCH_TARGET asks for {target}: set it back, or "
        "run `stillwatch recover`, which builds it again from the landing folder; published releases are not touched"
    )


def _in_words(ids: IdEpoch | None) -> str:
    return f"ids of epoch {ids.epoch} under key {ids.key_id}" if ids else "ids as they landed"


def create_computed_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables that Python steps write (schema `computed`) and those of lists (`reference`)."""
    statements = resources.files("orchestration.warehouse").joinpath("computed.sql").read_text(encoding="utf-8")
    connection.execute(statements)


def last_finished_before(connection: duckdb.DuckDBPyConnection, day: date | None = None) -> date | None:
    """Return the last finished as-of date (before `day`, where given), or None."""
    row = connection.execute(
        "select max(as_of_date) from meta.nights where as_of_date < coalesce(?, date '9999-12-31')", [day]
    ).fetchall()
    return row[0][0]


def finished_nights(connection: duckdb.DuckDBPyConnection) -> frozenset[date]:
    """Return the as-of dates of all finished nights."""
    return frozenset(day for (day,) in connection.execute("select as_of_date from meta.nights").fetchall())


def last_release(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Return the release of the last finished night; while a run is under way, that is the night before its first."""
    rows = connection.execute("select release_id from meta.nights order by as_of_date desc limit 1").fetchall()
    return rows[0][0] if rows else None


def read_ledger(connection: duckdb.DuckDBPyConnection) -> dict[str, date]:
    """Return the arrival day of every consumed file by its path relative to the landing folder."""
    return dict(connection.execute("select relative_path, arrived_on from meta.ledger").fetchall())


def gate_history(connection: duckdb.DuckDBPyConnection, before: date, days: int) -> History:
    """Return what the source gate holds a delivery against: `days` of profiles before a day, and every consumed file."""
    profiles = connection.execute(
        "select profile from meta.day_profiles where arrived_on < ? and arrived_on >= cast(? as date) - cast(? as integer) "
        "order by table_name, arrived_on",
        [before, before, days],
    ).fetchall()
    consumed = connection.execute("select relative_path, sha256, row_count, arrived_on from meta.ledger").fetchall()
    return History(
        profiles=tuple(DayProfile.model_validate_json(profile) for (profile,) in profiles),
        consumed={
            path: ConsumedFile(sha256=sha256, row_count=row_count, arrived_on=arrived_on)
            for path, sha256, row_count, arrived_on in consumed
        },
    )


def holds_views_of(connection: duckdb.DuckDBPyConnection, code_hash: str) -> bool:
    """Say whether every view and seed is of this code; if not, forget of which they are before some are built anew.

    Else a run under other code that dies halfway would leave views of two kinds under the hash of the first.
    """
    if connection.execute("select max(code_hash) from meta.built_views").fetchall()[0][0] == code_hash:
        return True
    connection.execute("delete from meta.built_views")
    return False


def remember_views(connection: duckdb.DuckDBPyConnection, code_hash: str) -> None:
    """Note the code that every view and seed is of now."""
    connection.execute("begin")
    connection.execute("delete from meta.built_views")
    connection.execute("insert into meta.built_views values (?)", [code_hash])
    connection.execute("commit")


def rewind(connection: duckdb.DuckDBPyConnection, plan: RunPlan, rewind_columns: Mapping[str, str], late_days: int) -> None:
    """Delete what the plan's run will write, so that a run begun before and ended halfway leaves nothing.

    `rewind_columns` names, per relation, the date column it is keyed by.
    """
    existing = {
        f"{schema}.{name}"
        for schema, name in connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
        ).fetchall()
    }
    connection.execute("begin")
    for relation, column in rewind_columns.items():
        if relation in existing:
            connection.execute(f"delete from {relation} where {column} >= ?", [plan.first_written(column, late_days)])
    connection.execute("delete from meta.nights where as_of_date >= ?", [plan.as_of_from])
    connection.execute("commit")


def finish(
    connection: duckdb.DuckDBPyConnection,
    plan: RunPlan,
    release_id: str,
    digests: Iterable[tuple[LandedFile, str, int]],
    profiles: Iterable[DayProfile],
) -> None:
    """Record the run's files (with SHA-256 and rows), its days' profiles and its nights as finished, in one transaction."""
    connection.execute("begin")
    connection.execute("delete from meta.ledger where arrived_on >= ?", [plan.arrived_from])
    rows = [
        (file.table, file.relative_path, file.partition_on, file.arrived_on, sha256, row_count)
        for file, sha256, row_count in digests
    ]
    if rows:
        connection.executemany("insert or replace into meta.ledger values (?, ?, ?, ?, ?, ?)", rows)
    connection.execute("delete from meta.day_profiles where arrived_on >= ?", [plan.arrived_from])
    measured = [(profile.table, profile.arrived_on, profile.model_dump_json()) for profile in profiles]
    if measured:
        connection.executemany("insert into meta.day_profiles values (?, ?, ?)", measured)
    connection.executemany("insert or replace into meta.nights values (?, ?)", [(day, release_id) for day in plan.as_of_dates])
    connection.execute("commit")
