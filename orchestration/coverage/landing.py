"""Which signals a landing folder can compute, from what its files say they hold.

Belongs here: how full each column is, and the outlook on every signal. Only the files' footers are read.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import yaml
from pydantic import BaseModel, ConfigDict

from orchestration.catalogue.rule_sets import seed_rows
from orchestration.contract import landing_contract
from orchestration.coverage.needs import SignalOutlook, outlook, signal_needs
from orchestration.landing.files import list_partitions
from orchestration.settings import PROJECT_ROOT


class TableFill(BaseModel):
    """What a landing table holds: its days, its rows, and for each column the share of rows with a value, 0 to 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    first_day: date
    last_day: date
    days: int
    rows: int
    filled: dict[str, float]


class LandingOutlook(BaseModel):
    """What a landing folder holds and what each signal will be on it; `missed` has the columns that are missed, most first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tables: tuple[TableFill, ...]
    missing_tables: tuple[str, ...]
    signals: tuple[SignalOutlook, ...]
    missed: dict[str, int]
    unmeasured: tuple[str, ...]


def signals_in_use(root: Path = PROJECT_ROOT) -> dict[str, int]:
    """Return the ids of the signals that count, with their versions."""
    return {
        row["signal_id"]: int(row["version"])
        for row in seed_rows(root, "signal_settings")
        if row["status"] in ("active", "shadow")
    }


def signal_titles(root: Path = PROJECT_ROOT) -> dict[str, str]:
    """Return the title of each signal by its id."""
    titles: dict[str, str] = {}
    for path in (root / "models/marts/signals").glob("*/sig_*.yml"):
        document = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        titles[path.stem] = document["models"][0]["config"]["meta"]["signal"]["title"]
    return titles


def look_ahead(landing: Path) -> LandingOutlook:
    """Return what a landing folder holds and which signals it can compute; LandingError when it cannot be used."""
    tables = landing_fill(landing)
    given = {table.table: {column for column, share in table.filled.items() if share > 0} for table in tables}
    return judge(given, tables)


def judge(given: dict[str, set[str]], tables: Sequence[TableFill] = ()) -> LandingOutlook:
    """Return the outlook of the signals in use on a set of columns by landing table."""
    in_use = signals_in_use()
    needs = signal_needs()
    measured = {(need.signal_id, need.version) for need in needs}
    signals = outlook(given, sorted(in_use), needs)
    missed = Counter(place for signal in signals for place in signal.missing)
    required = [name for name, table in landing_contract().tables.items() if table.required]
    return LandingOutlook(
        tables=tuple(tables),
        missing_tables=tuple(name for name in required if name not in given),
        signals=tuple(signals),
        missed=dict(missed.most_common()),
        unmeasured=tuple(signal for signal, version in in_use.items() if (signal, version) not in measured),
    )


def landing_fill(landing: Path) -> list[TableFill]:
    """Return how full each landed table is; a column of whose values the files say nothing counts as full."""
    files: dict[str, list[tuple[date, Path]]] = {}
    for table, day, path in list_partitions(landing):
        files.setdefault(table, []).append((day, path))
    with duckdb.connect() as connection:
        return [_fill(connection, table, found) for table, found in files.items()]


def _fill(connection: duckdb.DuckDBPyConnection, table: str, found: list[tuple[date, Path]]) -> TableFill:
    days = {day for day, _ in found}
    paths = [str(path) for _, path in found]
    rows = connection.execute("select coalesce(sum(num_rows), 0) from parquet_file_metadata($1)", [paths]).fetchone()
    count = int(rows[0]) if rows else 0
    shares = connection.execute(
        "select path_in_schema, sum(num_values - coalesce(stats_null_count, 0)) from parquet_metadata($1) group by all",
        [paths],
    ).fetchall()
    filled = {column.name: 0.0 for column in landing_contract().tables[table].columns}
    filled |= {str(name): int(values) / count for name, values in shares if count and name in filled}
    return TableFill(table=table, first_day=min(days), last_day=max(days), days=len(days), rows=count, filled=filled)
