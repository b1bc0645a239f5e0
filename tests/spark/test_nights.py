"""Whole nights on a real cluster: a release is what DuckDB's is, table by table, though a worker dies in the middle of one.

Belongs here: the command line and Dagster over a master, two workers and a Thrift server. Models one by one are test_models.py's.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import dagster as dg
import duckdb
import pytest

from expectations.report import GateReport
from orchestration.build import JOB_NAME, build_defs
from orchestration.landing.files import RunPlan
from orchestration.night import steps
from orchestration.night.running import run_nights
from orchestration.privacy.classes import USAGE_RETENTION_DAYS
from orchestration.privacy.retention import drop_expired, usage_relations
from orchestration.publishing.releases import current_release
from orchestration.settings import Home
from orchestration.spark import night as on_spark
from orchestration.spark.mirror import mirror
from orchestration.spark.settings import SparkSettings
from orchestration.spark.statements import statements
from orchestration.warehouse.opening import warehouse
from orchestration.warehouse.transform import project_of_a_night
from simulator import SimulatorSettings, simulate
from tests.spark.cluster import Cluster
from tests.spark.differing import differences

pytestmark = pytest.mark.spark

FIRST = date(2026, 3, 1)
LOOKED_AT, HISTORY = 3, 5
"""Days before anybody acts on what was found, and days of the first run, after which one night follows."""
LAST = FIRST + timedelta(days=HISTORY)


class Sides(NamedTuple):
    """One provider's files, a home of each target, and the release that DuckDB made of each last night."""

    landing: Path
    duckdb: Home
    spark: Home
    releases: dict[date, Path]


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Sides:
    """A provider on whose first releases people act, and DuckDB's releases after the history and the night that follows."""
    folder = tmp_path_factory.mktemp("sides")
    seen, home = Home(root=folder / "seen", target="duckdb"), Home(root=folder / "duckdb", target="duckdb")
    world = SimulatorSettings(
        out=folder / "landing", truth=folder / "truth", start=FIRST, days=LOOKED_AT, accounts=400, requests=4000
    )
    simulate(world)
    run_nights(seen, world.out, FIRST, FIRST + timedelta(days=LOOKED_AT - 1))
    later = {"start": FIRST + timedelta(days=LOOKED_AT), "days": HISTORY + 1 - LOOKED_AT, "react_to": seen.current}
    simulate(world.model_copy(update=later))
    ranges = {LAST - timedelta(days=1): FIRST, LAST: LAST}
    releases = {last: run_nights(home, world.out, first, last).folder for last, first in ranges.items()}
    return Sides(world.out, home, Home(root=folder / "spark", target="spark"), releases)


