"""A release's Parquet parts: which a run writes anew, which are linked from the release before.

Belongs here: turning mart rows into files with stable bytes. Rows are sorted by their key and written by one thread, so
that equal content gives equal files.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict

from orchestration.landing.files import sha256_of

WHOLE = "all"
ROWS_PER_GROUP = 122_880
ROWS_PER_PAGE = 8_192
"""Rows of a page: with the pages' least and greatest values beside them, a look-up unpacks one page of each column."""


class Part(BaseModel):
    """One Parquet file of a release: table, part name, rows and SHA-256."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    part: str
    rows: int
    sha256: str

    @property
    def relative_path(self) -> str:
        """Path inside the release."""
        return f"parquet/{self.table}/{self.part}.parquet"

    @property
    def as_of_date(self) -> date | None:
        """The as-of date of its rows; None for a month of activity or a whole table."""
        return date.fromisoformat(self.part) if len(self.part) == len("2026-03-01") else None


def published_columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """Return a mart's columns in order without internal keys, which no reader may depend on."""
    rows = connection.execute(
        "select column_name from duckdb_columns() where table_name = ? and schema_name = 'main' "
        "and database_name = current_database() order by column_index",
        [table],
    ).fetchall()
    return [name for (name,) in rows if not is_internal(name)]


def is_internal(column: str) -> bool:
    """Whether a column of a mart is an internal key, which no release holds."""
    return column.startswith("account_key")


def changed_parts(published: Mapping[str, Any], as_of_dates: Sequence[date], first_touched: date) -> dict[str, str]:
    """Return part name -> row filter of the parts a run may have changed for one table."""
    if published.get("as_of_column"):
        column = published["as_of_column"]
        return {str(day): f"{column} = date '{day}'" for day in as_of_dates}
    if published.get("month_column"):
        column = published["month_column"]
        return {month: _in_month(column, month) for month in _months(first_touched, as_of_dates[-1])}
    return {WHOLE: "true"}


def _months(first: date, last: date) -> list[str]:
    months: list[str] = []
    day = first.replace(day=1)
    while day <= last:
        months.append(f"{day:%Y-%m}")
        day = (day + timedelta(days=32)).replace(day=1)
    return months


def _in_month(column: str, month: str) -> str:
    first = date.fromisoformat(f"{month}-01")
    after = (first + timedelta(days=32)).replace(day=1)
    return f"{column} >= date '{first}' and {column} < date '{after}'"


def write_part(
    connection: duckdb.DuckDBPyConnection, table: str, part: str, condition: str, order_by: Sequence[str], folder: Path
) -> Part:
    """Write one part under `folder` and return it with rows and SHA-256."""
    columns = ", ".join(published_columns(connection, table))
    path = folder / "parquet" / table / f"{part}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    reader = connection.sql(
        f"select {columns} from main.{table} where {condition} order by {', '.join(order_by)}"
    ).to_arrow_reader(ROWS_PER_GROUP)
    # rows lie by these alone, and nights by their dates; bounds of another column let nobody pass over rows, and all parse them
    bounded = [column.name for column in reader.schema if column.name in order_by or pa.types.is_date(column.type)]
    rows = 0
    # written by Arrow: DuckDB's own writer lets the bytes depend on how a table came about, not only on its rows
    with pq.ParquetWriter(
        path,
        reader.schema,
        compression="zstd",
        write_statistics=bounded,  # pyright: ignore[reportArgumentType]  # pyarrow's stubs know a bool alone
        write_page_index=True,
        max_rows_per_page=ROWS_PER_PAGE,
    ) as writer:
        for batch in reader:
            writer.write_batch(batch, row_group_size=ROWS_PER_GROUP)
            rows += batch.num_rows
    return Part(table=table, part=part, rows=rows, sha256=sha256_of(path))


def link_part(part: Part, release_before: Path, folder: Path) -> None:
    """Hard-link a part that did not change from the release before."""
    target = folder / part.relative_path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    os.link(release_before / part.relative_path, target)
