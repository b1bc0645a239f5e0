"""One export of a release: a numbered folder of files that is whole as soon as it is there.

Belongs here: the folder, its manifest and `latest.json`. Which rows changed is SQL of `changes.py`.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from filelock import FileLock
from pydantic import BaseModel, ConfigDict

from orchestration.durable import sync, write_durably
from orchestration.exporting.changes import changes_select, rows_select
from orchestration.exporting.tables import TABLES, VERSION, ExportedTable, columns_of, json_schema
from orchestration.landing.files import sha256_of
from orchestration.publishing.manifest import read_manifest
from orchestration.settings import Home

MANIFEST, LATEST = "export.json", "latest.json"
_NAME = re.compile(r"(\d{6})-(.+)")
_FORMATS = {
    ".parquet": "format parquet, compression zstd",
    ".jsonl.gz": "format json, compression gzip, timestampformat '%Y-%m-%dT%H:%M:%SZ'",
}
_LOCK_SECONDS = 600.0


class ExportError(ValueError):
    """A release that cannot be exported; the message says why and what to do."""


class ExportedFile(BaseModel):
    """A file of an export, by its name in the folder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    size_bytes: int
    sha256: str


class TableCounts(BaseModel):
    """A table's rows, and how many of them changed since the export before."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    inserted: int
    updated: int
    deleted: int


class Export(BaseModel):
    """`export.json`. `since_release_id` is the release that the changes are held against; None where all rows are inserts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    sequence: int
    release_id: str
    as_of_date: date
    since_release_id: str | None
    tables: dict[str, TableCounts]
    files: tuple[ExportedFile, ...]

    @property
    def folder_name(self) -> str:
        """The folder's name: its number, so that names are in order, and the release."""
        return f"{self.sequence:06}-{self.release_id}"


def exports_folder(home: Home) -> Path:
    """Return the folder that holds the exports of this version."""
    return home.exports / f"v{VERSION}"


def read_exports(home: Home) -> list[Export]:
    """Return the exports that are there, oldest first."""
    folders = sorted(path for path in exports_folder(home).glob("*") if _NAME.fullmatch(path.name) and path.is_dir())
    return [_read(folder / MANIFEST) for folder in folders]


def latest_export(home: Home) -> Export | None:
    """Return what was exported last, also where its folder went with its release; None before the first."""
    path = exports_folder(home) / LATEST
    # a crash may have left the folder without the file that names it
    known = [*read_exports(home)[-1:], *([_read(path)] if path.is_file() else [])]
    return max(known, key=lambda export: export.sequence, default=None)


def export_release(home: Home, release: Path) -> tuple[Export, bool]:
    """Export a release after whatever was exported last; return the export and whether it is new.

    The release that was exported last is not exported again. ExportError where the release lacks a column that is promised.
    """
    place = exports_folder(home)
    place.mkdir(parents=True, exist_ok=True)
    with FileLock(place / ".lock", timeout=_LOCK_SECONDS):
        last = latest_export(home)
        if last and last.release_id == release.name:
            write_durably(place / LATEST, _text(last))
            return last, False
        for unfinished in place.glob(".part-*"):
            shutil.rmtree(unfinished)
        draft = place / f".part-{os.getpid()}"
        draft.mkdir()
        made = _write(home, release, last, draft)
        draft.rename(place / made.folder_name)
        sync(place)
        write_durably(place / LATEST, _text(made))
        return made, True


def remove_exports(home: Home, release_id: str) -> None:
    """Remove the exports of a release that goes."""
    for folder in exports_folder(home).glob(f"*-{release_id}"):
        shutil.rmtree(folder)


def _write(home: Home, release: Path, last: Export | None, draft: Path) -> Export:
    before = home.published / last.release_id if last else None
    if before is not None and not (before / "marts.duckdb").is_file():
        before = None
    # named like a draft, so that what a crash leaves of it goes with the next export
    spill = draft.with_name(f"{draft.name}-spill")
    with duckdb.connect(config={"memory_limit": home.memory_limit, "temp_directory": str(spill)}) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute("set enable_progress_bar = false")
        _attach(connection, "now", release)
        if before is not None:
            _attach(connection, "before", before)
        tables = {table.name: _write_table(connection, table, release, before, draft) for table in TABLES}
    shutil.rmtree(spill, ignore_errors=True)
    made = Export(
        version=VERSION,
        sequence=last.sequence + 1 if last else 1,
        release_id=release.name,
        as_of_date=read_manifest(release).as_of_date,
        since_release_id=before.name if before else None,
        tables=tables,
        files=tuple(_files(draft)),
    )
    (draft / MANIFEST).write_bytes(_text(made))
    for path in (*draft.iterdir(), draft):
        sync(path)
    return made


def _write_table(
    connection: duckdb.DuckDBPyConnection, table: ExportedTable, release: Path, before: Path | None, draft: Path
) -> TableCounts:
    promised, held = {column.name for column in columns_of(table)}, _columns(connection, "now", table)
    if missing := sorted(promised - held):
        raise ExportError(
            f"an export of version {VERSION} needs {table.name} with {', '.join(missing)}, and {release.name} has none: it was "
            "published by an earlier version; export a newer release"
        )
    changes = changes_select(
        table, release.name, before.name if before else None, _columns(connection, "before", table) if before else ()
    )
    connection.execute(f"create or replace temp table changes as {changes}")
    for of_changes, select in ((False, rows_select(table)), (True, "from changes")):
        name = f"{table.name}.changes" if of_changes else table.name
        for ending, options in _FORMATS.items():
            target = str(draft / f"{name}{ending}").replace("'", "''")
            connection.execute(f"copy ({select}) to '{target}' ({options})")
        schema = json.dumps(json_schema(table, of_changes=of_changes), indent=1, ensure_ascii=False)
        (draft / f"{name}.schema.json").write_text(f"{schema}\n", encoding="utf-8")
    counts = ", ".join(f"count(*) filter (where operation = '{each}')" for each in ("insert", "update", "delete"))
    [(rows, inserted, updated, deleted)] = connection.execute(
        f"select (select count(*) from now.{table.name}), {counts} from changes"
    ).fetchall()
    return TableCounts(rows=rows, inserted=inserted, updated=updated, deleted=deleted)


def _attach(connection: duckdb.DuckDBPyConnection, name: str, release: Path) -> None:
    path = str(release / "marts.duckdb").replace("'", "''")
    connection.execute(f"attach '{path}' as {name} (read_only)")


def _columns(connection: duckdb.DuckDBPyConnection, database: str, table: ExportedTable) -> set[str]:
    rows = connection.execute(
        "select column_name from duckdb_columns() where database_name = ? and table_name = ?", [database, table.name]
    ).fetchall()
    return {str(name) for (name,) in rows}


def _files(draft: Path) -> Iterator[ExportedFile]:
    for path in sorted(draft.iterdir()):
        yield ExportedFile(name=path.name, size_bytes=path.stat().st_size, sha256=sha256_of(path))


def _text(export: Export) -> bytes:
    shown: dict[str, Any] = export.model_dump(mode="json")
    return f"{json.dumps(shown, indent=1, ensure_ascii=False)}\n".encode()


def _read(path: Path) -> Export:
    return Export.model_validate_json(path.read_text(encoding="utf-8"))
