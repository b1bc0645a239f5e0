"""The run log: one line a beginning, an end, an error; bounded, quiet, and without secrets."""

import json
import logging
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from orchestration import run_log
from orchestration.cli import cli
from orchestration.landing.files import LandingError
from orchestration.packaging.signing import write_new_key
from orchestration.privacy.id_keys import SETTING, write_new_id_key
from orchestration.settings import Home

NIGHT = date(2026, 3, 29)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(root=tmp_path / "home")


def _lines(home: Home) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run_log.path_of(home).read_text(encoding="utf-8").splitlines()]


def test_a_step_has_a_line_when_it_begins_and_one_when_it_ends(home: Home) -> None:
    with run_log.recording(home, "nightly", "run-1"), run_log.step("actors", NIGHT, NIGHT) as counts:
        counts["rows"] = 7
    begun, step_begun, step_ended, ended = _lines(home)
    assert {line["run_id"] for line in _lines(home)} == {"run-1"}
    assert {line["command"] for line in _lines(home)} == {"nightly"}
    assert [line["message"] for line in (begun, ended)] == ["command begun", "command ended"]
    assert (step_begun["message"], step_ended["message"]) == ("step begun", "step ended")
    assert (step_ended["step"], step_ended["as_of_from"], step_ended["as_of_to"]) == ("actors", "2026-03-29", "2026-03-29")
    assert step_ended["counts"] == {"rows": 7}
    assert step_ended["seconds"] >= 0
    assert {line["level"] for line in _lines(home)} == {"info"}


def test_an_error_is_a_line_with_its_place_and_goes_on(home: Home) -> None:
    with pytest.raises(LandingError), run_log.recording(home, "nightly"), run_log.step("landing"):
        raise LandingError("landing folder /data does not exist\nand more")
    step, command = _lines(home)[-2:]
    assert step["message"] == "step failed: landing folder /data does not exist"
    assert (step["level"], step["error"], command["error"]) == ("error", "LandingError", "LandingError")
    assert command["where"][-1].startswith("test_run_log.py:")


def test_commands_that_are_quiet_are_recorded_and_libraries_are_not(home: Home, capfd: pytest.CaptureFixture[str]) -> None:
    logging.disable(logging.INFO)
    try:
        with run_log.recording(home, "nightly"):
            logging.getLogger("urllib3.connectionpool").error("of a library")
            run_log.warn("of ours")
    finally:
        logging.disable(logging.NOTSET)
    assert [line["message"] for line in _lines(home)] == ["command begun", "of ours", "command ended"]
    assert "command begun" not in "".join(capfd.readouterr())


def test_a_run_inside_another_has_its_own_id_and_the_same_file(home: Home) -> None:
    with run_log.recording(home, "recover") as outer:
        with run_log.recording(home, "nightly") as inner:
            assert run_log.run_id() == inner != outer
        assert run_log.run_id() == outer
    assert run_log.run_id() is None
    assert [line["run_id"] for line in _lines(home)] == [outer, inner, inner, outer]


def test_outside_of_a_run_nothing_is_written(home: Home) -> None:
    with run_log.step("alone"):
        run_log.warn("to nobody")
    assert not home.root.exists()


def test_the_log_is_bounded(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_log, "LARGEST_BYTES", 2000)
    with run_log.recording(home, "nightly"):
        for _ in range(200):
            run_log.warn("a line of some length")
    files = list(home.logs.iterdir())
    assert len(files) == run_log.KEPT_FILES
    assert max(path.stat().st_size for path in files) <= 2000


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "logs").write_text("no folder", encoding="utf-8")
    with run_log.recording(Home(root=tmp_path), "nightly"):
        pass
    home = Home(root=tmp_path / "home")
    run_log.path_of(home).mkdir(parents=True)
    with run_log.recording(home, "nightly"):
        pass
    assert "".join(capfd.readouterr()) == ""


def test_no_secret_and_no_value_stands_in_a_log(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = write_new_id_key(tmp_path / "ids.json", home).key.get_secret_value()
    write_new_key(tmp_path / "signing.pem")
    signing = (tmp_path / "signing.pem").read_text(encoding="utf-8").splitlines()[1]
    header = tmp_path / "header"
    header.touch(mode=0o600)
    header.write_text("Authorization: Bearer of-the-header\n", encoding="utf-8")
    monkeypatch.setenv(SETTING, str(tmp_path / "ids.json"))
    monkeypatch.setenv("STILLWATCH_ALERT_HEADER_FILE", str(header))
    monkeypatch.setenv("STILLWATCH_ALERT_WEBHOOK", "http://127.0.0.1:9/of-the-address")
    monkeypatch.setattr("orchestration.alerting.webhook.PAUSES", ())
    outcomes = [CliRunner().invoke(cli, ["alerts", name, "--home", str(home.root)]) for name in ("test", "check")]
    assert [outcome.exit_code for outcome in outcomes] == [1, 1]
    secrets = (key, signing, "of-the-header", "of-the-address", "acct_00017")
    with pytest.raises(RuntimeError), run_log.recording(home, "nightly"), run_log.step("landing"):
        raise RuntimeError(" ".join(secrets))
    written = [path for path in home.root.rglob("*") if path.is_file()]
    assert {path.name for path in written} >= {"stillwatch.jsonl", "alerts.jsonl"}
    told = b"".join(path.read_bytes() for path in written).decode() + "".join(outcome.output for outcome in outcomes)
    assert [secret for secret in secrets if secret in told] == []
