"""The doctor: an installation in order has no fault, and each fault is seen and says what to do."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from expectations.report import gate_report, judged
from orchestration import doctor
from orchestration.cli import cli
from orchestration.privacy.access_log import record
from orchestration.privacy.id_keys import SETTING, write_new_id_key
from orchestration.settings import Home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.delenv(SETTING, raising=False)
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
