"""The landing views: each table's files of a run as one DuckDB view in the contract's columns.

Belongs here: SQL text over Parquet. An absent optional column reads as NULL, an absent table as no rows.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from orchestration.contract import Table, landing_contract
from orchestration.landing.files import LandedFile, RunPlan, files_by_table


def create_landing_views(connection: duckdb.DuckDBPyConnection, plan: RunPlan) -> None:
    """Make `landing.<table>` views over the plan's files in the open warehouse."""
    connection.execute("create schema if not exists landing")
    for table, files in files_by_table(plan.files).items():
        view = landing_view_sql(landing_contract().tables[table], plan.landing, files)
        connection.execute(f"create or replace view landing.{table} as {view}")


def landing_view_sql(table: Table, landing: Path, files: Sequence[LandedFile]) -> str:
    """Return the select over one table's files: contract columns, arrived_on, source_file and source_row."""
    by_arrival: dict[date, list[LandedFile]] = {}
    for file in files:
        by_arrival.setdefault(file.arrived_on, []).append(file)
    if not by_arrival:
        return f"{_empty_select(table)} where false"
    return " union all ".join(_branch(table, landing, day, by_arrival[day]) for day in sorted(by_arrival))


def _empty_select(table: Table) -> str:
    columns = [f"cast(null as {column.type}) as {column.name}" for column in table.columns]
    delivery = "cast(null as date) as arrived_on, cast(null as varchar) as source_file, cast(null as bigint) as source_row"
    return f"select {', '.join(columns)}, {delivery}"


def _branch(table: Table, landing: Path, arrived_on: date, files: Sequence[LandedFile]) -> str:
    present: set[str] = set()
    for file in files:
        # DuckDB reads names whatever their case
        present |= {name.lower() for name in pq.read_schema(landing / file.relative_path).names}
    columns = [
        column.name if column.name in present else f"cast(null as {column.type}) as {column.name}" for column in table.columns
    ]
    listed = ", ".join(_quoted(str(landing / file.relative_path)) for file in files)
    prefix_length = len(str(landing)) + 2
    return (
        f"select {', '.join(columns)}, date '{arrived_on}' as arrived_on, "
        f"substr(filename, {prefix_length}) as source_file, file_row_number as source_row "
        f"from read_parquet([{listed}], union_by_name = true, filename = true, file_row_number = true, "
        "hive_partitioning = false)"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
