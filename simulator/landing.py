"""Writing one arrival day into the landing folder.

Belongs here: paths, the Parquet writer and what arrives when. Rows of a day arrive on it, late or again up to three
days after; a day's folder is replaced whole, so a repeated call leaves the same bytes.
"""

import shutil
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from simulator.requests import LATE_DAYS, DayPlan, chosen, chunks, copy_delays, delay_days, usage_table
from simulator.schema import SCHEMAS

MAX_ROWS = 1_000_000


def write_day(out: Path, table: str, day: date, parts: Iterable[pa.Table]) -> int:
    """Replace the partition of a table and arrival day by these parts and return its rows; no rows still make a file.

    Each part is a row group; a file holds at most MAX_ROWS unless one part is larger.
    """
    folder = out / table / f"arrived_on={day.isoformat()}"
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    rows, held, number = 0, 0, 0
    writer = _writer(folder, number, table)
    for part in parts:
        if held and held + part.num_rows > MAX_ROWS:
            writer.close()
            held, number = 0, number + 1
            writer = _writer(folder, number, table)
        if part.num_rows:
            writer.write_table(part)
        held, rows = held + part.num_rows, rows + part.num_rows
    writer.close()
    return rows


def _writer(folder: Path, number: int, table: str) -> pq.ParquetWriter:
    path = folder / f"part-{number}.parquet"
    return pq.ParquetWriter(path, SCHEMAS[table], compression="zstd", compression_level=1, version="2.6")


def arrivals(plans: dict[int, DayPlan], seed: int) -> Iterator[pa.Table]:
    """Yield the usage that arrives on a day; `plans` are keyed by how many days before it they lie."""
    for late in range(LATE_DAYS + 1):
        if late in plans:
            yield from _of_day(plans[late], late, seed)


def _of_day(plan: DayPlan, late: int, seed: int) -> Iterator[pa.Table]:
    for rows in chunks(plan):
        delay = delay_days(rows)
        copy, conflict = copy_delays(rows, delay)
        arriving = np.flatnonzero(delay == late)
        again = np.flatnonzero(copy == late)
        picked = chosen(rows, np.concatenate([arriving, again]))
        yield usage_table(plan, picked, seed)
        differing = chosen(rows, conflict == late)
        if len(differing.row):
            yield usage_table(plan, differing, seed, conflicting=True)
