"""Building a release beside the published ones and making it current in one atomic step.

Belongs here: the order of things. Everything is written in a hidden folder, made durable, renamed, and only then linked.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from pydantic import BaseModel, ConfigDict

from orchestration.contract import landing_contract
from orchestration.durable import sync
from orchestration.publishing.catalogs import write_catalog
from orchestration.publishing.database import write_database
from orchestration.publishing.facts import FactFile
from orchestration.publishing.manifest import (
    RELEASE_SCHEMA_VERSION,
    InputFile,
    Intake,
    Manifest,
    Superseded,
    content_hash,
    gate_nights_of,
    read_manifest,
    release_id_of,
    write_manifest,
)
from orchestration.publishing.parts import Part, changed_parts, link_part, write_part
from orchestration.publishing.releases import ReleaseError, newest_release, point_current_at
from orchestration.publishing.writing import side_by_side
from orchestration.settings import PROJECT_ROOT
from orchestration.warehouse.state import id_epoch


class Published(BaseModel):
    """What publishing did: the release's id and folder, and whether it is new."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    release_id: str
    folder: Path
    is_new: bool


def publish(
    connection: duckdb.DuckDBPyConnection,
    published: Path,
    tables: Mapping[str, Mapping[str, Any]],
    as_of_dates: Sequence[date],
    first_touched: date,
    arrived_from: date,
    inputs: Sequence[InputFile],
    settings: Mapping[str, dict[str, Any]],
    catalog: str,
    gates: Sequence[dict[str, Any]],
    reason: str | None,
    last_night: str | None,
    write_facts: Callable[[Path], tuple[FactFile, ...]],
    write_site: Callable[[Path], object],
) -> Published:
    """Write the marts' changed parts, link the rest, and publish unless the content is that of the current release.

    `tables` gives each table's `meta.published`, `settings` the numbers behind the run that stand in no table, `catalog` the text
    that says what the tables are: it is no content, and a release whose rows stay the same keeps its own. A column that
    `meta.published` names under `looked_up_by` gets an index in the database: rows are looked up by it but not sorted by it.
    `first_touched` is the first activity day the run may have changed, `arrived_from` its first arrival day.
    `last_night` is the release of the last night before the run: its history is carried on, even when readers were rolled
    back to an older one since. Readers are moved unless a later as-of date is published already. What earlier runs left
    half-built is removed: the caller holds the home's lock.
    """
    newest = newest_release(published)
    previous = read_manifest(newest) if newest else None
    before = _history_before(published, last_night, newest)
    is_latest = previous is None or as_of_dates[-1] >= previous.as_of_date
    staging = published / f".building-{os.getpid()}"
    remove_unfinished(published)
    staging.mkdir(parents=True)
    try:
        parts = _assemble_parts(connection, tables, as_of_dates, first_touched, staging, before)
        digest = content_hash(parts, landing_contract().contract_version)
        release_id = release_id_of(as_of_dates[-1], digest)
        if (published / release_id).exists():
            if is_latest:
                point_current_at(published, release_id)
            return Published(release_id=release_id, folder=published / release_id, is_new=False)
        write_database(connection, tables, as_of_dates[-1], staging)
        ids = id_epoch(connection)
        manifest = Manifest(
            release_id=release_id,
            as_of_date=as_of_dates[-1],
            content_hash=digest,
            contract_version=landing_contract().contract_version,
            schema_version=RELEASE_SCHEMA_VERSION,
            code_revision=code_revision(),
            ruleset_version=_one(connection, "select max(cast(ruleset_version as varchar)) from main.score_priors"),
            calibration_status=calibration_status(connection, as_of_dates[-1]),
            ids_rekeyed=ids is not None,
            id_epoch=ids.epoch if ids else None,
            inputs=tuple(inputs),
            parts=tuple(parts),
            facts=write_facts(staging),
            catalog=write_catalog(catalog, staging, before),
            tables=_rows_by_table(parts),
            settings=dict(settings),
            gates=tuple(gates),
            gate_nights=gate_nights_of(read_manifest(before).gate_nights if before else (), as_of_dates[0], gates),
            quarantined=_quarantined(connection, "true"),
            released=_quarantined(connection, "released_at is not null"),
            intake=_intake(connection, arrived_from),
            supersedes=superseded(connection, parts, previous if is_latest else None, as_of_dates, reason),
        )
        write_manifest(manifest, staging)
        write_site(staging)
        _make_durable(staging)
        staging.rename(published / release_id)
        sync(published)
        if is_latest:
            point_current_at(published, release_id)
        return Published(release_id=release_id, folder=published / release_id, is_new=True)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _quarantined(connection: duckdb.DuckDBPyConnection, condition: str) -> dict[str, int]:
    return dict(
        connection.execute(
            f"select table_name || ' ' || reason, count(*) from main.quarantine where {condition} group by all order by all"
        ).fetchall()
    )


