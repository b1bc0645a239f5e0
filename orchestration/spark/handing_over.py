"""What Python steps wrote, and the lists, handed to Spark: Parquet files that it reads through views of the same names.

Belongs here: the working warehouse's schemas `computed` and `reference`. A history is written a file per as-of date, so that a
night writes its own dates alone.
"""

from collections.abc import Collection
from datetime import date
from pathlib import Path

import duckdb

from orchestration.landing.files import RunPlan
from orchestration.spark.parquet_paths import parquet
from orchestration.spark.statements import Statements

COMPUTED, LISTS = "computed", "reference"
_COLUMNS, _ALL = "columns", "all"
_AS_OF = "as_of_date"


def hand_over(connection: duckdb.DuckDBPyConnection, spark: Statements, folder: Path, plan: RunPlan, schema: str) -> None:
    """Write every table of one of the schemas below a folder that Spark reads too, and make Spark's views over them."""
    spark.run(f"create schema if not exists {schema}")
    for table, columns in _tables(connection, schema).items():
        written = folder / schema / table
        written.mkdir(parents=True, exist_ok=True)
        relation = f"{schema}.{table}"
        # a file without rows gives a table without rows its columns, those of today's code
        _write(connection, f"select * from {relation} where false", written / f"{_COLUMNS}.parquet")
        if _AS_OF in columns:
            _write_dates(connection, relation, written, plan.as_of_dates)
        else:
            _write(connection, f"select * from {relation}", written / f"{_ALL}.parquet")
        spark.run(f"create or replace view {relation} as select {_selected(columns)} from {parquet([written])}")


def _tables(connection: duckdb.DuckDBPyConnection, schema: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(
        "select table_name, column_name, data_type from duckdb_columns() where schema_name = ? "
        "and database_name = current_database() order by table_name, column_index",
        [schema],
    ).fetchall():
        found.setdefault(table, {})[column] = kind
    return found


def _write_dates(connection: duckdb.DuckDBPyConnection, relation: str, folder: Path, computed: Collection[date]) -> None:
    held = {day for (day,) in connection.execute(f"select distinct {_AS_OF} from {relation}").fetchall()}
    for day in held:
        path = folder / f"{day}.parquet"
        if day in computed or not path.exists():
            _write(connection, f"select * from {relation} where {_AS_OF} = date '{day}'", path)
    for path in folder.glob("*.parquet"):
        if path.stem != _COLUMNS and date.fromisoformat(path.stem) not in held:
            path.unlink()


def _write(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    # Spark passes over names that begin with a dot
    part = path.with_name(f".{path.name}")
    connection.execute(f"copy ({query}) to '{str(part).replace(chr(39), chr(39) * 2)}' (format parquet)")
    part.replace(path)


def _selected(columns: dict[str, str]) -> str:
    # a time without zone is a kind of its own to Spark, which the models do not know
    return ", ".join(f"cast({name} as timestamp) as {name}" if kind == "TIMESTAMP" else name for name, kind in columns.items())
