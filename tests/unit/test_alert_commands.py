"""`stillwatch alerts`: the list, the check that a timer runs, the trial, and that nothing is connected to without a webhook."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from orchestration.alerting.settings import OperationSettings
from orchestration.alerting.webhook import Outcome
from orchestration.cli import cli
from orchestration.night import expected
from orchestration.publishing.releases import History
from orchestration.settings import Home

NIGHT = date(2026, 3, 29)
_heard: list[str] = []
_is_listening = False


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _is_listening and event in ("socket.connect", "socket.getaddrinfo"):
        _heard.append(f"{event} {arguments[1:]}")


sys.addaudithook(_hear)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OperationSettings.model_fields:
        monkeypatch.delenv(f"STILLWATCH_{name.upper()}", raising=False)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home that published up to the 29th of March."""
    days = tuple(NIGHT - timedelta(days=n) for n in range(3))
    monkeypatch.setattr(expected, "published_history", lambda _: History(as_of_dates=tuple(sorted(days))))
    return Home(root=tmp_path)


def _alerts(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["alerts", *arguments, "--home", str(home.root)])


def test_a_night_that_is_there_is_no_alert(home: Home) -> None:
    outcome = _alerts(home, "check", "--date", "2026-03-29")
    assert (outcome.exit_code, home.alerts.exists()) == (0, False)
    assert "No alert was raised yet." in _alerts(home).output


def test_a_night_that_is_missing_is_alerted_once_and_exits_with_1(home: Home) -> None:
    for _ in range(2):
        outcome = _alerts(home, "check", "--date", "2026-03-31", "--json")
        assert outcome.exit_code == 1
        assert json.loads(outcome.stdout)["missed"] == ["2026-03-30", "2026-03-31"]
    (listed,) = json.loads(_alerts(home, "--json").stdout)
    assert (listed["kind"], listed["state"], listed["night"]) == ("missed_night", "kept", "2026-03-31")
    assert "docs/runbook.md#a-night-was-missed" in _alerts(home, "check", "--date", "2026-03-31").output
    assert "missed_night, night of 2026-03-31: kept" in _alerts(home).output


def test_without_a_date_the_night_that_is_due_is_expected(home: Home) -> None:
    found = json.loads(_alerts(home, "check", "--json").stdout)
    assert date.fromisoformat(found["expected"]) > NIGHT


def test_an_alert_that_waits_exits_with_1_until_it_arrives(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLWATCH_ALERT_WEBHOOK", "http://127.0.0.1:9/x")
    monkeypatch.setattr("orchestration.alerting.webhook.PAUSES", ())
    assert _alerts(home, "check", "--date", "2026-03-30").exit_code == 1
    waiting = _alerts(home, "check", "--date", "2026-03-29")
    assert waiting.exit_code == 1
    assert "1 alerts wait to be delivered" in waiting.output
    arrived = Outcome(delivered=True, words="answered 200")
    monkeypatch.setattr("orchestration.alerting.raising.raise_alerts.__kwdefaults__", {"now": None, "send": lambda *_: arrived})
    assert _alerts(home, "check", "--date", "2026-03-29").exit_code == 0


@contextmanager
def _listening() -> Iterator[None]:
    global _is_listening  # noqa: PLW0603 - an audit hook cannot be taken back
    _heard.clear()
    _is_listening = True
    try:
        yield
    finally:
        _is_listening = False


def test_without_a_webhook_nothing_is_connected_to(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with _listening():
        _alerts(home, "check", "--date", "2026-03-31")
        refused = _alerts(home, "test")
    assert refused.exit_code == 1
    assert "STILLWATCH_ALERT_WEBHOOK names none" in str(refused.exception)
    assert _heard == []
    monkeypatch.setenv("STILLWATCH_ALERT_WEBHOOK", "http://127.0.0.1:9/x")
    monkeypatch.setattr("orchestration.alerting.webhook.PAUSES", ())
    with _listening():
        _alerts(home, "test")
    assert _heard != []


def test_settings_that_cannot_be_read_are_a_usage_error(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLWATCH_NIGHT_DUE_HOUR", "25")
    assert "STILLWATCH_NIGHT_DUE_HOUR" in str(_alerts(home, "check").exception)
