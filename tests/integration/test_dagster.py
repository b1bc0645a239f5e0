"""What Dagster shows: the asset graph with its checks, daily partitions, a schedule, and a red check when a gate fails."""

from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dagster as dg
import polars as pl
import pytest

from expectations.rules import suites
from orchestration.alerting.alert import Kind
from orchestration.alerting.log import standings
from orchestration.build import JOB_NAME, build_defs
from orchestration.exporting.export import read_exports
from orchestration.settings import Home

from .conftest import SHARES_NIGHTS, START, Nights
from .test_lineage import edges, ended, nights_of

pytestmark = SHARES_NIGHTS


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


def test_retention_runs_every_week_and_drops_nothing_of_a_young_home(definitions: dg.Definitions, tmp_path: Path) -> None:
    assert definitions.resolve_schedule_def("every_week").job_name == "retention"
    with dg.DagsterInstance.ephemeral() as instance:
        home = Home(root=tmp_path)
        result = build_defs(home, "/landing").resolve_job_def("retention").execute_in_process(instance=instance)
        assert result.success


def run_job(home: Home, landing: Path, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    """Run the job over one night, as its schedule would."""
    job = build_defs(home, str(landing)).resolve_job_def(JOB_NAME)
    return job.execute_in_process(instance=instance, partition_key=str(START), raise_on_error=False)


def test_a_scheduled_run_publishes_what_the_command_publishes(
    three_nights: Nights, landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STILLWATCH_EXPORT_NIGHTS", "1")
    monkeypatch.setenv("STILLWATCH_LINEAGE", "file")
    home = Home(root=tmp_path / "scheduled")
    with dg.DagsterInstance.ephemeral() as instance:
        result = run_job(home, landing, instance)
    assert result.success
    checks = result.get_asset_check_evaluations()
    assert {check.passed for check in checks} == {True}
    metadata = result.asset_materializations_for_node("release")[0].metadata
    manifest = three_nights.manifests[0]
    assert metadata["release_id"].value == manifest.release_id
    assert metadata["content_hash"].value == manifest.content_hash
    assert metadata["dagster/row_count"].value == sum(manifest.tables.values()) > 0
    assert metadata["rows"].value == manifest.tables
    assert "- sources: " in str(metadata["gates"].value)
    page = str(metadata["page index"].value)
    assert Path(unquote(urlsplit(page).path)).read_text(encoding="utf-8").startswith("<!doctype html>")
    # each asset says its rows, each landing table the files it was
    built = {m.asset_key.path[-1]: m.metadata for m in result.asset_materializations_for_node("features_and_links")}
    assert built["account_days"]["dagster/row_count"].value == manifest.tables["account_days"]
    assert float(str(built["account_days"]["seconds"].value)) > 0
    landed = {m.asset_key.path[-1]: m.metadata for m in result.asset_materializations_for_node("landing")}
    told = {path: file for table in landed.values() for path, file in dict(table["sha256"].value or {}).items()}
    assert told == {file.path: file.sha256 for file in manifest.inputs}
    [export] = read_exports(home)
    assert export.release_id == manifest.release_id
    # its lineage is that of the command's night, and that of the export
    [told] = nights_of(home)
    assert {event["run"]["runId"] for event in told if event["job"]["name"] == "night"} == {result.run_id}
    exports = {job for job in edges(told) if job.startswith("export.")}
    assert exports == {f"export.{table}" for table in export.tables}
    of_command = edges(nights_of(three_nights.home)[0])
    assert {job: edge for job, edge in edges(told).items() if job not in {*exports, "night.export"}} == of_command


def test_failed_gate_is_a_red_check_and_stops_everything_after_it(
    landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STILLWATCH_LINEAGE", "file")
    broken = tmp_path / "landing"
    for table in ("usage_requests", "accounts"):
        for path in (landing / table / f"arrived_on={START}").glob("*.parquet"):
            target = broken / path.relative_to(landing)
            target.parent.mkdir(parents=True, exist_ok=True)
            pl.read_parquet(path).drop("account_id").write_parquet(target)
    home = Home(root=tmp_path / "home")
    with dg.DagsterInstance.ephemeral() as instance:
        result = run_job(home, broken, instance)
        assert not result.success
        red = [check.asset_key.path[-1] for check in result.get_asset_check_evaluations() if not check.passed]
        assert "usage_requests" in red
        materialized = {record.asset_key for record in instance.fetch_materializations(dg.AssetKey("scores"), limit=1).records}
        assert materialized == set()
    assert not home.current.exists()
    # the alert of it names the gate, as the command's would
    assert [standing.raised.alert.kind for standing in standings(home)] == [Kind.GATE_FAILED]
    [told] = nights_of(home)
    assert {job: event["eventType"] for job, event in ended(told).items()} == {"night.landing": "FAIL", "night": "FAIL"}
