"""Where an adapter's relations lie: dumps in a folder, or a PostgreSQL database.

Belongs here: finding a relation, its columns and its rows of a span of time. What is made of them is said elsewhere.
"""

import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa

from orchestration.adapters.errors import AdapterError
from orchestration.adapters.json_texts import LARGEST_TEXT, read_texts
from orchestration.adapters.relations import Relation
from orchestration.adapters.selects import database_select, literal, quoted

DUMPS = {
    "read_parquet": (".parquet",),
    "read_csv": (".csv", ".csv.gz"),
    "read_json_objects": (".jsonl", ".ndjson", ".json", ".jsonl.gz", ".ndjson.gz", ".json.gz"),
}
Span = tuple[datetime | None, datetime | None]
"""The first moment and the one after the last, UTC; None is open."""


class Inputs(Protocol):
    """A place that holds an adapter's relations."""

    def columns(self, relation: Relation) -> Mapping[str, str] | None:
        """Return the relation's columns with DuckDB's types, None where the relation is not there."""
        ...

    def give(self, relation: Relation, name: str, span: Span) -> None:
        """Make the relation's rows of a span readable under `name`; a relation without `moment` is given whole."""
        ...

    def texts(self, relation: Relation, span: Span) -> Iterator[pa.Table] | None:
        """Return the JSON texts that may hold a relation's rows of a span, part by part; None where it is there as a table."""
        ...

    def earliest(self, relation: Relation) -> datetime | None:
        """Return the relation's first moment (UTC) where it costs little to ask; None where it does, or there is none."""
        ...

    @property
    def reads_by_day(self) -> bool:
        """Whether a span of a day costs less than the whole, so that a long one is read day by day."""
        ...


class Dumps:
    """Parquet, CSV or JSON-lines files in a folder: `<table>.<ending>`, or a folder `<table>/` of such files."""

    reads_by_day = False

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        if not folder.is_dir():
            raise AdapterError(f"{folder} must be a folder of exported tables and does not exist")
        self.connection = connection
        self.folder = folder

    def columns(self, relation: Relation) -> Mapping[str, str] | None:
        """Return the columns of a relation's files; None where there are no files."""
        reading = self._reading(relation)
        if reading is None:
            return None
        described = self.connection.execute(f"describe {reading}").fetchall()
        return {str(row[0]): str(row[1]) for row in described}

    def give(self, relation: Relation, name: str, span: Span) -> None:
        """Make a view of a relation's files; a span is taken by the reader of the view, since files know no time."""
        reading = self._reading(relation)
        if reading is None:
            raise AdapterError(f"{self.folder} holds no files of {relation.table}")
        self.connection.execute(f"create or replace temp view {quoted(name)} as {reading}")

    def texts(self, relation: Relation, span: Span) -> Iterator[pa.Table] | None:
        """Return the texts of a relation's JSON files; None where its files are of another format.

        A file that was last written before a span begins holds nothing of it, and is not read again night after night.
        """
        found = self._files(relation.table)
        if not found or found[0][0] != "read_json_objects":
            return None
        begin = span[0].replace(tzinfo=UTC).timestamp() if span[0] else 0.0
        return read_texts([path for _, path in found if path.stat().st_mtime >= begin])

    def earliest(self, relation: Relation) -> datetime | None:
        """Return None: files would have to be read whole for it, and are then read whole anyway."""
        return None

    def _reading(self, relation: Relation) -> str | None:
        """Return the select over a relation's files, JSON lines as one column `json`; None where there are none."""
        found = self._objects() if relation.kinds else self._files(relation.table)
        if not found:
            return None
        kinds = {reader for reader, _ in found}
        if len(kinds) > 1:
            names = ", ".join(sorted(path.name for _, path in found)[:4])
            raise AdapterError(f"{relation.table} must be exported in one format; {self.folder} holds {names}")
        reader = kinds.pop()
        paths = "[" + ", ".join(literal(path) for _, path in found) + "]"
        if reader == "read_csv":
            return f"select * from read_csv({paths}, all_varchar = true, header = true, union_by_name = true)"
        if reader == "read_parquet":
            return f"select * from read_parquet({paths}, union_by_name = true)"
        lines = f"select json from read_json_objects({paths}, maximum_object_size = {LARGEST_TEXT})"
        if relation.objects or relation.unpack:
            return lines
        roots = self.connection.execute(f"select distinct unnest(json_keys(json)) from ({lines})").fetchall()
        if not roots and not self.connection.execute(f"select 1 from ({lines}) limit 1").fetchall():
            # an export without a row says nothing of its columns, and is no table of another shape
            return f"select {', '.join(f'cast(null as varchar) as {quoted(root)}' for root in relation.roots())} where false"
        there = {str(row[0]).lower(): str(row[0]) for row in roots}
        taken = [there[root.lower()] for root in relation.roots() if root.lower() in there]
        columns = ", ".join(
            f"json_extract_string(json, {literal(chr(36) + '.' + quoted(name))}) as {quoted(name)}" for name in taken
        )
        return f"select {columns or 'json'} from ({lines})"

    def _objects(self) -> list[tuple[str, Path]]:
        """Return every file of JSON texts in the folder, in the order of their paths."""
        reader = "read_json_objects"
        return [(reader, path) for path in sorted(self.folder.rglob("*")) if path.is_file() and _is_dump(path, reader)]

    def _files(self, table: str) -> list[tuple[str, Path]]:
        inside = [path for path in self.folder.iterdir() if path.is_dir() and path.name.lower() == table.lower()]
        candidates = [path for path in self.folder.iterdir() if path.name.lower().startswith(f"{table.lower()}.")]
        candidates += [path for folder in inside for path in folder.rglob("*")]
        return sorted(
            ((reader, path) for path in candidates if path.is_file() for reader in DUMPS if _is_dump(path, reader)),
            key=lambda found: str(found[1]),
        )


