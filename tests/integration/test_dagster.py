"""What Dagster shows: the asset graph with its checks, daily partitions, a schedule, and a red check when a gate fails."""

from datetime import datetime
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from expectations.rules import suites
from orchestration.build import JOB_NAME, build_defs
from orchestration.defs.in_process import run_nights
from orchestration.night.steps import GateFailedError
from orchestration.settings import Home

from .conftest import START


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    return build_defs(Home(root=tmp_path_factory.mktemp("defs")), "/landing")


def test_graph_goes_from_landing_to_release(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    release = dg.AssetKey("release")
    upstream = {release}
    pending = [release]
    while pending:
        parents = graph.get(pending.pop()).parent_keys - upstream
        upstream |= parents
        pending += parents
    assert dg.AssetKey(["provider", "usage_requests"]) in upstream
    assert dg.AssetKey(["computed", "actor_members"]) in upstream
    assert dg.AssetKey("scores") in upstream
    blocking = {key.name for key in graph.asset_check_keys if graph.get(key).blocking}
    assert {"source_gate", "mart_gate_scores", "mart_gate_review_queue"} <= blocking
    # a check for every published mart
    tables = {key.name.removeprefix("mart_gate_") for key in graph.asset_check_keys if key.name.startswith("mart_gate_")}
    assert tables >= set(suites("marts"))


def test_schedule_runs_the_day_that_ended(definitions: dg.Definitions) -> None:
    schedule = definitions.resolve_schedule_def("every_night")
    assert schedule.execution_timezone == "UTC"
    context = dg.build_schedule_context(
        scheduled_execution_time=datetime(2026, 3, 2, 2, 30), repository_def=definitions.get_repository_def()
    )
    request = schedule.evaluate_tick(context).run_requests[0]  # type: ignore[index]
    assert request.partition_key == "2026-03-01"


def test_failed_gate_is_a_red_check_and_stops_everything_after_it(landing: Path, tmp_path: Path) -> None:
    broken = tmp_path / "landing"
    for table in ("usage_requests", "accounts"):
        for path in (landing / table / f"arrived_on={START}").glob("*.parquet"):
            target = broken / path.relative_to(landing)
            target.parent.mkdir(parents=True, exist_ok=True)
            pl.read_parquet(path).drop("account_id").write_parquet(target)
    home = Home(root=tmp_path / "home")
    with pytest.raises(GateFailedError, match="account_id"):
        run_nights(home, broken, START, START)
    with dg.DagsterInstance.from_ref(dg.DagsterInstance.get().get_ref()) as instance:
        run = instance.get_runs(limit=1)[0]
        assert run.job_name == JOB_NAME
        assert run.status == dg.DagsterRunStatus.FAILURE
        materialized = {record.asset_key for record in instance.fetch_materializations(dg.AssetKey("scores"), limit=1).records}
        assert materialized == set()
    assert not home.current.exists()
