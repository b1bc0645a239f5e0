"""Recording a run: nothing unless asked for, every run ended, and no fault of a record reaches a night."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from orchestration import run_log
from orchestration.alerting.settings import AlertError, operation_settings
from orchestration.lineage import recording, spool
from orchestration.lineage.telling import Judged, Told
from orchestration.night.steps import GateFailedError
from orchestration.settings import Home
from tests.unit.alerting.conftest import Receiver

from .nights import DAY, RUN, SECRET, graph, report


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLWATCH_LINEAGE", "file")
    monkeypatch.setattr("orchestration.lineage.graph.graph_of", lambda _: graph())
    monkeypatch.setattr(recording, "project_of_a_night", lambda _: None)


def _states(home: Home, file: int = -1) -> list[tuple[str, str]]:
    return [(event["job"]["name"], event["eventType"]) for event in _events(home, file)]


def _events(home: Home, file: int = -1) -> list[dict[str, Any]]:
    return [event for _, event in spool.read_events(spool.run_files(home)[file])]


def test_nothing_is_written_and_no_library_imported_unless_asked_for(home: Home) -> None:
    def unasked() -> Told:
        raise AssertionError

    with recording.recording(home, RUN), recording.step("landing", DAY, DAY):
        recording.tell(unasked)
    assert not home.lineage.exists()
    code = "import orchestration.night.running, sys; sys.exit('openlineage' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[3]).returncode == 0


@pytest.mark.usefixtures("asked")
def test_a_run_begins_with_its_first_step_and_ends_after_its_last(home: Home) -> None:
    with recording.recording(home, RUN):
        assert spool.run_files(home) == []
        with recording.step("landing", DAY, DAY):
            recording.tell(lambda: Judged(report=report(), plan=None))
    assert _states(home) == [
        ("night", "START"), ("night.landing", "START"), ("night.landing", "COMPLETE"), ("night", "COMPLETE"),
    ]  # fmt: skip
    assert _events(home)[0]["job"]["namespace"] == "stillwatch.home"


def test_names_stand_under_the_setting_or_the_homes_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert recording.namespace_of(Home(root=Path("/data/our home")), operation_settings()) == "stillwatch.our_home"
    monkeypatch.setenv("STILLWATCH_LINEAGE_NAMESPACE", "prod/abuse")
    assert recording.namespace_of(Home(root=Path("/data/our home")), operation_settings()) == "prod/abuse"
    monkeypatch.setenv("STILLWATCH_LINEAGE_NAMESPACE", "with space")
    with pytest.raises(AlertError, match="STILLWATCH_LINEAGE_NAMESPACE"):
        operation_settings()


@pytest.mark.usefixtures("asked")
def test_a_run_without_a_step_of_a_night_is_none(home: Home) -> None:
    with recording.recording(home, RUN):
        pass
    assert not home.lineage.exists()


@pytest.mark.usefixtures("asked")
def test_a_gate_that_says_no_fails_its_step_and_the_night_whoever_runs_it(home: Home) -> None:
    # Dagster stops the steps after it, and raises nothing here
    with recording.recording(home, RUN), recording.step("landing", DAY, DAY):
        recording.tell(lambda: Judged(report=report(success=False), plan=None))
    *_, landing, night = _events(home)
    assert [(event["job"]["name"], event["eventType"]) for event in (landing, night)] == [
        ("night.landing", "FAIL"),
        ("night", "FAIL"),
    ]
    for event in (landing, night):
        message = event["run"]["facets"]["errorMessage"]["message"]
        assert message.startswith("The sources gate for 2026-03-01 stopped the night")
    assert landing["inputs"][0]["inputFacets"]["dataQualityAssertions"]["assertions"][0]["success"] is False
    assert SECRET not in json.dumps(_events(home))


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    ("error", "state", "words"),
    [
        (ValueError(f"Could not convert string '{SECRET}'"), "FAIL", "ValueError; its words are told only where the command ran"),
        (GateFailedError(f"The gate stopped the night.\nfor example {SECRET}"), "FAIL", "The gate stopped the night."),
        (KeyboardInterrupt(), "ABORT", "KeyboardInterrupt; its words are told only where the command ran"),
    ],
)
def test_an_error_ends_step_and_night_in_words_without_values(home: Home, error: BaseException, state: str, words: str) -> None:
    with pytest.raises(type(error)), recording.recording(home, RUN), recording.step("actors", DAY, DAY):
        raise error
    assert _states(home)[-2:] == [("night.actors", state), ("night", state)]
    assert [event["run"]["facets"]["errorMessage"]["message"] for event in _events(home)[-2:]] == [words, words]
    assert SECRET not in json.dumps(_events(home))


@pytest.mark.usefixtures("asked")
def test_what_a_killed_run_left_open_is_ended_by_the_next(home: Home) -> None:
    with recording.recording(home, RUN), recording.step("actors", DAY, DAY):
        pass
    [path] = spool.run_files(home)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(lines[:2]) + "\n", encoding="utf-8")
    with recording.recording(home, RUN.replace("0b", "1b")), recording.step("actors", DAY, DAY):
        pass
    assert _states(home, 0) == [
        ("night", "START"), ("night.actors", "START"), ("night.actors", "ABORT"), ("night", "ABORT"),
    ]  # fmt: skip
    assert _states(home)[-1] == ("night", "COMPLETE")


@pytest.mark.usefixtures("asked")
def test_a_record_that_fails_is_logged_and_the_night_goes_on(home: Home) -> None:
    def broken() -> Told:
        raise OSError(SECRET)

    done: list[str] = []
    with run_log.recording(home, "nightly"), recording.recording(home, RUN):
        for name in ("landing", "actors"):
            with recording.step(name, DAY, DAY):
                recording.tell(broken)
                done.append(name)
    assert done == ["landing", "actors"]
    told = run_log.path_of(home).read_text(encoding="utf-8")
    assert told.count("lineage is no more recorded in this run: OSError") == 1
    assert SECRET not in told


@pytest.mark.usefixtures("asked")
def test_a_receiver_that_is_not_there_fails_no_night(home: Home, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLWATCH_LINEAGE_ENDPOINT", receiver.url)
    monkeypatch.setattr("orchestration.alerting.webhook.PAUSES", ())
    receiver.answers = [503]
    with run_log.recording(home, "nightly"), recording.recording(home, RUN), recording.step("actors", DAY, DAY):
        pass
    assert "4 events of lineage wait: the receiver answered 503" in run_log.path_of(home).read_text(encoding="utf-8")
    with recording.recording(home, RUN.replace("0b", "1b")), recording.step("actors", DAY, DAY):
        pass
    assert [body["eventType"] for body in receiver.bodies[1:]] == ["START", "START", "COMPLETE", "COMPLETE"] * 2
