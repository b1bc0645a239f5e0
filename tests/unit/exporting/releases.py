"""Small releases with a queue and scores, in a home."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import duckdb

from orchestration.exporting.tables import TABLES, columns_of
from orchestration.publishing.manifest import Manifest, write_manifest
from orchestration.publishing.releases import point_current_at
from orchestration.settings import Home

Rows = Sequence[Mapping[str, Any]]
DAY = date(2026, 3, 1)


def release_id(number: int) -> str:
    """Return the id of a release of the day of March of that number."""
    return f"{DAY.replace(day=number)}-{number:012}"


def score(subject_id: str, **values: Any) -> dict[str, Any]:
    """Return an account's score."""
    return {"subject_type": "account", "subject_id": subject_id, "log_odds": -4.25, "score": 0.0125, "rank": 1} | values


def lead(lead_id: str, **values: Any) -> dict[str, Any]:
    """Return a lead on an account."""
    return {"lead_id": lead_id, "subject_type": "account", "subject_id": "a1", "priority": 1, "why": "It stands out."} | values


def publish(home: Home, number: int, scores: Rows = (), queue: Rows = (), *, without: str = "") -> str:
    """Publish a release and return its id; `without` leaves a column out."""
    folder = home.published / release_id(number)
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "marts.duckdb")) as connection:
        for table, rows in zip(TABLES, (scores, queue), strict=True):
            columns = [column for column in columns_of(table) if column.name != without]
            connection.execute(f"create table {table.name} ({', '.join(f'{c.name} {c.data_type}' for c in columns)})")
            for row in rows:
                values = {"as_of_date": DAY.replace(day=number)} | row
                names = [name for name in values if name != without]
                marks = ", ".join("?" * len(names))
                connection.execute(
                    f"insert into {table.name} ({', '.join(names)}) values ({marks})", [values[name] for name in names]
                )
    write_manifest(
        Manifest(
            release_id=folder.name, as_of_date=DAY.replace(day=number), content_hash="c" * 64, contract_version=1,
            schema_version=1, code_revision="0123abc",
            ruleset_version="3", calibration_status="expert prior", ids_rekeyed=False, inputs=(),
            parts=(), tables={}, gates=(), quarantined={}, supersedes=None,
        ),
        folder,
    )  # fmt: skip
    point_current_at(home.published, folder.name)
    return folder.name
