"""One published release, opened for reading: its manifest, and a view per table with the columns the page uses.

Belongs here: finding files, checking columns, running a query. What a query means belongs to the figures.
"""

import json
from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from orchestration.reporting.columns import TABLES
from orchestration.reporting.used_table import UsedTable


class ReleaseError(ValueError):
    """A release that cannot be reported on as given; the message says what to do."""


class Gate(BaseModel):
    """One gate's result; `findings` lists what it checked or found, or is a count."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    gate: str
    success: bool
    findings: int | list[Any] | None = None

    @property
    def checked_count(self) -> int | None:
        """How many expectations the gate checked; None where the manifest gives only a number or no findings."""
        return len(self.findings) if isinstance(self.findings, list) else None

    @property
    def unmet(self) -> list[str] | None:
        """What was not met, in words; None where the manifest does not list it.

        A finding that says of itself that it succeeded is none; any other entry of the list is.
        """
        if not isinstance(self.findings, list):
            return None
        failed = [finding for finding in self.findings if not _has_succeeded(finding)]
        return [str(finding.get("message") or finding) if isinstance(finding, dict) else str(finding) for finding in failed]


class GateNight(BaseModel):
    """One gate's result on an earlier run or this one, in brief."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    as_of_date: date
    gate: str
    success: bool
    checked_count: int
    unmet: tuple[str, ...]


class Part(BaseModel):
    """One Parquet part of a table, and its rows."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    table: str
    part: str
    rows: int


class Manifest(BaseModel):
    """The part of `manifest.json` the page states; other keys are another reader's."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    release_id: str
    as_of_date: date
    calibration_status: str
    contract_version: int | str | None = None
    code_revision: str | None = None
    ruleset_version: int | str | None = None
    settings: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict[str, Mapping[str, Any]])
    inputs: tuple[Mapping[str, Any], ...] = ()
    parts: tuple[Part, ...] = ()
    tables: Mapping[str, int] = Field(default_factory=dict[str, int])
    gates: tuple[Gate, ...] = ()
    gate_nights: tuple[GateNight, ...] = ()
    quarantined: Mapping[str, int] = Field(default_factory=dict[str, int])
    released: Mapping[str, int] = Field(default_factory=dict[str, int])
    intake: Mapping[str, Mapping[str, int]] = Field(default_factory=dict[str, dict[str, int]])
    supersedes: str | dict[str, Any] | None = None

    @property
    def review_capacity(self) -> int | None:
        """Reviews that can be decided a day; None where the release does not say."""
        return self.settings.get("measurement", {}).get("review_capacity")

    @property
    def night_before(self) -> date | None:
        """The as-of date of the last run before this one, by the gates it left; None for a first night."""
        return max((night.as_of_date for night in self.gate_nights if night.as_of_date < self.as_of_date), default=None)

    @property
    def landed_tables(self) -> frozenset[str] | None:
        """The landing tables of which the release read a file; None where it does not say."""
        return frozenset(str(file["path"]).split("/", 1)[0] for file in self.inputs) or None

    @property
    def is_calibrated(self) -> bool:
        """Whether scores may be read as probabilities; anything but an explicit yes is a no."""
        return self.calibration_status.strip().lower().startswith("calibrated")


class Release:
    """A release's manifest and its tables as views of one read-only connection.

    `notes` lists, in words, every table and optional column that the page uses and the release does not carry.
    """

    def __init__(self, manifest: Manifest, connection: duckdb.DuckDBPyConnection, notes: tuple[str, ...]) -> None:
        self.manifest = manifest
        self.notes = notes
        self._connection = connection

    def rows(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[dict[str, Any]]:
        """Run `sql` over the views; one dict a row, in the query's order. `$as_of_date` is always bound where used."""
        bound = dict(parameters or {})
        if "$as_of_date" in sql:
            bound["as_of_date"] = self.manifest.as_of_date
        return _rows(self._connection, sql, bound)

    def tonight(self, sql: str, parameters: Sequence[object] | Mapping[str, object] | None = None) -> list[dict[str, Any]]:
        """Run `sql` over the tables as `marts.duckdb` holds them, without their history: a query of any reader of a release."""
        self._connection.execute("use memory.tonight")
        try:
            return _rows(self._connection, sql, parameters)
        finally:
            self._connection.execute("use memory.main")


@contextmanager
def open_release(folder: Path) -> Generator[Release]:
    """Open the release in `folder`; raises ReleaseError when a file or a key column is missing or unreadable."""
    manifest = _read_manifest(folder / "manifest.json")
    marts = folder / "marts.duckdb"
    if not marts.is_file():
        raise ReleaseError(f"{marts} does not exist; give the folder of a published release")
    connection = duckdb.connect(":memory:")
    try:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach {_literal(str(marts))} as marts (read_only)")
        connection.execute("create schema tonight")
        notes = [note for table in TABLES for note in _create_view(connection, folder, table)]
        yield Release(manifest, connection, tuple(notes))
    finally:
        connection.close()


def _rows(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object] | Mapping[str, object] | None
) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, parameters) if parameters else connection.execute(sql)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _has_succeeded(finding: object) -> bool:
    return isinstance(finding, dict) and finding.get("success") is True


def _read_manifest(path: Path) -> Manifest:
    if not path.is_file():
        raise ReleaseError(f"{path} does not exist; give the folder of a published release")
    try:
        return Manifest.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (ValidationError, json.JSONDecodeError) as error:
        raise ReleaseError(f"{path} is not a release manifest: {error}; publish the release again") from error


def _create_view(connection: duckdb.DuckDBPyConnection, folder: Path, table: UsedTable) -> list[str]:
    """Create the table's views, with its history and without, and return the notes on what it lacks."""
    at_hand = f'marts."{table.name}"'
    try:
        found = _columns(connection, at_hand)
    except duckdb.CatalogException:
        columns = ", ".join(f'cast(null as {kind}) as "{name}"' for name, kind in table.columns.items())
        for schema in ("main", "tonight"):
            connection.execute(f'create view {schema}."{table.name}" as select {columns} where false')
        return [f"table {table.name} is absent and was read as empty"]
    if missing := [name for name in table.key if name not in found]:
        raise ReleaseError(
            f"table {table.name} of {folder} must have {', '.join(table.key)} but lacks {', '.join(missing)}; "
            "publish a release of this contract version"
        )
    connection.execute(f'create view tonight."{table.name}" as select {_cast(table, found)} from {at_hand}')
    parts = sorted((folder / "parquet" / table.name).glob("*.parquet")) if table.has_history else []
    if parts:
        listed = ", ".join(_literal(str(part)) for part in parts)
        history = f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
        ever = _cast(table, _columns(connection, history))
        connection.execute(f'create view "{table.name}" as select {ever} from {history}')
    else:
        connection.execute(f'create view "{table.name}" as select * from tonight."{table.name}"')
    return [f"column {table.name}.{name} is absent" for name in table.columns if name not in found]


def _columns(connection: duckdb.DuckDBPyConnection, source: str) -> set[str]:
    return {row[0] for row in connection.execute(f"describe select * from {source}").fetchall()}


def _cast(table: UsedTable, found: Collection[str]) -> str:
    """Return the table's columns in their types; one that is not among those found is NULL."""
    return ", ".join(
        f'cast({_quoted(name) if name in found else "null"} as {kind}) as "{name}"' for name, kind in table.columns.items()
    )


def _quoted(name: str) -> str:
    return f'"{name}"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
