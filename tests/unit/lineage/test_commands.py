"""`stillwatch lineage` and `catalog`: what they say, and their exit codes; doctor says the same."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from orchestration import doctor
from orchestration.cli import cli
from orchestration.lineage import spool
from orchestration.lineage.page import CatalogError, write_page
from orchestration.settings import Home
from tests.unit.alerting.conftest import Receiver


@pytest.fixture
def endpoint(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Receiver:
    monkeypatch.setenv("STILLWATCH_LINEAGE_ENDPOINT", receiver.url)
    monkeypatch.setattr("orchestration.alerting.webhook.PAUSES", ())
    return receiver


def _recorded(home: Home) -> None:
    spool.append(spool.path_of_run(home, "run", datetime(2026, 3, 2, tzinfo=UTC)), ['{"number": 1}', '{"number": 2}'])


def _state(home: Home) -> tuple[str, str]:
    [check] = [check for check in doctor.examine(home) if check.name == "lineage"]
    return check.state, check.words


def _run(home: Home, *arguments: str) -> tuple[int, str]:
    outcome = CliRunner().invoke(cli, ["lineage", "--home", str(home.root), *arguments])
    return outcome.exit_code, outcome.output


def test_without_settings_nothing_is_recorded_and_that_is_in_order(home: Home) -> None:
    assert _run(home) == (0, "No run is recorded.\nno receiver is configured.\n")
    assert _state(home)[0] == "note"


def test_what_waits_is_said_sent_and_then_gone(home: Home, endpoint: Receiver) -> None:
    _recorded(home)
    assert _state(home) == ("fault", "2 events wait: `stillwatch lineage --send` tries again and says what the receiver answers")
    assert "2 events wait." in _run(home)[1]
    endpoint.answers = [503]
    code, said = _run(home, "--send")
    assert (code, "2 events wait: the receiver answered 503" in said, "runbook.md#lineage-does-not-arrive" in said) == (
        1,
        True,
        True,
    )
    code, said = _run(home, "--send", "--json")
    about = json.loads(said)
    assert (code, about["waiting"], about["sent"]["told"]) == (0, 0, 2)
    assert "nothing waits." in _run(home)[1]
    assert _state(home)[0] == "ok"


def test_a_home_without_a_night_has_no_page(home: Home) -> None:
    with pytest.raises(CatalogError, match="run `stillwatch nightly` first"):
        write_page(home, home.root / "catalog")
