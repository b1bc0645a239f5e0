"""Running the nightly Dagster job in this process, as the command line does."""

import os
import shutil
import sqlite3
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import dagster as dg
from sqlalchemy import event
from sqlalchemy.engine import Engine

from expectations.report import GateReport
from orchestration.build import JOB_NAME, build_defs
from orchestration.night.lock import home_lock
from orchestration.night.steps import GateFailedError
from orchestration.publishing.release import Published
from orchestration.settings import PROJECT_ROOT, Home

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def run_nights(
    home: Home, landing: Path, as_of_from: date, as_of_to: date, reason: str | None = None, *, alone: bool = False
) -> Published:
    """Run the nightly job over a range of as-of dates and return what was published.

    `alone` computes the range as given, though later nights were published: what rebuilds a warehouse stretch by stretch asks
    for it. Raises HomeLockedError before anything is touched when another run has the home, GateFailedError when a gate failed
    and whatever a step raised otherwise; nothing was published then.
    """
    with home_lock(home):
        return _run_job(home, landing, as_of_from, as_of_to, {"reason": reason or "", "alone": alone})


def _run_job(home: Home, landing: Path, as_of_from: date, as_of_to: date, options: Mapping[str, str | bool]) -> Published:
    definitions = build_defs(home, str(landing.resolve()))
    resource = {"night": {"config": {"home": str(home.root), "landing": str(landing.resolve()), **options}}}
    for gate in ("sources", "marts"):
        home.gate_report(gate).unlink(missing_ok=True)
    job = definitions.resolve_job_def(JOB_NAME)
    tags = {
        "dagster/asset_partition_range_start": as_of_from.isoformat(),
        "dagster/asset_partition_range_end": as_of_to.isoformat(),
    }
    with _instance(home) as instance:
        try:
            result = job.execute_in_process(
                instance=instance, tags=tags, run_config={"resources": resource, **_QUIET}, raise_on_error=True
            )
        except dg.DagsterError:
            _raise_failed_gate(home)
            raise
    metadata = result.asset_materializations_for_node("release")[0].metadata
    return Published(
        release_id=str(metadata["release_id"].value),
        folder=Path(str(metadata["path"].value)),
        is_new=bool(metadata["is_new"].value),
    )


@event.listens_for(Engine, "connect")
def _do_not_sync_run_history(connection: object, _record: object) -> None:
    """Let SQLite, which holds Dagster's run history and nothing else here, skip a disk sync an event."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("pragma synchronous = off")


def _instance(home: Home) -> dg.DagsterInstance:
    home.dagster.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(PROJECT_ROOT / "dagster.yaml", home.dagster / "dagster.yaml")
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    return dg.DagsterInstance.get()


def _raise_failed_gate(home: Home) -> None:
    for gate in ("sources", "marts"):
        path = home.gate_report(gate)
        if path.exists():
            report = GateReport.model_validate_json(path.read_text(encoding="utf-8"))
            if not report.success:
                raise GateFailedError(report.message())
