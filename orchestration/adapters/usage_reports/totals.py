"""The table of totals of usage reports, as files beside the landing tables.

Belongs here: its columns, which files there are, and which of their rows are in force. Who writes it is `landing.py`.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from orchestration.adapters.selects import literal
from orchestration.adapters.usage_reports.terms import FOLDER
from orchestration.landing.files import ARRIVED_ON

COLUMNS = (
    "source",
    "report",
    "activity_date",
    "model",
    "request_count",
    "input_tokens",
    "output_tokens",
    "cache_read_input_tokens",
    "cost_minor_units",
    "currency",
)
"""One row per source, report, activity date (UTC), model (empty where a report was not grouped by it) and currency. Input tokens
hold the cached ones; requests are those answered, NULL where the report counts none; costs are reports of their own."""


def newest_totals(files: Iterable[Path]) -> str:
    """Return the SQL of the totals in force among files of one landing folder: of a report's day those of its newest file."""
    listed = ", ".join(literal(path) for path in sorted(files))
    return (
        f"select {', '.join(COLUMNS)} from read_parquet([{listed}], filename = true, hive_partitioning = false) "
        "qualify filename = max(filename) over (partition by source, report, activity_date)"
    )


def total_files(landing: Path, as_of: date, source: str = "*") -> list[Path]:
    """Return the files of totals that had arrived by a day, oldest first."""
    found = (landing / FOLDER).glob(f"{ARRIVED_ON}=*/{source}-*.parquet")
    return sorted(path for path in found if path.parent.name <= f"{ARRIVED_ON}={as_of}")
