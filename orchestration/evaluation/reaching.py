"""How far every signal got in the nights of one backfill: for whom it could be computed, and how near it came to firing.

Belongs here: reading the working warehouse right after its nights. A release holds what fired and counts what could be
computed; for whom, and by how much a silent signal missed, only the warehouse knows, and only of its last run.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

_SUBJECT = ("signal_id", "subject_type", "subject_id")
_COMPUTABLE = """
    select signal_id, subject_type, subject_id, min(as_of_date) as computable_on
    from int_signals__evidence group by all
"""
_NEAREST = """
    select '{signal_id}' as signal_id, count(distinct subject_id) as subject_count,
        count(distinct case when value is not null and excess is not null then subject_id end) as valued_count,
        max(case when value is not null and excess is not null then support end) as greatest_support,
        max(case when value is not null and support >= {minimum_support} then excess end) as greatest_excess
    from {signal_id} where as_of_date between ? and ?
"""


@dataclass(frozen=True)
class Reach:
    """What signals reached over some nights.

    `computable`: signal_id, subject_type, subject_id, computable_on (first as-of date). `nearest`: one row per signal with
    subject_count, valued_count (those with a value and a deviation, whatever it rests on), greatest_support, greatest_excess
    (of subjects with enough support; the signal's own unit); NULL where there was none.
    """

    computable: pl.DataFrame
    nearest: pl.DataFrame


def read_reach(warehouse: Path) -> Reach:
    """Read what signals reached in the last run of a working warehouse that nobody writes to.

    Raises ValueError when no night was run in it.
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        dates = connection.execute("select min(as_of_date), max(as_of_date) from int_signals__evidence").fetchone()
        if dates is None or dates[0] is None:
            raise ValueError(f"{warehouse} must hold the evidence of a run, given none: backfill the world first")
        settings = connection.execute(
            "select signal_id, minimum_support from signal_registry where status in ('active', 'shadow') order by signal_id"
        ).fetchall()
        nearest = " union all ".join(_NEAREST.format(signal_id=name, minimum_support=least) for name, least in settings)
        return Reach(
            computable=_frame(connection, _COMPUTABLE).sort(_SUBJECT),
            nearest=_frame(connection, f"{nearest} order by signal_id", list(dates) * len(settings)),
        )


def _frame(connection: duckdb.DuckDBPyConnection, query: str, values: list[date] | None = None) -> pl.DataFrame:
    return pl.DataFrame(connection.sql(query, params=values).to_arrow_table())


def whole(parts: list[Reach]) -> Reach:
    """Return what was reached over all parts; a signal's subjects are counted where most were seen at once."""
    return Reach(
        computable=pl.concat([part.computable for part in parts])
        .group_by(_SUBJECT)
        .agg(pl.col("computable_on").min())
        .sort(_SUBJECT),
        nearest=pl.concat([part.nearest for part in parts]).group_by("signal_id").agg(pl.all().max()).sort("signal_id"),
    )
