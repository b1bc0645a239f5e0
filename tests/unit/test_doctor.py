"""The doctor: an installation in order has no fault, and each fault is seen and says what to do."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from expectations.overrides import add_override
from expectations.report import Override, gate_report, judged
from orchestration import doctor, doctor_nights
from orchestration.alerting.causes import trial
from orchestration.alerting.log import Raised, append
from orchestration.alerting.settings import OperationSettings
from orchestration.cli import cli
from orchestration.landing.files import RunPlan
from orchestration.night import expected
from orchestration.privacy.access_log import record
from orchestration.privacy.id_keys import SETTING, write_new_id_key
from orchestration.publishing.releases import History
from orchestration.runbook import Section
from orchestration.settings import Home

NIGHT = date(2026, 3, 29)
NOW = datetime(2026, 3, 30, 8, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    for name in (SETTING, *(f"STILLWATCH_{field.upper()}" for field in OperationSettings.model_fields)):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "home").mkdir()
    return Home(root=tmp_path / "home")


def _states(home: Home) -> dict[str, doctor.Check]:
    return {check.name: check for check in doctor.examine(home)}


def test_an_installation_in_order_has_no_fault_and_says_that_ids_are_not_rekeyed(home: Home) -> None:
    outcome = CliRunner().invoke(cli, ["doctor", "--home", str(home.root), "--json"])
    checks = json.loads(outcome.stdout)
    assert outcome.exit_code == 0
    assert {check["name"] for check in checks} >= {"versions", "home", "key of ids", "telemetry", "gates", "disk"}
    assert "fault" not in {check["state"] for check in checks}
    assert _states(home)["key of ids"].words.startswith("none: ids stay under the provider's key alone")


def test_a_key_that_others_may_read_is_a_fault_and_is_not_told(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ids.json"
    key = write_new_id_key(path, home)
    monkeypatch.setenv(SETTING, str(path))
    assert _states(home)["key of ids"].words == f"key {key.key_id} of epoch 1"
    assert _states(home)["vault"].state == "fault"
    path.chmod(0o644)
    outcome = CliRunner().invoke(cli, ["doctor", "--home", str(home.root)])
    assert outcome.exit_code == 1
    assert "chmod 600" in outcome.output
    assert key.key.get_secret_value() not in outcome.output


def test_a_changed_access_log_is_a_fault(home: Home) -> None:
    for who in ("a", "b"):
        record(home.access_log, who, "reidentify", "why")
    home.access_log.write_text(home.access_log.read_text(encoding="utf-8").replace('"a"', '"c"'), encoding="utf-8")
    assert _states(home)["access log"].state == "fault"


def test_a_failed_gate_is_a_fault(home: Home) -> None:
    failed = judged("scores", "scores are bounded", severity="block", success=False, advice="Look.")
    home.gate_report("marts").write_text(gate_report("marts", date(2026, 3, 1), [failed]).model_dump_json(), encoding="utf-8")
    assert _states(home)["gates"].state == "fault"
    home.gate_report("marts").write_text("{", encoding="utf-8")
    assert _states(home)["gates"].state == "fault"


def test_a_link_to_nowhere_and_a_full_disk_are_faults(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.published.mkdir()
    home.current.symlink_to("missing")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: doctor.shutil._ntuple_diskusage(100, 99, 1))
    states = _states(home)
    assert states["disk"].state == "fault"
    assert states["home"].state == "fault"


def test_a_failed_gate_and_late_sources_have_lines_of_their_own(home: Home) -> None:
    late = judged("api_keys", "it is delivered", severity="warn", success=False, advice="Ask.", is_late=True)
    report = gate_report("sources", NIGHT, [late])
    home.gate_report("sources").write_text(report.model_dump_json(), encoding="utf-8")
    states = _states(home)
    assert (states["sources"].state, states["gates"].state) == ("note", "ok")
    assert "late on 2026-03-29: api_keys" in states["sources"].words
    blocking = gate_report("sources", NIGHT, [late.model_copy(update={"severity": "block"})])
    home.gate_report("sources").write_text(blocking.model_dump_json(), encoding="utf-8")
    assert {_states(home)[name].state for name in ("sources", "gates")} == {"fault"}


def _publish(monkeypatch: pytest.MonkeyPatch, *days: date) -> None:
    monkeypatch.setattr(expected, "published_history", lambda _: History(as_of_dates=days))


@pytest.mark.parametrize(
    ("last", "state", "words"),
    [
        (date(2026, 3, 29), "ok", "2026-03-29 is published"),
        (date(2026, 3, 27), "fault", "missed since: 2026-03-28, 2026-03-29"),
        (date(2026, 1, 1), "note", "a world long past"),
        (date(2026, 4, 5), "ok", "2026-04-05 is published"),
    ],
)
def test_the_last_night_is_held_against_the_clock(
    home: Home, monkeypatch: pytest.MonkeyPatch, last: date, state: str, words: str
) -> None:
    monkeypatch.setattr(doctor_nights, "_now", lambda: NOW)
    _publish(monkeypatch, last)
    found = _states(home)["last night"]
    assert (found.state, words in found.words) == (state, True)
    _publish(monkeypatch, last - timedelta(days=2), last)
    assert f"passed over before it: {last - timedelta(days=1)}" in _states(home)["last night"].words


def test_a_run_is_going_on_or_interrupted_or_too_long(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home.root / "lock-holder.json"
    about = {"pid": os.getpid(), "started_at": "2026-03-30T07:00:00+00:00", "command": "stillwatch forget acct_1"}
    path.write_text(json.dumps(about), encoding="utf-8")
    monkeypatch.setattr(doctor_nights, "_now", lambda: NOW)
    assert _states(home)["run"].state == "note"
    assert "acct_1" not in _states(home)["run"].words
    monkeypatch.setattr(doctor_nights, "_now", lambda: NOW + timedelta(hours=13))
    assert (_states(home)["run"].state, _states(home)["run"].section) == ("fault", Section.LOCKED)
    with subprocess.Popen(["true"]) as gone:
        gone.wait()
    path.write_text(json.dumps(about | {"pid": gone.pid}), encoding="utf-8")
    assert (_states(home)["run"].state, _states(home)["run"].section) == ("fault", Section.INTERRUPTED)


def test_a_run_that_published_nothing_waits(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = RunPlan(landing=home.landing, as_of_from=NIGHT, as_of_to=NIGHT, arrived_from=NIGHT, files=())
    (home.root / "latest-plan.json").write_text(plan.model_dump_json(), encoding="utf-8")
    assert (_states(home)["run"].state, _states(home)["run"].section) == ("fault", Section.NIGHT_ERROR)
    _publish(monkeypatch, NIGHT)
    assert _states(home)["run"].state == "ok"


def test_an_override_that_ends_soon_is_noted(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    _publish(monkeypatch, NIGHT)
    given = Override(
        gate="sources", table="accounts", limit="volume", first_night=NIGHT, last_night=date(2026, 4, 9), by="a", reason="b"
    )
    add_override(home.gate_overrides, given)
    assert _states(home)["overrides"].words == "1 stand, 1 ever given"
    add_override(home.gate_overrides, given.model_copy(update={"last_night": date(2026, 3, 31)}))
    assert "accounts volume after 2026-03-31" in _states(home)["overrides"].words


def test_alerts_that_wait_are_a_fault_and_no_webhook_a_note(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _states(home)["alerts"].words.startswith("no webhook: 0 kept")
    monkeypatch.setenv("STILLWATCH_ALERT_WEBHOOK", "http://hooks.example/secret")
    assert _states(home)["alerts"].state == "fault"
    assert "secret" not in _states(home)["alerts"].words
    monkeypatch.setenv("STILLWATCH_ALERT_WEBHOOK", "https://hooks.example/secret")
    assert _states(home)["alerts"].state == "ok"
    append(home, Raised(at=datetime.now(tz=UTC), id="1", alert=trial(home), to_send=True))
    assert (_states(home)["alerts"].state, _states(home)["alerts"].section) == ("fault", Section.ALERTS)


def test_the_screen_is_one_screen_though_everything_is_wrong(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_nights, "_now", lambda: NOW)
    _publish(monkeypatch, date(2026, 3, 20), date(2026, 3, 22))
    late = judged("api_keys", "it is delivered", severity="block", success=False, advice="Ask.", is_late=True)
    home.gate_report("sources").write_text(gate_report("sources", NIGHT, [late]).model_dump_json(), encoding="utf-8")
    append(home, Raised(at=NOW, id="1", alert=trial(home), to_send=True))
    lines = CliRunner().invoke(cli, ["doctor", "--home", str(home.root)]).output.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 100
    assert "Sections named by [#...] are in docs/runbook.md." in lines


def test_spark_that_does_not_answer_is_a_fault_with_what_to_do(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the packages for it are missing; on DuckDB there is nothing to ask."""
    assert "spark" not in _states(home)
    monkeypatch.setitem(sys.modules, "pyhive", None)  # pyright: ignore[reportArgumentType]
    monkeypatch.delitem(sys.modules, "pyhive.hive", raising=False)
    found = _states(home.model_copy(update={"target": "spark"}))["spark"]
    assert (found.state, found.section) == ("fault", Section.SPARK)
    assert "uv sync --group spark" in found.words