def _started(sides: Sides, cluster: Cluster, *command: str) -> subprocess.Popen[str]:
    stillwatch = Path(sys.executable).with_name("stillwatch")
    return subprocess.Popen(
        [str(stillwatch), *command, "--home", str(sides.spark.root), "--landing", str(sides.landing)],
        env=os.environ | cluster.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _assert_same(ours: Path, theirs: Path) -> dict[str, int]:
    """Hold two releases against each other, table by table; return the rows of each table."""
    tables = sorted(folder.name for folder in (ours / "parquet").iterdir())
    assert tables == sorted(folder.name for folder in (theirs / "parquet").iterdir())
    rows: dict[str, int] = {}
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        told: dict[str, list[str]] = {}
        for table in tables:
            one, other = (f"read_parquet('{release}/parquet/{table}/*.parquet')" for release in (ours, theirs))
            rows[table] = connection.execute(f"select count(*) from {one}").fetchall()[0][0]
            if found := differences(connection, f"select * from {one}", f"select * from {other}", frozenset()):
                told[table] = list(found)
    assert not told, told
    return rows


def test_a_history_of_nights_is_what_duckdb_makes_of_it(sides: Sides, spark_cluster: Cluster) -> None:
    last = LAST - timedelta(days=1)
    run = _started(sides, spark_cluster, "backfill", "--from", str(FIRST), "--to", str(last))
    printed, _ = run.communicate()
    assert run.returncode == 0, printed
    rows = _assert_same(sides.releases[last], current_release(sides.spark.published))
    # people acted, so that what is compared is not a provider's first quiet days
    assert min(rows[table] for table in ("scores", "review_queue", "reviews", "actions", "cases", "enforcement_metrics")) > 0, (
        rows
    )


def _in_the_middle(sides: Sides, run: subprocess.Popen[str], before: int) -> None:
    """Wait until some tables of a night are built and most are not; `before` is what dbt's log held when it began."""
    log, until = sides.spark.logs / "dbt.log", time.monotonic() + 600
    while "main.int_usage__kept_requests" not in log.read_text(encoding="utf-8", errors="replace")[before:]:
        assert run.poll() is None and time.monotonic() < until, run.communicate()[0]
        time.sleep(0.1)


def test_a_night_whose_server_dies_publishes_nothing_and_says_what_to_do(sides: Sides, spark_cluster: Cluster) -> None:
    """The night after it, on a server started again over the same tables, is the next test's."""
    shown, before = current_release(sides.spark.published), (sides.spark.logs / "dbt.log").stat().st_size
    run = _started(sides, spark_cluster, "nightly", "--date", str(LAST))
    _in_the_middle(sides, run, before)
    spark_cluster.kill("thrift")
    began = time.monotonic()
    printed, _ = run.communicate()
    assert time.monotonic() - began < 60, "every model after it waited for the server"
    assert run.returncode == 1
    assert "Thrift server went away" in printed and "spark-does-not-answer" in printed
    # most tables fail of the same, which is said once
    assert printed.count("Could not connect") == 1
    assert current_release(sides.spark.published) == shown
    spark_cluster.start_server()


def test_a_night_in_which_a_worker_dies_ends_with_the_same_rows(sides: Sides, spark_cluster: Cluster) -> None:
    before = (sides.spark.logs / "dbt.log").stat().st_size
    run = _started(sides, spark_cluster, "nightly", "--date", str(LAST))
    _in_the_middle(sides, run, before)
    spark_cluster.kill("worker1")
    printed, _ = run.communicate()
    assert run.returncode == 0, printed
    assert "Lost executor" in spark_cluster.log("thrift")
    _assert_same(sides.releases[LAST], current_release(sides.spark.published))


def test_dagsters_job_runs_the_night_again_by_the_same_setting_and_publishes_nothing_new(
    sides: Sides, spark_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the night wrote before is deleted first, partition by partition; the gates are Dagster's checks."""
    for name, value in spark_cluster.environment.items():
        monkeypatch.setenv(name, value)
    before = current_release(sides.spark.published)
    with dg.DagsterInstance.ephemeral() as instance:
        job = build_defs(sides.spark, str(sides.landing)).resolve_job_def(JOB_NAME)
        result = job.execute_in_process(instance=instance, partition_key=str(LAST), raise_on_error=False)
        checks = [event for event in result.all_events if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION]
    assert result.success
    assert checks and all(event.asset_check_evaluation_data.passed for event in checks)
    assert current_release(sides.spark.published) == before


def test_other_commands_are_what_they_were(sides: Sides, spark_cluster: Cluster, tmp_path: Path) -> None:
    def said(*command: str) -> str:
        stillwatch = Path(sys.executable).with_name("stillwatch")
        asked = [str(stillwatch), *command, "--home", str(sides.spark.root)]
        return subprocess.run(
            asked, env=os.environ | spark_cluster.environment, check=True, capture_output=True, text=True
        ).stdout

    checks = {check["name"]: check["state"] for check in json.loads(said("doctor", "--json"))}
    assert checks["spark"] == "ok"
    assert "lead" in said("leads", "--limit", "1")
    said("catalog", "--out", str(tmp_path))
    assert "account_features" in next(tmp_path.rglob("*.html")).read_text(encoding="utf-8")


def test_the_mart_gate_judges_what_spark_wrote(sides: Sides, spark_cluster: Cluster) -> None:
    """Every account twice, as no night would write them, and once again."""
    plan = RunPlan.model_validate_json(sides.spark.latest_plan.read_text(encoding="utf-8"))

    def judged(write: str) -> GateReport:
        with statements(SparkSettings(port=spark_cluster.port)) as spark, warehouse(sides.spark) as connection:
            spark.run(f"{write} select distinct * from main.accounts")
            mirror(connection, spark, ["accounts"], {})
        return steps.gate_marts(sides.spark, plan)

    twice = judged("insert into main.accounts")
    assert not twice.success
    assert {finding.table for finding in twice.failures} == {"accounts"}
    assert judged("insert overwrite main.accounts").success


def test_a_gate_stops_a_night_before_anything_of_it_is_in_spark(sides: Sides, spark_cluster: Cluster) -> None:
    shown, broken = current_release(sides.spark.published), LAST + timedelta(days=1)
    delivered = sides.landing / "accounts" / f"arrived_on={broken}" / "part-0.parquet"
    delivered.parent.mkdir()
    with duckdb.connect() as connection:
        connection.execute(f"copy (select 'nobody' as account_id) to '{delivered}'")
    run = _started(sides, spark_cluster, "nightly", "--date", str(broken))
    printed, _ = run.communicate()
    shutil.rmtree(delivered.parent)
    assert run.returncode == 3, printed
    assert "accounts" in printed and "created_at" in printed
    assert current_release(sides.spark.published) == shown
    with statements(SparkSettings(port=spark_cluster.port)) as spark:
        assert spark.rows(f"select count(*) from main.scores where as_of_date = date '{LAST}'")[0][0] > 0


def test_what_expires_is_deleted_on_spark(sides: Sides, spark_cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Last in the module: nights after it would miss what it deletes. Half a year on, all has expired but what cases need."""
    for name, value in spark_cluster.environment.items():
        monkeypatch.setenv(name, value)
    relations = usage_relations(project_of_a_night(sides.spark))
    much_later = LAST + timedelta(days=USAGE_RETENTION_DAYS + 1)

    def expired() -> dict[str, int]:
        with warehouse(sides.spark) as connection:
            return drop_expired(connection, relations, much_later, dry_run=True)

    def held() -> int:
        with warehouse(sides.spark) as connection:
            return sum(connection.execute(f"select count(*) from {relation}").fetchall()[0][0] for relation in relations)

    before, expected = held(), sum(expired().values())
    assert 0 < expected < before
    on_spark.drop_expired(sides.spark, relations, much_later)
    assert held() == before - expected
    assert not any(expired().values())
