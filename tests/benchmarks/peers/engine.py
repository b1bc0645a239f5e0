"""One question put to one engine in this process, timed from the question to its rows in memory.

Belongs here: how each engine is opened on a day's files. Opening, and a first question about nothing, are not timed. Two of
them are in a dependency group of their own, which `make check` does not install.
"""

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

Ask = Callable[[], pa.Table]


def sql_of(engine: str, question: str) -> str:
    """Return the text of a question for an engine that speaks SQL: its own form, or else the one that all of them read."""
    here = Path(__file__).parent
    own = here / engine / f"{question}.sql"
    return (own if own.exists() else here / f"{question}.sql").read_text(encoding="utf-8")


def of_duckdb(day: Path, question: str) -> Ask:
    """Open DuckDB."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("set preserve_insertion_order = false")
    connection.execute(f"create view requests as select * from read_parquet('{day}/*.parquet')")
    connection.execute("select 1").fetchall()
    return lambda: connection.sql(sql_of("duckdb", question)).to_arrow_table()


def of_polars(day: Path, question: str) -> Ask:
    """Open Polars."""
    import polars as pl

    from .in_polars import QUESTIONS

    requests = pl.scan_parquet(f"{day}/*.parquet")
    pl.LazyFrame({"one": [1]}).collect(engine="streaming")
    return lambda: QUESTIONS[question](requests).collect(engine="streaming").to_arrow()


def of_datafusion(day: Path, question: str) -> Ask:
    """Open DataFusion."""
    context: Any = import_module("datafusion").SessionContext()
    context.register_parquet("requests", str(day))
    context.sql("select 1").collect()

    def ask() -> pa.Table:
        asked = context.sql(sql_of("datafusion", question))
        # its own conversion of a whole table stood still for ever on one of these questions
        return pa.Table.from_batches(asked.collect(), asked.schema())

    return ask


def of_chdb(day: Path, question: str) -> Ask:
    """Open chDB."""
    opened: Any = import_module("chdb.session").Session()
    opened.query("create database features")
    opened.query(f"create view features.requests as select * from file('{day}/*.parquet', Parquet)")
    opened.query("use features")
    opened.query("select 1")

    def ask() -> pa.Table:
        told = opened.query(sql_of("chdb", question), "ArrowStream")
        return pa.ipc.open_stream(told.bytes()).read_all()

    return ask


ENGINES: dict[str, Callable[[Path, str], Ask]] = {
    "duckdb": of_duckdb,
    "polars": of_polars,
    "chdb": of_chdb,
    "datafusion": of_datafusion,
}


def main(engine: str, question: str, day: str, kept: str = "") -> None:
    """Ask, print the seconds, and keep the rows where a file is named."""
    ask = ENGINES[engine](Path(day), question)
    wall, processor = time.perf_counter(), time.process_time()
    rows = ask()
    spent = {"wall": time.perf_counter() - wall, "processor": time.process_time() - processor}
    if kept:
        pq.write_table(rows, kept)
    print(json.dumps(spent))


if __name__ == "__main__":
    main(*sys.argv[1:])
