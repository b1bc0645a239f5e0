"""A release's database: the rows at hand of every mart, in one file.

Belongs here: which rows and how the file is laid out. It is no content: equal rows need not give equal bytes.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publishing.parts import published_columns
from orchestration.publishing.writing import side_by_side

ACTIVITY_DAYS_AT_HAND = 28
DATABASE_BLOCK = 65_536
"""Bytes of a block of marts.duckdb, a quarter of the engine's usual: a look-up of one row reads a block of each column."""
DATABASE_ROW_GROUP = 16_384
"""Rows of a row group of marts.duckdb, an eighth of the usual: a look-up passes over groups by least and greatest value."""


def write_database(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Mapping[str, Any]], as_of: date, folder: Path
) -> None:
    """Write `marts.duckdb` into a release's folder: of dated marts the as-of date, of days of activity the last four weeks.

    `tables` gives each table's `meta.published`; a column under `looked_up_by` gets an index.
    """
    target = str(folder / "marts.duckdb").replace("'", "''")
    connection.execute(f"attach '{target}' as release_marts (block_size {DATABASE_BLOCK}, row_group_size {DATABASE_ROW_GROUP})")
    try:
        side_by_side(
            connection,
            [partial(_write_table, table=table, published=tables[table], as_of=as_of) for table in sorted(tables)],
        )
    finally:
        connection.execute("detach release_marts")


def _write_table(connection: duckdb.DuckDBPyConnection, table: str, published: Mapping[str, Any], as_of: date) -> None:
    condition = "true"
    if published.get("as_of_column"):
        condition = f"{published['as_of_column']} = date '{as_of}'"
    elif published.get("month_column"):
        first = as_of - timedelta(days=ACTIVITY_DAYS_AT_HAND - 1)
        condition = f"{published['month_column']} >= date '{first}'"
    columns = ", ".join(published_columns(connection, table))
    # fetched to the end: a cursor with rows left would keep the file attached
    connection.execute(
        f"create table release_marts.{table} as select {columns} from main.{table} "
        f"where {condition} order by {', '.join(published['order_by'])}"
    ).fetchall()
    for column in published.get("looked_up_by", ()):
        connection.execute(f"create index {table}_by_{column} on release_marts.{table} ({column})").fetchall()
