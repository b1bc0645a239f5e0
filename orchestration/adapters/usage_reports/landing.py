"""The table of totals beside the landing tables: what a run adds to it.

Belongs here: reading the configured reports, and writing the days that say something new. A day of a report is replaced whole by
a newer file, since a report that is grouped anew has other rows.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.adapters.errors import AdapterError
from orchestration.adapters.inputs import Database, Dumps, Inputs
from orchestration.adapters.selects import literal
from orchestration.adapters.settings import Sources
from orchestration.adapters.usage_reports import anthropic, openai
from orchestration.adapters.usage_reports.buckets import DayTotal, Usage, day_totals
from orchestration.adapters.usage_reports.litellm import litellm_totals
from orchestration.adapters.usage_reports.pages import read_buckets
from orchestration.adapters.usage_reports.terms import FOLDER, ReportTerms, write_terms
from orchestration.adapters.usage_reports.totals import COLUMNS, newest_totals, total_files
from orchestration.landing.files import ARRIVED_ON

_TYPES = (
    pa.string(),
    pa.string(),
    pa.date32(),
    pa.string(),
    *(pa.int64(),) * 4,
    pa.decimal128(38, 12),
    pa.string(),
)
_SCHEMA = pa.schema(list(zip(COLUMNS, _TYPES, strict=True)))


class Reports:
    """The reports of one run, read whole before a file is written by `place`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, sources: Sources, day: date, now: datetime | None = None) -> None:
        """Read what every report says of days up to `day` that are over at `now`; AdapterError when one cannot be read."""
        moment = now or datetime.now(tz=UTC)
        self.connection, self.day = connection, day
        self.terms = _configured(sources)
        last_day = min(day, moment.date() - timedelta(days=1))
        self.totals = {source: _read(connection, sources, source, last_day, moment) for source in self.terms}

    def place(self, landing: Path) -> dict[str, int]:
        """Add a file of the days that differ from what is landed, for each source; return the rows written by source."""
        written: dict[str, int] = {}
        for source, totals in self.totals.items():
            landed = _landed(self.connection, landing, source, self.day)
            given = _by_day(totals)
            new = [total for day in sorted(given) if given[day] != landed.get(day) for total in given[day]]
            if new:
                _write(self.connection, new, source, landing / FOLDER / f"{ARRIVED_ON}={self.day}")
                written[source] = len(new)
            write_terms(landing, source, self.terms[source])
        return written


def _configured(sources: Sources) -> dict[str, ReportTerms]:
    """Return the terms of each configured report, by source."""
    given = sources.usage_reports
    found: dict[str, ReportTerms] = {}
    for source, report in (("anthropic", given.anthropic), ("openai", given.openai)):
        if report is not None:
            found[source] = ReportTerms.model_validate(report.model_dump(exclude={"folder"}))
    if given.litellm is not False:
        found["litellm"] = ReportTerms() if given.litellm is True else given.litellm
    return found


def _read(connection: duckdb.DuckDBPyConnection, sources: Sources, source: str, last_day: date, now: datetime) -> list[DayTotal]:
    if source == "litellm":
        return litellm_totals(connection, _litellm_inputs(connection, sources), last_day)
    report, buckets_of = {
        "anthropic": (sources.usage_reports.anthropic, anthropic.buckets_of),
        "openai": (sources.usage_reports.openai, openai.buckets_of),
    }[source]
    return day_totals(read_buckets(report.folder, buckets_of, now), last_day) if report else []


def _litellm_inputs(connection: duckdb.DuckDBPyConnection, sources: Sources) -> Inputs:
    place = sources.litellm
    if place is None:
        raise AdapterError(
            "usage_reports says litellm, so a source litellm must be named too, and none is: name it, or take it out"
        )
    if place.folder is not None:
        return Dumps(connection, place.folder)
    return Database(connection, place.address(), place.schema_name)


def _landed(
    connection: duckdb.DuckDBPyConnection, landing: Path, source: str, day: date
) -> dict[tuple[str, date], list[DayTotal]]:
    files = total_files(landing, day, source)
    if not files:
        return {}
    rows = connection.execute(f"{newest_totals(files)} order by all").fetchall()
    return _by_day([DayTotal(report, on, Usage(*values)) for _, report, on, *values in rows])


def _by_day(totals: Iterable[DayTotal]) -> dict[tuple[str, date], list[DayTotal]]:
    found: dict[tuple[str, date], list[DayTotal]] = {}
    for total in sorted(
        totals, key=lambda total: (total.report, total.activity_date, total.usage.model, total.usage.currency or "")
    ):
        found.setdefault((total.report, total.activity_date), []).append(total)
    return found


def _write(connection: duckdb.DuckDBPyConnection, totals: Iterable[DayTotal], source: str, folder: Path) -> None:
    rows = [
        {"source": source, "report": total.report, "activity_date": total.activity_date}
        | {name: getattr(total.usage, name) for name in COLUMNS[3:]}
        for total in totals
    ]
    connection.register("usage_report_totals", pa.Table.from_pylist(rows, schema=_SCHEMA))
    folder.mkdir(parents=True, exist_ok=True)
    number = len(list(folder.glob(f"{source}-*.parquet"))) + 1
    draft, place = folder / f".{source}.draft", folder / f"{source}-{number:04}.parquet"
    connection.execute(f"copy usage_report_totals to {literal(draft)} (format parquet, compression zstd)")
    connection.unregister("usage_report_totals")
    draft.replace(place)
