"""A small sound landing with a history, and the ways in which a fault spoils its last day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from tests.unit.expectations.landing import DAY, first_rows, frame, land

HISTORY = [DAY - timedelta(days=back) for back in range(9, 0, -1)]
ROWS = 600
ACCOUNTS = 300
CORE = ("usage_requests", "accounts")
WITH_HISTORY = (*CORE, "billing_charges")


def sound(table: str, day: date) -> pl.DataFrame:
    """Return a sound day of a table, its times spread over the day and its ids the day's own."""
    rows = ACCOUNTS if table == "accounts" else ROWS
    made = frame(table, rows, day)
    if table == "usage_requests":
        minutes = pl.int_range(pl.len()) * 1440 // rows
        made = made.with_columns(
            request_id=pl.format("req_{}_{}", pl.lit(day.strftime("%m%d")), pl.int_range(pl.len())),
            requested_at=pl.lit(day).cast(pl.Datetime("us")) + pl.duration(minutes=minutes),
            input_tokens=800 + pl.int_range(pl.len()) % 7,
            output_tokens=200 + pl.int_range(pl.len()) % 5,
            latency_ms=(900 + pl.int_range(pl.len()) % 9).cast(pl.Int32),
            finish_reason=pl.lit("stop"),
            operation_name=pl.lit("chat"),
            request_model=pl.lit("model-1"),
        )
    if table == "billing_charges":
        made = made.with_columns(amount=2500 + pl.int_range(pl.len()) % 3, amount_refunded=pl.lit(0, dtype=pl.Int64))
    return made


@dataclass(frozen=True)
class Landing:
    """The landing folder of a trial."""

    folder: Path

    def path(self, table: str, day: date = DAY) -> Path:
        """Return the table's file of a day."""
        return self.folder / table / f"arrived_on={day}" / "part-0.parquet"

    def read(self, table: str) -> pl.DataFrame:
        """Return the day's rows of a table."""
        return pl.read_parquet(self.path(table))

    def write(self, table: str, data: pl.DataFrame, part: int = 0, day: date = DAY) -> Path:
        """Write a file into a day's partition."""
        return land(self.folder, table, data, day, part)


Spoil = Callable[[Landing], object]


def land_day(folder: Path, tables: tuple[str, ...], day: date) -> Landing:
    """Write a sound day of some tables."""
    for table in tables:
        land(folder, table, sound(table, day), day)
    return Landing(folder)


def change(table: str, how: Callable[[pl.DataFrame], pl.DataFrame]) -> Spoil:
    """Spoil a table's rows."""
    return lambda landing: landing.write(table, how(landing.read(table)))


def put(table: str, column: str, value: object, rows: int = 3, as_type: pl.DataType | None = None) -> Spoil:
    """Put one value into the first rows of a column, the column cast to another type before where that is needed."""

    def how(data: pl.DataFrame) -> pl.DataFrame:
        return first_rows(rows, column, value)(data.with_columns(pl.col(column).cast(as_type)) if as_type else data)

    return change(table, how)


def add(table: str, column: str, value: object = "x") -> Spoil:
    """Add a column."""
    return change(table, lambda data: data.with_columns(pl.lit(value).alias(column)))


def scale(table: str, column: str, factor: float) -> Spoil:
    """Deliver a column in another unit."""
    return change(
        table, lambda data: data.with_columns((pl.col(column) * factor).round().cast(data.schema[column]).alias(column))
    )


def cast(table: str, column: str, to: pl.DataType) -> Spoil:
    """Deliver a column in another type."""
    return change(table, lambda data: data.with_columns(pl.col(column).cast(to)))


def shift(hours: int, rows: int | None = None) -> Spoil:
    """Move the times of requests."""
    moved = pl.col("requested_at").dt.offset_by(f"{hours}h")
    some = pl.when(pl.int_range(pl.len()) < (ROWS if rows is None else rows)).then(moved).otherwise(pl.col("requested_at"))
    return change("usage_requests", lambda data: data.with_columns(requested_at=some))


def copies(table: str, rows: int, column: str, value: object) -> Spoil:
    """Deliver the first rows a second time in the same file, one column changed."""

    def how(data: pl.DataFrame) -> pl.DataFrame:
        return pl.concat([data, data.head(rows).with_columns(pl.lit(value, dtype=data.schema[column]).alias(column))])

    return change(table, how)


def write_bytes(table: str, how: Callable[[bytes], bytes]) -> Spoil:
    """Damage the day's file of a table."""
    return lambda landing: landing.path(table).write_bytes(how(landing.path(table).read_bytes()))
