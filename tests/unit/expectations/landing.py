"""A small sound delivery of every landing table, made from the contract, for tests to break one fact at a time."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl

from expectations.landing_files import partition_day
from expectations.runner import DeliveredFile, Delivery
from orchestration.contract import Column, landing_contract
from orchestration.landing.files import sha256_of

DAY = date(2026, 3, 1)
OPTIONAL = (
    "end_user_id",
    "request_top_p",
    "finish_reason",
    "latency_ms",
    "ip_hash",
    "location_cell",
    "asn",
    "prompt_hash",
    "topic",
)
POLARS = {
    "VARCHAR": pl.String,
    "BIGINT": pl.Int64,
    "INTEGER": pl.Int32,
    "SMALLINT": pl.Int16,
    "DOUBLE": pl.Float64,
    "BOOLEAN": pl.Boolean,
    "TIMESTAMP": pl.Datetime("us"),
}


def column_values(column: Column, rows: int, day: date) -> list[object]:
    """Return `rows` lawful values: unique ids, the vocabulary in turn, numbers inside the range."""
    noon = datetime(day.year, day.month, day.day, 12)
    by_type: dict[str, Callable[[int], object]] = {
        "VARCHAR": lambda row: f"{column.name[:4]}_{row:06d}",
        "TIMESTAMP": lambda row: noon + timedelta(seconds=row % 3600),
        "BOOLEAN": lambda row: row % 3 == 0,
        "DOUBLE": lambda row: (row % 10) / 10,
    }
    value = by_type.get(column.type, lambda row: int(column.minimum or 0) + row % 4)
    if column.name == "account_id":
        value = lambda row: f"acct_{row % 40:04d}"  # noqa: E731
    elif column.vocabulary is not None:
        words = column.vocabulary
        value = lambda row: words[row % len(words)]  # noqa: E731
    elif column.name.endswith("_hash"):
        value = lambda row: (row + 1) * 7_919_000_000_003  # noqa: E731
    return [value(row) for row in range(rows)]


def frame(table: str, rows: int, day: date = DAY) -> pl.DataFrame:
    """Return a sound frame of one landing table."""
    spec = landing_contract().tables[table]
    data = {column.name: column_values(column, rows, day) for column in spec.columns}
    if spec.key == "contract_id":
        data["scope"] = ["surfaces=api,chat;models=m-1;requests_per_month=300"] * rows
    if spec.key == "account_id":
        data["account_id"] = [f"acct_{row:04d}" for row in range(rows)]
        data["referred_by_account_id"] = [None] * rows
    made = pl.DataFrame(data, schema={column.name: POLARS[column.type] for column in spec.columns})
    if table == "usage_requests":
        made = made.with_columns(
            location_cell=pl.lit("u4pr"),
            partner=pl.lit("cloud_a"),
            http_status=pl.lit(200, dtype=pl.Int16),
            cache_read_input_tokens=pl.lit(0, dtype=pl.Int64),
            reasoning_output_tokens=pl.lit(0, dtype=pl.Int64),
        )
    if table == "intel_indicators":
        made = made.with_columns(value=pl.lit("123456789"))
    return made


def land(folder: Path, table: str, data: pl.DataFrame, day: date = DAY, part: int = 0) -> Path:
    """Write one file into the table's arrival folder."""
    path = folder / table / f"arrived_on={day.isoformat()}" / f"part-{part}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    data.write_parquet(path)
    return path


def delivery(
    folder: Path, rows: int = 200, day: date = DAY, **changed: Callable[[pl.DataFrame], pl.DataFrame]
) -> dict[str, list[Path]]:
    """Land all tables of a day; `changed` maps a table to what is done to its frame before it is written."""
    files: dict[str, list[Path]] = {}
    for table in landing_contract().tables:
        data = frame(table, 40 if table == "accounts" else rows, day)
        files[table] = [land(folder, table, changed.get(table, lambda made: made)(data), day)]
    return files


def delivered(files: Mapping[str, Sequence[Path]], first: date = DAY, last: date = DAY) -> Delivery:
    """Return what a run over `first` to `last` is handed: each file counts for the day of its folder."""
    return Delivery(
        files={
            table: tuple(
                DeliveredFile(
                    path=path,
                    name=f"{table}/{path.parent.name}/{path.name}",
                    arrived_on=partition_day(path) or last,
                    sha256=sha256_of(path) if path.is_file() else "",
                )
                for path in paths
            )
            for table, paths in files.items()
        },
        first_night=first,
        last_night=last,
    )


def core(
    folder: Path,
    usage: Callable[[pl.DataFrame], pl.DataFrame] = lambda made: made,
    accounts: Callable[[pl.DataFrame], pl.DataFrame] = lambda made: made,
    rows: int = 200,
) -> dict[str, list[Path]]:
    """Land the two required tables alone, each changed by a function, usage with some of its optional columns."""
    required = [column.name for column in landing_contract().tables["usage_requests"].columns if column.required]
    requests = frame("usage_requests", rows).select(*required, *OPTIONAL)
    return {
        "usage_requests": [land(folder, "usage_requests", usage(requests))],
        "accounts": [land(folder, "accounts", accounts(frame("accounts", 40)))],
    }


def first_rows(count: int, column: str, value: object) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Return a change that sets `column` to `value` in the first `count` rows."""

    def change(data: pl.DataFrame) -> pl.DataFrame:
        kind = data.schema[column]
        rows = pl.int_range(pl.len())
        return data.with_columns(pl.when(rows < count).then(pl.lit(value, dtype=kind)).otherwise(pl.col(column)).alias(column))

    return change