def _intake(connection: duckdb.DuckDBPyConnection, arrived_from: date) -> dict[str, Intake]:
    """Return by landing table what became of the rows that arrived from a day on."""
    names = list(Intake.model_fields)
    sums = ", ".join(f"sum({name}_count)" for name in names)
    rows = connection.execute(
        f"select table_name, {sums} from main.int_quarantine__intake where arrived_on >= ? group by 1 order by 1", [arrived_from]
    ).fetchall()
    return {table: Intake.model_validate(dict(zip(names, map(int, counts), strict=True))) for table, *counts in rows}


def remove_unfinished(published: Path) -> None:
    """Remove what runs that died left in the folder: releases half-built or half-pruned, and links not yet moved."""
    for pattern in (".building-*", ".pruned-*"):
        for folder in published.glob(pattern):
            shutil.rmtree(folder)
    for link in published.glob(".current-*"):
        link.unlink()


def _history_before(published: Path, last_night: str | None, newest: Path | None) -> Path | None:
    """Return the release whose parts are carried on: that of the last night, or the newest when that one was pruned."""
    if last_night is None:
        return None
    if (published / last_night).is_dir():
        return published / last_night
    if newest is None or newest.name[:10] < last_night[:10]:
        raise ReleaseError(
            f"release {last_night}, whose history this run carries on, is gone from {published} and no later one is kept: "
            "restore it, or run `stillwatch backfill` from the first as-of date on"
        )
    return newest


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    return str(connection.execute(query).fetchall()[0][0])


def calibration_status(connection: duckdb.DuckDBPyConnection, as_of: date) -> str:
    """Return the scores' status on the as-of date; where subject types differ, each, the uncalibrated first.

    Readers take a status that begins with `calibrated` as leave to read every score as a probability.
    """
    found = connection.execute(
        "select calibration_status, string_agg(distinct subject_type, ', ' order by subject_type) from main.scores "
        "where as_of_date = ? group by calibration_status order by calibration_status like 'calibrated%', calibration_status",
        [as_of],
    ).fetchall()
    if len(found) <= 1:
        return found[0][0] if found else "expert prior"
    return "; ".join(f"{status} ({subject_types})" for status, subject_types in found)


def _assemble_parts(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Mapping[str, Any]],
    as_of_dates: Sequence[date],
    first_touched: date,
    staging: Path,
    before: Path | None,
) -> list[Part]:
    changed = [
        partial(write_part, table=table, part=name, condition=condition, order_by=tables[table]["order_by"], folder=staging)
        for table in sorted(tables)
        for name, condition in changed_parts(tables[table], as_of_dates, first_touched).items()
    ]
    written = side_by_side(connection, changed)
    parts: list[Part] = []
    previous = read_manifest(before) if before else None
    for table in sorted(tables):
        fresh = [part for part in written if part.table == table]
        names = {part.part for part in fresh}
        kept = [p for p in previous.parts if p.table == table and p.part not in names] if previous else []
        kept = [p for p in kept if tables[table].get("as_of_column") is None or p.part < str(as_of_dates[0])]
        for part in kept:
            if before:
                link_part(part, before, staging)
        parts += kept + fresh
    same = {(p.table, p.part, p.sha256) for p in previous.parts} if previous else set[tuple[str, str, str]]()
    for part in parts:
        if before and (part.table, part.part, part.sha256) in same:
            link_part(part, before, staging)
    return parts


def _rows_by_table(parts: Sequence[Part]) -> dict[str, int]:
    rows: dict[str, int] = {}
    for part in parts:
        rows[part.table] = rows.get(part.table, 0) + part.rows
    return rows


# a release is named by its as-of date first; whatever release of a changed date a decision stood on, its numbers are restated
_CASES_ON = """
with standing as (
    select case_id, release_id from main.actions
    union all
    select cases.case_id, reviews.release_id
    from main.cases
    inner join main.reviews on list_contains(string_split(cases.lead_ids, ','), reviews.lead_id)
)
select distinct case_id from standing where list_contains(?, left(release_id, 10)) order by case_id
"""


def superseded(
    connection: duckdb.DuckDBPyConnection,
    parts: Sequence[Part],
    previous: Manifest | None,
    as_of_dates: Sequence[date],
    reason: str | None,
) -> Superseded | None:
    """Return what a run's parts supersede: the release before, why, and every case that stands on a date whose rows changed.

    None when no as-of row came out otherwise than in `previous`. A case stands on a date by an action or a review that names a
    release of that date, whichever.
    """
    if previous is None:
        return None
    dated = {str(previous.as_of_date)} | {str(day) for day in as_of_dates}
    was = {(p.table, p.part): p.sha256 for p in previous.parts if p.part in dated}
    changed = sorted({p.part for p in parts if was.get((p.table, p.part), p.sha256) != p.sha256})
    if not changed:
        return None
    cases = connection.execute(_CASES_ON, [changed]).fetchall()
    return Superseded(
        release_id=previous.release_id,
        reason=reason or f"recomputed as-of rows differ for {', '.join(changed)}",
        case_ids=tuple(case_id for (case_id,) in cases),
    )


def _make_durable(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        sync(path)


def code_revision() -> str:
    """Return the git commit of the code, `unknown` outside a checkout."""
    outcome = subprocess.run(["git", "-C", str(PROJECT_ROOT), "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return outcome.stdout.strip() if outcome.returncode == 0 else "unknown"
