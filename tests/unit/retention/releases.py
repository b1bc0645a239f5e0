"""Small releases about one case, with the columns that references are found by."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.landing.files import sha256_of
from orchestration.publishing.manifest import Manifest, write_manifest
from orchestration.publishing.parts import Part
from orchestration.publishing.releases import point_current_at

CASE = "case_1"
DECIDED = datetime(2026, 3, 3)
DDL = {
    "actions": "action_id varchar, case_id varchar, account_id varchar, release_id varchar",
    "cases": "case_id varchar, lead_ids varchar, actor_id varchar, decided_at timestamp, seen_release_id varchar",
    "reviews": "lead_id varchar, subject_type varchar, subject_id varchar, release_id varchar",
    "appeals": "appeal_id varchar, case_id varchar, account_id varchar, decided_at timestamp",
    "escalations": "escalation_id varchar, case_id varchar, hold_state varchar",
    "actor_members": "as_of_date date, actor_id varchar, account_id varchar",
}
Rows = Mapping[str, list[tuple[Any, ...]]]


def release_id(day: int) -> str:
    return f"2026-03-{day:02d}-{day:012x}"


def write_release(published: Path, day: int, rows: Rows | None = None) -> Path:
    """Write the release of a day and make it current."""
    folder = published / release_id(day)
    folder.mkdir(parents=True)
    parts: list[Part] = []
    with duckdb.connect(str(folder / "marts.duckdb")) as connection:
        for table, columns in DDL.items():
            connection.execute(f"create table {table} ({columns})")
            given = (rows or {}).get(table, [])
            if given:
                marks = ", ".join("?" * len(given[0]))
                connection.executemany(f"insert into {table} values ({marks})", given)
            part = Part(table=table, part="all", rows=len(given), sha256="")
            path = folder / part.relative_path
            path.parent.mkdir(parents=True)
            connection.execute(f"copy {table} to '{path}' (format parquet)")
            parts.append(part.model_copy(update={"sha256": sha256_of(path)}))
    (folder / "site").mkdir()
    (folder / "site" / "index.html").touch()
    manifest = Manifest(
        release_id=folder.name, as_of_date=date(2026, 3, day), content_hash="c" * 64, contract_version=1, schema_version=1,
        code_revision="c", ruleset_version="1", calibration_status="expert prior", ids_rekeyed=False, inputs=(),
        parts=tuple(parts), tables={}, gates=(), quarantined={}, supersedes=None,
    )  # fmt: skip
    write_manifest(manifest, folder)
    point_current_at(published, folder.name)
    return folder


def decided_case(seen: int) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of a case that is closed: an action on `account_1`, decided on the release of a day, nothing open."""
    return {
        "actions": [("action_1", CASE, "account_1", release_id(seen))],
        "cases": [(CASE, "lead_1", None, DECIDED, None)],
        "reviews": [("lead_1", "account", "account_1", release_id(seen))],
        "appeals": [],
        "escalations": [],
        "actor_members": [],
    }
