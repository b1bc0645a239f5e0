"""Nights that end badly: one alert each, whoever began the run, under the run id of Dagster and of the run log."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration import run_log
from orchestration.alerting import raising
from orchestration.alerting.log import standings
from orchestration.alerting.webhook import Outcome
from orchestration.build import JOB_NAME, build_defs
from orchestration.night import steps
from orchestration.night.running import run_nights
from orchestration.night.steps import GateFailedError
from orchestration.settings import Home

from .conftest import START

pytestmark = pytest.mark.slow


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """A webhook that takes every body; what it took."""
    bodies: list[Any] = []

    def take(_: object, body: object) -> Outcome:
        bodies.append(body)
        return Outcome(delivered=True, words="answered 200")

    monkeypatch.setenv("STILLWATCH_ALERT_WEBHOOK", "https://hooks.example/secret")
    for function in (raising.raise_alerts, raising.raise_failure):
        monkeypatch.setitem(function.__kwdefaults__, "send", take)
    yield bodies


@pytest.fixture
def broken_landing(landing: Path, tmp_path: Path) -> Path:
    """One day whose requests are a truncated file."""
    for partition in landing.glob(f"*/arrived_on={START}"):
        shutil.copytree(partition, tmp_path / "landing" / partition.relative_to(landing))
    (requests,) = (tmp_path / "landing" / "usage_requests" / f"arrived_on={START}").glob("*.parquet")
    requests.write_bytes(requests.read_bytes()[:2000])
    return tmp_path / "landing"


def _log(home: Home) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run_log.path_of(home).read_text(encoding="utf-8").splitlines()]


def test_a_failed_night_is_alerted_once_under_its_run_id(
    broken_landing: Path, tmp_path: Path, sent: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(root=tmp_path / "home")
    for _ in range(2):
        with pytest.raises(GateFailedError):
            run_nights(home, broken_landing, START, START)
    (body,) = sent
    assert (body["kind"], body["as_of_date"], body["tables"]) == ("gate_failed", str(START), ["usage_requests"])
    first, _ = dict.fromkeys(line["run_id"] for line in _log(home))
    assert body["run_id"] == first
    assert [line["error"] for line in _log(home) if line["level"] == "error"] == ["GateFailedError"] * 2

    # an error that is no gate's
    def stumble(*_: object) -> None:
        raise ValueError("acct_00017 is no number")

    monkeypatch.setattr(steps, "prepare", stumble)
    whole = steps.gate_sources
    monkeypatch.setattr(steps, "gate_sources", lambda *given: whole(*given).model_copy(update={"success": True}))
    with pytest.raises(ValueError, match="acct_00017"):
        run_nights(home, broken_landing, START, START)
    assert [(other["kind"], other["tables"]) for other in sent[1:]] == [("night_error", [])]
    assert "acct_00017" not in json.dumps([*sent, *_log(home)])


def test_a_run_that_dagster_began_is_alerted_and_recorded_too(broken_landing: Path, tmp_path: Path, sent: list[Any]) -> None:
    home = Home(root=tmp_path / "home")
    shutil.rmtree(broken_landing / "billing_charges" / f"arrived_on={START}")
    job = build_defs(home, str(broken_landing)).resolve_job_def(JOB_NAME)
    with dg.DagsterInstance.ephemeral() as instance:
        outcome = job.execute_in_process(instance=instance, partition_key=str(START), raise_on_error=False)
    assert not outcome.success
    assert [(body["kind"], body["tables"]) for body in sent] == [
        ("late_source", ["billing_charges"]),
        ("gate_failed", ["usage_requests"]),
    ]
    assert {line["run_id"] for line in _log(home)} == {outcome.run_id} == {body["run_id"] for body in sent}
    assert {line["command"] for line in _log(home)} == {"dagster"}
    assert {standing.attempts[-1].delivered for standing in standings(home)} == {True}


def test_a_landing_folder_that_is_gone_is_a_night_that_ended_in_an_error(tmp_path: Path, sent: list[Any]) -> None:
    with pytest.raises(ValueError, match="does not exist"):
        run_nights(Home(root=tmp_path / "home"), tmp_path / "nowhere", START, START)
    assert [body["kind"] for body in sent] == ["night_error"]
