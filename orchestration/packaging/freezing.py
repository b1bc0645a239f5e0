"""Freezing the rows of one case: every query run on its release, each result written as Parquet and CSV.

Belongs here: running the queries and the bytes of the files. One thread, rows in the query's order and fixed writer settings
make equal rows equal bytes.
"""

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from orchestration.packaging.choosing import Chosen
from orchestration.packaging.frozen_tables import TABLES, FrozenTable
from orchestration.publishing.reading import open_release

EARLIER = ("named_accounts", "case_accounts")
"""Results that later queries read as tables of the same name."""


def freeze(chosen: Chosen, content: Path, threads: int = 1) -> tuple[str, ...]:
    """Write `rows/` and `queries/` of a package into `content`; return the names of tables its releases do not have.

    `threads` is DuckDB's; the files are the same for any number.
    """
    (content / "rows").mkdir(parents=True)
    (content / "queries").mkdir()
    absent: list[str] = []
    with open_release(chosen.evidence_folder) as evidence, open_release(chosen.record_folder) as record:
        sides = {"evidence": (evidence, chosen.evidence_folder), "record": (record, chosen.record_folder)}
        for connection, folder in sides.values():
            connection.execute(f"set threads = {int(threads)}")
            _set_variables(connection, _variables(chosen, folder))
        for table in TABLES:
            connection, _ = sides[table.side]
            if table.columns is not None and not _has(connection, table.name):
                absent.append(table.name)
                rows = _no_rows(table.columns)
            else:
                rows = connection.sql(table.query).to_arrow_table()
            write_rows(rows, content / "rows", table.name)
            if table.name in EARLIER:
                for other in dict.fromkeys((evidence, record)):
                    other.execute(f"create temp table {table.name} as select * from rows")
    write_queries(chosen, content)
    return tuple(absent)


def write_queries(chosen: Chosen, content: Path) -> None:
    """Write each query with what must be set before it, so that DuckDB alone can run it again on the release."""
    for table in TABLES:
        release = chosen.evidence if table.side == "evidence" else chosen.record
        text = _preamble(table, release.release_id, _variables(chosen, Path("RELEASE"))) + table.query
        (content / "queries" / f"{table.name}.sql").write_text(text, encoding="utf-8", newline="\n")


def write_rows(rows: pa.Table, folder: Path, name: str) -> None:
    """Write one table as Parquet and CSV, with fixed compression and without schema metadata: equal rows give equal bytes."""
    rows = rows.combine_chunks().replace_schema_metadata(None)
    pq.write_table(rows, folder / f"{name}.parquet", compression="zstd", compression_level=3, store_schema=False)
    csv.write_csv(rows, folder / f"{name}.csv")


def _no_rows(columns: Mapping[str, str]) -> pa.Table:
    listed = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in columns.items())
    with duckdb.connect() as connection:
        return connection.sql(f"select {listed} where false").to_arrow_table()


def _has(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    found = connection.execute("select count(*) from duckdb_tables() where table_name = ? and not temporary", [table]).fetchall()
    return found[0][0] > 0


def _variables(chosen: Chosen, release: Path) -> dict[str, str]:
    """Return variable -> SQL literal."""
    subject = chosen.subject
    return {
        "release": _literal(str(release)),
        "case_id": _literal(subject.case_id),
        "lead_ids": f"[{', '.join(_literal(lead) for lead in subject.lead_ids)}]::varchar[]",
        "actor_id": f"{_literal(subject.actor_id)}::varchar",
        "clause_id": f"{_literal(subject.clause_id)}::varchar",
        "evidence_as_of": _literal(str(chosen.evidence.as_of_date)),
    }


def _set_variables(connection: duckdb.DuckDBPyConnection, variables: Mapping[str, str]) -> None:
    for name, value in variables.items():
        connection.execute(f"set variable {name} = {value}")


def _preamble(table: FrozenTable, release_id: str, variables: Mapping[str, str]) -> str:
    used = {name: value for name, value in variables.items() if f"getvariable('{name}')" in table.query}
    lines = [
        f"-- One row per {table.row}. Made rows/{table.name}.parquet from release {release_id}.",
        "-- To run it again, from this folder: duckdb -readonly RELEASE/marts.duckdb, with RELEASE where the release lies.",
        *(f"set variable {name} = {value};" for name, value in used.items()),
        *(
            f"create temp table {name} as from 'rows/{name}.parquet';"
            for name in EARLIER
            if name != table.name and f"from {name}" in table.query
        ),
    ]
    return "\n".join(lines) + "\n"


def _literal(text: str | None) -> str:
    return "null" if text is None else "'" + text.replace("'", "''") + "'"
