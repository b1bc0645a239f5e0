"""An alert is written down once, sent, and tried again; and nothing about it is worth a night."""

import errno
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from expectations.report import gate_report, judged
from orchestration.alerting import raising
from orchestration.alerting.alert import Alert, Kind
from orchestration.alerting.log import TRIED_FOR, standings
from orchestration.alerting.raising import raise_alerts, raise_failure, send_trial
from orchestration.alerting.settings import AlertError, Webhook
from orchestration.alerting.webhook import Outcome
from orchestration.runbook import Section
from orchestration.settings import Home

from .conftest import Receiver

NOW = datetime(2026, 3, 30, 7, tzinfo=UTC)
NIGHT = date(2026, 3, 29)
HOUR = timedelta(hours=1)


def _alert(**changes: object) -> Alert:
    plain = Alert(
        kind=Kind.GATE_FAILED,
        as_of_date=NIGHT,
        home="home",
        message="It stopped.",
        what_to_do="Look.",
        section=Section.GATE_FAILED,
        tables=("accounts",),
    )
    return plain.model_copy(update=changes)


class Sent:
    """Stands for the network: keeps bodies and gives outcomes in turn, then delivers."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.bodies: list[Mapping[str, object]] = []

    def __call__(self, webhook: Webhook, body: Mapping[str, object]) -> Outcome:
        self.bodies.append(body)
        return self.outcomes.pop(0) if self.outcomes else Outcome(delivered=True, words="answered 200")


DOWN = Outcome(delivered=False, words="no answer in time", is_reachable=False)
REFUSED = Outcome(delivered=False, words="answered 400")


@pytest.fixture
def webhook(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("STILLWATCH_ALERT_WEBHOOK", "https://hooks.example/T0/secret-path")
    return "https://hooks.example/T0/secret-path"


def _states(home: Home, now: datetime = NOW) -> list[str]:
    return [standing.state(now) for standing in standings(home)]


@pytest.mark.usefixtures("webhook")
def test_the_same_alert_is_sent_once_in_a_period_and_again_after_it(home: Home) -> None:
    sent = Sent()
    raise_alerts(home, [_alert(), _alert(run_id="another")], now=NOW, send=sent)
    raise_alerts(home, [_alert(message="In other words.")], now=NOW + 23 * HOUR, send=sent)
    assert len(sent.bodies) == 1
    raise_alerts(home, [_alert(tables=("scores",)), _alert(as_of_date=date(2026, 3, 30))], now=NOW + 23 * HOUR, send=sent)
    assert len(sent.bodies) == 3
    raise_alerts(home, [_alert()], now=NOW + 25 * HOUR, send=sent)
    assert len(sent.bodies) == 4
    assert set(_states(home)) == {"delivered"}


@pytest.mark.usefixtures("webhook")
def test_the_log_is_only_appended_to_and_holds_no_address(home: Home) -> None:
    raise_alerts(home, [_alert()], now=NOW, send=Sent(DOWN))
    before = home.alerts.read_bytes()
    raise_alerts(home, [_alert(as_of_date=date(2026, 3, 30))], now=NOW, send=Sent())
    assert home.alerts.read_bytes().startswith(before)
    assert b"secret-path" not in home.alerts.read_bytes()


@pytest.mark.usefixtures("webhook")
def test_what_was_not_delivered_is_tried_by_the_next_command_oldest_first(home: Home) -> None:
    raise_alerts(home, [_alert()], now=NOW, send=Sent(DOWN))
    assert _states(home) == ["waiting"]
    sent = Sent()
    raise_alerts(home, [_alert(kind=Kind.NIGHT_ERROR)], now=NOW + HOUR, send=sent)
    assert [body["kind"] for body in sent.bodies] == ["gate_failed", "night_error"]
    assert [body["raised_at"] for body in sent.bodies] == ["2026-03-30T07:00:00+00:00", "2026-03-30T08:00:00+00:00"]
    assert _states(home) == ["delivered", "delivered"]


@pytest.mark.usefixtures("webhook")
def test_a_receiver_that_is_down_is_asked_once_and_a_refused_alert_holds_up_no_other(home: Home) -> None:
    two = [_alert(), _alert(kind=Kind.LATE_SOURCE)]
    down, refusing = Sent(DOWN), Sent(REFUSED)
    raise_alerts(home, two, now=NOW, send=down)
    assert len(down.bodies) == 1
    raise_alerts(home, now=NOW, send=refusing)
    assert len(refusing.bodies) == 2
    assert _states(home) == ["waiting", "delivered"]


@pytest.mark.usefixtures("webhook")
def test_an_alert_that_never_arrives_is_given_up(home: Home) -> None:
    raise_alerts(home, [_alert()], now=NOW, send=Sent(DOWN))
    sent = Sent()
    raise_alerts(home, now=NOW + TRIED_FOR + HOUR, send=sent)
    assert sent.bodies == []
    assert _states(home, NOW + TRIED_FOR + HOUR) == ["given up"]


def test_without_a_webhook_alerts_are_kept_and_never_sent(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = Sent()
    raise_alerts(home, [_alert()], now=NOW, send=sent)
    monkeypatch.setenv("STILLWATCH_ALERT_WEBHOOK", "https://hooks.example/x")
    raise_alerts(home, now=NOW + HOUR, send=sent)
    assert sent.bodies == []
    assert _states(home) == ["kept"]


def test_a_home_without_alerts_is_left_as_it_is(home: Home) -> None:
    raise_alerts(home)
    assert list(home.root.iterdir()) == []


def test_a_webhook_that_may_not_be_used_leaves_alerts_waiting(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLWATCH_ALERT_WEBHOOK", "http://hooks.example/x")
    sent = Sent()
    raise_alerts(home, [_alert()], now=NOW, send=sent)
    monkeypatch.setenv("STILLWATCH_NIGHT_DUE_HOUR", "noon")
    raise_alerts(home, [_alert(kind=Kind.NIGHT_ERROR)], now=NOW, send=sent)
    assert sent.bodies == []
    assert _states(home) == ["waiting", "waiting"]


@pytest.mark.usefixtures("webhook")
def test_a_line_that_a_crash_cut_off_spoils_no_other(home: Home) -> None:
    raise_alerts(home, [_alert()], now=NOW, send=Sent())
    home.alerts.write_bytes(home.alerts.read_bytes() + b'{"event": "rai')
    raise_alerts(home, [_alert(kind=Kind.NIGHT_ERROR)], now=NOW, send=Sent())
    assert _states(home) == ["delivered", "delivered"]


@pytest.mark.usefixtures("webhook")
def test_on_a_full_disk_an_alert_is_sent_all_the_same(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(raising, "append", full)
    sent = Sent()
    raise_failure(home, NIGHT, "run", OSError(errno.ENOSPC, "No space left on device"), send=sent)
    assert [body["runbook"] for body in sent.bodies] == ["docs/runbook.md#the-disk-is-full"]


@pytest.mark.usefixtures("webhook")
def test_nothing_of_an_alert_is_worth_a_night(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Outcome:
        raise RuntimeError("of the sender's own")

    raise_alerts(home, [_alert()], now=NOW, send=broken)
    monkeypatch.setattr(raising, "ended_in_error", broken)
    raise_failure(home, NIGHT, None, ValueError(), send=broken)
    raise_alerts(Home(root=Path("/proc/nowhere")), [_alert()], send=broken)


@pytest.mark.usefixtures("webhook")
def test_a_failure_is_that_of_the_gate_where_one_stopped_the_night(home: Home) -> None:
    failed = judged("scores", "scores are bounded", severity="block", success=False, advice="Look.")
    sent = Sent()
    gates = [gate_report("sources", NIGHT, []), gate_report("marts", NIGHT, [failed])]
    raise_failure(home, NIGHT, "run", RuntimeError(), gates, send=sent)
    raise_failure(home, NIGHT, "run", RuntimeError(), send=sent)
    assert [(body["kind"], body["tables"]) for body in sent.bodies] == [("gate_failed", ["scores"]), ("night_error", [])]


def test_a_trial_is_sent_each_time_and_needs_a_webhook(home: Home, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AlertError, match="STILLWATCH_ALERT_WEBHOOK names none"):
        send_trial(home)
    monkeypatch.setenv("STILLWATCH_ALERT_WEBHOOK", receiver.url)
    assert send_trial(home).delivered
    assert send_trial(home).delivered
    assert [body["kind"] for body in receiver.bodies] == ["test", "test"]
    assert _states(home) == ["delivered", "delivered"]
