"""Events of a night: which job read and wrote what, in the words and types of the specification, and no row in any."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openlineage.client.event_v2 import RunEvent

from orchestration.exporting.export import export_release
from orchestration.landing.files import LandedFile, RunPlan
from orchestration.lineage import events as making
from orchestration.lineage.events import State
from orchestration.lineage.telling import Built, Computed, Exported, Judged, Released, Told
from orchestration.night.stages import ACTORS
from orchestration.publishing.manifest import read_manifest, write_manifest
from orchestration.publishing.parts import Part
from orchestration.settings import Home
from tests.unit.exporting.releases import publish, score

from .nights import BEGAN, DAY, RUN, SECRET, events_of, node, report
from .typed import faults


@pytest.fixture(autouse=True)
def typed(monkeypatch: pytest.MonkeyPatch) -> list[RunEvent]:
    """Every event of a test is held against the types of its class."""
    made: list[RunEvent] = []
    to_json = making.Serde.to_json

    def checked(event: RunEvent) -> str:
        assert list(faults(event, RunEvent)) == []
        made.append(event)
        return str(to_json(event))

    monkeypatch.setattr(making.Serde, "to_json", checked)
    return made


def _ended(home: Home, told: Told, state: State = "COMPLETE", error: str = "") -> dict[str, dict[str, Any]]:
    """Return the last event of each job that a step which told this made."""
    made = [json.loads(text) for text in events_of(home).step_ends("features_and_links", [told], state, error)]
    return {event["job"]["name"]: event for event in made}


def _assertions(dataset: dict[str, Any]) -> list[dict[str, Any]]:
    return dataset["inputFacets"]["dataQualityAssertions"]["assertions"]


def test_a_type_that_is_wrong_is_found(typed: list[RunEvent], home: Home) -> None:
    events_of(home).night("START")
    [event] = typed
    event.inputs = [None]  # type: ignore[list-item]
    event.eventType = "START"  # type: ignore[assignment]
    assert len(list(faults(event, RunEvent))) == 2


def test_the_night_is_the_run_of_the_run_log_and_everything_hangs_on_it(home: Home) -> None:
    night = json.loads(events_of(home).night("START"))
    step = json.loads(events_of(home).step_begins("landing"))
    assert (night["run"]["runId"], night["job"]) == (RUN, night["job"] | {"namespace": "stillwatch.home", "name": "night"})
    assert night["run"]["facets"]["nominalTime"]["nominalStartTime"] == "2026-03-01T00:00:00+00:00"
    assert night["run"]["facets"]["nominalTime"]["nominalEndTime"] == "2026-03-02T00:00:00+00:00"
    assert "parent" not in night["run"]["facets"]
    parent = step["run"]["facets"]["parent"]
    assert (parent["run"]["runId"], parent["job"]["name"], parent["root"]["run"]["runId"]) == (RUN, "night", RUN)
    again = json.loads(events_of(home).step_begins("landing"))
    assert again["run"]["runId"] == step["run"]["runId"] != RUN
    assert night["job"]["facets"]["sourceCodeLocation"]["version"] == "0123abc"
    assert night["producer"].startswith("urn:stillwatch:")


def test_a_gate_asserts_of_the_files_it_judged_and_tells_no_example(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "usage_requests" / "part.parquet"
    path.parent.mkdir()
    path.write_bytes(b"x" * 7)
    file = LandedFile(table="usage_requests", relative_path="usage_requests/part.parquet", partition_on=DAY, arrived_on=DAY)
    plan = RunPlan(landing=tmp_path, as_of_from=DAY, as_of_to=DAY, arrived_from=DAY, files=(file,))
    step = _ended(home, Judged(report=report(success=False), plan=plan), "FAIL", "the gate said no")["night.features_and_links"]
    [read] = step["inputs"]
    assert read["name"] == "landing.usage_requests"
    assert read["inputFacets"]["inputStatistics"] | {"size": 7, "fileCount": 1} == read["inputFacets"]["inputStatistics"]
    [assertion] = _assertions(read)
    assert (assertion["success"], assertion["severity"], assertion["actual"]) == (False, "error", "3 of 40 against it")
    assert assertion["name"] == "every account_id is known"
    assert step["run"]["facets"]["errorMessage"]["message"] == "the gate said no"
    assert [field["name"] for field in read["facets"]["schema"]["fields"]] == ["account_id"]
    assert SECRET not in json.dumps(step)


def test_a_table_that_dbt_built_says_what_it_was_made_from_and_how(home: Home) -> None:
    built = Built(nodes=(node("model.s.account_days"), node("model.s.scores")), rows={"account_days": 70, "scores": 9})
    made = _ended(home, built)
    days, scores = made["model.account_days"], made["model.scores"]
    assert [read["name"] for read in days["inputs"]] == ["landing.usage_requests"]
    assert [read["name"] for read in scores["inputs"]] == ["main.account_days"]
    [output] = scores["outputs"]
    assert (output["name"], output["outputFacets"]["outputStatistics"]["rowCount"]) == ("main.scores", 9)
    assert output["facets"]["documentation"]["description"] == "One row per row of main.scores."
    assert output["facets"]["dataSource"]["uri"] == "stillwatch://home/warehouse.duckdb"
    # of a table that grows only its rows are known, not how many the run wrote
    [grown] = days["outputs"]
    assert (grown["outputFacets"], grown["facets"]["dataQualityMetrics"]["rowCount"]) == ({}, 70)
    assert scores["job"]["facets"]["sql"]["query"] == "select 1"
    assert scores["job"]["facets"]["sourceCodeLocation"]["path"] == "models/x.sql"
    assert scores["eventTime"] == "2026-03-02T02:30:01.500000+00:00" > BEGAN.isoformat()
    assert scores["run"]["facets"]["parent"]["job"]["name"] == "night.features_and_links"


def test_a_model_that_failed_wrote_nothing_and_tells_none_of_the_databases_words(home: Home) -> None:
    failed = Built(nodes=(node("model.s.scores", "error"), node("model.s.account_days", "skipped")), rows={})
    made = _ended(home, failed, "FAIL", "a dbt model or test failed")
    assert (made["model.scores"]["eventType"], made["model.scores"]["outputs"]) == ("FAIL", [])
    assert "could not build main.scores" in made["model.scores"]["run"]["facets"]["errorMessage"]["message"]
    assert "model.account_days" not in made


def test_dbts_tests_are_assertions_on_the_tables_they_are_on(home: Home) -> None:
    told = Built(nodes=(node("test.s.grain", "fail", failures=2), node("test.s.of_more_than_one", "pass", failures=0)), rows={})
    [read] = _ended(home, told)["night.features_and_links"]["inputs"]
    [assertion] = _assertions(read)
    assert read["name"] == "main.account_days"
    assert (assertion["assertion"], assertion["success"], assertion["actual"]) == ("grain", False, "2")


def test_a_python_step_reads_and_writes_what_it_says(home: Home) -> None:
    step = _ended(home, Computed(step=ACTORS, rows={"actor_members": 40}))["night.features_and_links"]
    assert {read["name"] for read in step["inputs"]} == {f"main.{name}" for name in ACTORS.reads}
    members, actor_events = step["outputs"]
    assert (members["name"], members["outputFacets"]["outputStatistics"]["rowCount"]) == ("computed.actor_members", 40)
    assert (actor_events["name"], actor_events["outputFacets"]) == ("computed.actor_events", {})


def _release(home: Home) -> Path:
    """Publish scores of one account, as one file of five bytes that counts as twelve rows."""
    folder = home.published / publish(home, 1, [score(SECRET)])
    (folder / "parquet/scores").mkdir(parents=True)
    (folder / "parquet/scores/all.parquet").write_bytes(b"12345")
    parts = (Part(table="scores", part="all", rows=12, sha256="0" * 64),)
    write_manifest(read_manifest(folder).model_copy(update={"parts": parts, "tables": {"scores": 12}}), folder)
    return folder


def test_a_published_mart_is_a_table_of_the_release_with_its_rows_and_files(home: Home) -> None:
    folder = _release(home)
    [output] = _ended(home, Released(folder=folder))["publish.scores"]["outputs"]
    assert output["name"] == "published.scores"
    assert output["facets"]["version"]["datasetVersion"] == folder.name
    statistics = output["outputFacets"]["outputStatistics"]
    assert (statistics["rowCount"], statistics["size"], statistics["fileCount"]) == (12, 5, 1)
    # internal keys stay behind, all else is copied
    assert [field["name"] for field in output["facets"]["schema"]["fields"]] == ["account_id"]
    assert list(output["facets"]["columnLineage"]["fields"]) == ["account_id"]
    [origin] = output["facets"]["columnLineage"]["fields"]["account_id"]["inputFields"]
    assert (origin["name"], origin["field"]) == ("main.scores", "account_id")


def test_an_export_is_made_from_the_published_table(home: Home) -> None:
    folder = _release(home)
    export, _ = export_release(home, folder)
    made = _ended(home, Exported(export=export))
    [output] = made["export.scores"]["outputs"]
    assert [read["name"] for read in made["export.scores"]["inputs"]] == ["published.scores"]
    assert (output["name"], output["outputFacets"]["outputStatistics"]["rowCount"]) == ("exports.scores", 1)
    assert SECRET not in json.dumps(made)


def test_a_node_that_dbt_did_not_come_to_run_is_told_with_the_time_of_telling(home: Home) -> None:
    failed = node("model.s.scores", "error", began_at=None, ended_at=None)
    event = _ended(home, Built(nodes=(failed,), rows={}), "FAIL", "a dbt model or test failed")["model.scores"]
    assert event["eventType"] == "FAIL"
    assert datetime.fromisoformat(event["eventTime"]) > BEGAN