def _is_dump(path: Path, reader: str) -> bool:
    return path.name.lower().endswith(DUMPS[reader])


def malformed_file(error: duckdb.Error) -> AdapterError | None:
    """Return the error of a file that is no JSON, by its name and line; None where the error is another one."""
    found = re.search(r'Malformed JSON in file "(.+?)", at byte \d+ in (line|record/value) (\d+)', str(error))
    if not found:
        return None
    path, unit, number = found.groups()
    # no more of the database's words: they may repeat what the line holds
    return AdapterError(
        f"{path} must hold JSON texts, one a line, and does not near {unit} {number}: export it again, or take that line out; "
        "nothing was landed"
    )


class Database:
    """A PostgreSQL database, read over ADBC: just the declared columns, and of JSON just the declared values."""

    reads_by_day = True

    def __init__(self, connection: duckdb.DuckDBPyConnection, address: str, schema: str) -> None:
        # imported where a database is read: dumps need no driver
        import adbc_driver_postgresql.dbapi  # noqa: PLC0415

        self.connection = connection
        self.schema = schema
        self.failure = adbc_driver_postgresql.dbapi.Error
        try:
            self.database = adbc_driver_postgresql.dbapi.connect(address)
        except Exception as error:
            # no cause: the driver's error may repeat the address, and the password in it
            raise AdapterError(
                f"the database must answer and did not ({type(error).__name__}); its address is read from the file or variable "
                "that the settings name: is it right, and may this machine reach it?"
            ) from None

    def columns(self, relation: Relation) -> Mapping[str, str] | None:
        """Return the columns of a table that this role may read, all as text to be typed; None where there are none."""
        return dict.fromkeys(self._place(relation)[1], "VARCHAR") or None

    def give(self, relation: Relation, name: str, span: Span) -> None:
        """Fetch a relation's rows of a span as an Arrow table and register it."""
        place, columns = self._place(relation)
        if not columns:
            raise AdapterError(f"schema {self.schema} of the database holds no table {relation.table} that this role may read")
        statement = database_select(self.schema, place, relation, columns)
        limits = [
            f"given.{quoted(str(relation.moment))} {sign} {literal(limit.isoformat(sep=' '))}"
            for sign, limit in zip((">=", "<"), span, strict=True)
            if relation.moment and limit
        ]
        # let go of the span before, so that two are never held at once
        self.connection.unregister(name)
        with self._asked(place, statement + (f"\nwhere {' and '.join(limits)}" if limits else "")) as cursor:
            found: pa.Table = cursor.fetch_arrow_table()
        self.connection.register(name, found)

    def texts(self, relation: Relation, span: Span) -> Iterator[pa.Table] | None:
        """Return None: a database holds tables."""
        return None

    def earliest(self, relation: Relation) -> datetime | None:
        """Return the first moment of a table, by its index."""
        place, _ = self._place(relation)
        statement = f"select min({quoted(str(relation.moment))}) from {quoted(self.schema)}.{quoted(place)}"
        with self._asked(place, statement) as cursor:
            row = cursor.fetchone()
        return row[0] if row else None

    def _place(self, relation: Relation) -> tuple[str, list[str]]:
        """Return what is read for a relation, its view where there is one, and the columns that this role may read."""
        statement = (
            "select column_name from information_schema.columns where table_schema = $1 and table_name = $2 "
            "order by ordinal_position"
        )
        for place in filter(None, (relation.view, relation.table)):
            with self._asked(place, statement, (self.schema, place)) as cursor:
                columns = [str(row[0]) for row in cursor.fetchall()]
            if columns:
                return place, columns
        return relation.table, []

    @contextmanager
    def _asked(self, place: str, statement: str, values: tuple[str, ...] = ()) -> Generator[Any]:
        """Ask the database and hand over the cursor; AdapterError, without the driver's words, which may repeat a value."""
        try:
            with self.database.cursor() as cursor:
                cursor.execute(statement, values or None)
                yield cursor
        except self.failure as error:
            state = getattr(error, "sqlstate", None) or "none"
            raise AdapterError(
                f"the database must answer what is asked of {place} and did not ({type(error).__name__}, SQLSTATE {state}); "
                "nothing was landed. Is it reachable, and may its role read the declared columns (`stillwatch land-grants`)?"
            ) from None
