"""Spark's tables in the working warehouse: views over the files that each consists of, for what Python computes and publishes.

Belongs here: asking Iceberg which files those are, and SQL text over them. Rows are read where Spark wrote them: its folder of
tables must be seen under the same path by this machine.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import unquote, urlparse

import duckdb

from orchestration.spark.statements import SparkError, Statements

_DUCKDB_TYPES = {"string": "varchar", "timestamp": "timestamp", "timestamp_ntz": "timestamp", "binary": "blob"}
_DATA = 0
"""What Iceberg calls the content of a file of rows; other files delete rows of those."""
Types = Mapping[str, Mapping[str, str]]
"""By table, the declared types of columns, where there are any."""


def mirror(connection: duckdb.DuckDBPyConnection, spark: Statements, tables: Sequence[str], declared: Types) -> None:
    """Make a view `main.<table>` over the files of each of Spark's tables of that name, as they stand now.

    Columns have the types that are declared for them, else those of the files, with times in UTC and without a zone. Raises
    SparkError where files lie elsewhere than in a folder, or where rows are deleted by files beside them.
    """
    connection.execute("create schema if not exists main")
    files = _files(spark, tables)
    for table in tables:
        source = _rows(files[table]) if files[table] else _no_rows(spark, table)
        columns = connection.execute(f"describe select * from {source}").fetchall()
        types = declared.get(table, {})
        selected = ", ".join(_column(name, kind, types.get(name)) for name, kind, *_ in columns)
        connection.execute(f"create or replace view main.{table} as select {selected} from {source}")


def _files(spark: Statements, tables: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {table: [] for table in tables}
    if not tables:
        return found
    asked = " union all ".join(f"select '{table}' as name, content, file_path from main.{table}.files" for table in tables)
    for table, content, path in sorted(spark.rows(asked)):
        if content != _DATA:
            raise SparkError(
                f"main.{table} deletes rows by files beside its data, which cannot be read here: set its property "
                "write.delete.mode to copy-on-write, as it is unless it was changed, and rewrite its data files"
            )
        found[table].append(_local(table, path))
    return found


def _local(table: str, path: str) -> str:
    uri = urlparse(path)
    if uri.scheme not in ("", "file"):
        raise SparkError(
            f"the rows of main.{table} lie at {path}, and only folders can be read: mount where Spark keeps its tables, and name "
            "that folder by its path in Spark's settings"
        )
    return unquote(uri.path) if uri.scheme else path


def _rows(paths: Sequence[str]) -> str:
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    return f"read_parquet([{listed}], hive_partitioning = false)"


def _no_rows(spark: Statements, table: str) -> str:
    columns = ", ".join(
        f"cast(null as {_DUCKDB_TYPES.get(kind, kind)}) as {name}" for name, kind in spark.columns(f"main.{table}").items()
    )
    return f"(select {columns} where false)"


def _column(name: str, kind: str, declared: str | None) -> str:
    wanted = declared or ("timestamp" if kind == "TIMESTAMP WITH TIME ZONE" else None)
    return f"cast({name} as {wanted}) as {name}" if wanted else name
