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

from orchestration import run_log
from orchestration.alerting.raising import raise_alerts, raise_failure
from orchestration.build import JOB_NAME, build_defs
from orchestration.defs.resources import forget_gates, kept_gates
from orchestration.landing.files import list_partitions
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
    and whatever a step raised otherwise; nothing was published then. The run is recorded in the run log, under the id it has in
    Dagster, and a failure is alerted.
    """
    with run_log.recording(home) as run_id:
        try:
            list_partitions(landing)
            with home_lock(home):
                options = {"reason": reason or "", "alone": alone}
                published = _run_job(home, landing, as_of_from, as_of_to, options, run_id)
        except Exception as error:
            gates = kept_gates(home) if isinstance(error, GateFailedError) else []
            raise_failure(home, as_of_to, run_id, error, gates)
            raise
        raise_alerts(home)
    return published


def _run_job(
    home: Home, landing: Path, as_of_from: date, as_of_to: date, options: Mapping[str, str | bool], run_id: str
) -> Published:
    definitions = build_defs(home, str(landing.resolve()))
    resource = {"night": {"config": {"home": str(home.root), "landing": str(landing.resolve()), **options}}}
    forget_gates(home)
    job = definitions.resolve_job_def(JOB_NAME)
    tags = {
        "dagster/asset_partition_range_start": as_of_from.isoformat(),
        "dagster/asset_partition_range_end": as_of_to.isoformat(),
    }
    with _instance(home) as instance:
        try:
            result = job.execute_in_process(
                instance=instance, run_id=run_id, tags=tags, run_config={"resources": resource, **_QUIET}, raise_on_error=True
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
    for report in kept_gates(home):
        if not report.success:
            raise GateFailedError(report.message())
