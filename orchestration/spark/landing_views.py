"""The landing views on Spark: each table's files of a run as one view in the contract's columns, as `landing/views.py` has them.

Belongs here: SQL text over Parquet. Spark reads files of one schema at a time, so files are taken together by schema.
"""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.contract import Column, Table, landing_contract
from orchestration.landing.files import ARRIVED_ON, LandedFile, RunPlan, files_by_table
from orchestration.retention.forgetting import Request, left_out
from orchestration.spark.parquet_paths import parquet
from orchestration.spark.statements import Statements, literal

_TYPES = {"VARCHAR": "string"}
_INTEGERS = ("SMALLINT", "INTEGER", "BIGINT")
_PARTITION = f"/{ARRIVED_ON}=([0-9-]+)/"
_PATH = "url_decode(replace(_metadata.file_path, '+', '%2B'))"
"""A row's file: Spark gives it as a URI, in which only a plus sign means itself."""


class _Group(NamedTuple):
    """What is read together: files of one schema, and the day that they count for where it is not that of their partition."""

    schema: tuple[tuple[str, pa.DataType], ...]
    moved_to: date | None


def create_landing_views(spark: Statements, plan: RunPlan, forgotten: Sequence[Request]) -> None:
    """Make `landing.<table>` views over the plan's files, without rows about accounts that are to be forgotten."""
    spark.run("create schema if not exists landing")
    for name, files in files_by_table(plan.files).items():
        table = landing_contract().tables[name]
        spark.run(f"create or replace view landing.{name} as {landing_view_sql(table, plan.landing, files, forgotten)}")


def landing_view_sql(table: Table, landing: Path, files: Sequence[LandedFile], forgotten: Sequence[Request] = ()) -> str:
    """Return the select over one table's files: contract columns, arrived_on, source_file and source_row."""
    grouped: dict[_Group, list[LandedFile]] = {}
    for file in files:
        fields = pq.read_schema(landing / file.relative_path)
        schema = tuple((field.name.lower(), field.type) for field in fields)
        moved_to = file.arrived_on if file.arrived_on != file.partition_on else None
        grouped.setdefault(_Group(schema, moved_to), []).append(file)
    if not grouped:
        return _empty_select(table)
    shared = {column.name: _shared_type(column, [dict(group.schema) for group in grouped]) for column in table.columns}
    branches = [_branch(table, landing, group, files, shared) for group, files in grouped.items()]
    return left_out(" union all ".join(branches), table, forgotten, "sha2({}, 256)")


def _empty_select(table: Table) -> str:
    columns = [f"cast(null as {spark_type(column)}) as {column.name}" for column in table.columns]
    delivery = "cast(null as date) as arrived_on, cast(null as string) as source_file, cast(null as bigint) as source_row"
    return f"select {', '.join(columns)}, {delivery} where false"


def spark_type(column: Column) -> str:
    """Return a column's type as Spark calls it."""
    return _TYPES.get(column.type.upper(), column.type)


def _shared_type(column: Column, schemas: Sequence[dict[str, pa.DataType]]) -> str | None:
    """Return the type in which files that deliver a column in several can stand together, None where all agree."""
    kinds = {schema[column.name] for schema in schemas if column.name in schema}
    if len(kinds) < 2:
        return None
    for wide, is_narrower in _WIDE:
        if all(is_narrower(kind) for kind in kinds):
            return wide
    return "string"


_WIDE: tuple[tuple[str, Callable[[pa.DataType], bool]], ...] = (
    ("bigint", pa.types.is_integer),
    ("double", lambda kind: pa.types.is_integer(kind) or pa.types.is_floating(kind)),
    ("timestamp", pa.types.is_timestamp),
)


def _branch(table: Table, landing: Path, group: _Group, files: Sequence[LandedFile], shared: dict[str, str | None]) -> str:
    schema = dict(group.schema)
    columns = [_delivered(column, schema, shared[column.name]) for column in table.columns]
    source = f"substr({_PATH}, instr({_PATH}, {literal(f'{landing}/')}) + {len(str(landing)) + 1})"
    arrived_on = literal(group.moved_to) if group.moved_to else f"cast(regexp_extract({source}, '{_PARTITION}', 1) as date)"
    return (
        f"select {', '.join(columns)}, {arrived_on} as arrived_on, {source} as source_file, "
        f"_metadata.row_index as source_row from {parquet(_folders([landing / file.relative_path for file in files]))}"
    )


def _folders(paths: Sequence[Path]) -> list[Path]:
    """Return the paths with each folder that holds nothing else in place of its files: a statement is planned file by file."""
    by_folder: dict[Path, list[Path]] = {}
    for path in paths:
        by_folder.setdefault(path.parent, []).append(path)
    return [
        path for folder, held in by_folder.items() for path in ([folder] if sorted(folder.iterdir()) == sorted(held) else held)
    ]


def _delivered(column: Column, schema: dict[str, pa.DataType], shared: str | None) -> str:
    if column.name not in schema:
        return f"cast(null as {shared or spark_type(column)}) as {column.name}"
    if pa.types.is_floating(schema[column.name]) and column.type in _INTEGERS:
        # a fraction where the contract has an integer: DuckDB rounds it, Spark would cut it
        return f"rint({column.name}) as {column.name}"
    return f"cast({column.name} as {shared}) as {column.name}" if shared else column.name
