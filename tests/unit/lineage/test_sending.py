"""A receiver is told of events in order and at least once; what it does not take waits, what it refuses is passed over."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.alerting.settings import AlertError
from orchestration.lineage import sending, spool
from orchestration.settings import Home
from tests.unit.alerting.conftest import Receiver


@pytest.fixture
def endpoint(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Receiver:
    monkeypatch.setenv("STILLWATCH_LINEAGE_ENDPOINT", receiver.url)
    monkeypatch.setattr("orchestration.alerting.webhook.PAUSES", ())
    return receiver


@pytest.fixture
def run(home: Home) -> Path:
    path = spool.path_of_run(home, "run", datetime(2026, 3, 2, tzinfo=UTC))
    spool.append(path, [f'{{"number": {number}}}' for number in (1, 2, 3)])
    return path


def _told(receiver: Receiver) -> list[int]:
    return [body["number"] for body in receiver.bodies]


def test_each_event_is_sent_once_over_one_connection_with_the_header(
    home: Home, run: Path, endpoint: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = tmp_path / "header"
    header.write_text("Authorization: Bearer of-secrets\n", encoding="utf-8")
    header.chmod(0o600)
    monkeypatch.setenv("STILLWATCH_LINEAGE_HEADER_FILE", str(header))
    sent = sending.send_waiting(home)
    assert (sent.told, sent.refused, sent.waiting) == (3, 0, 0)
    assert sending.send_waiting(home).told == 0
    assert _told(endpoint) == [1, 2, 3]
    assert {headers["Authorization"] for headers in endpoint.headers} == {"Bearer of-secrets"}


def test_what_does_not_arrive_waits_with_what_comes_after_it(home: Home, run: Path, endpoint: Receiver) -> None:
    endpoint.answers = [200, 503]
    sent = sending.send_waiting(home)
    assert (sent.told, sent.waiting, sent.outcome) == (1, 2, "answered 503")
    assert sending.send_waiting(home).told == 2
    assert _told(endpoint) == [1, 2, 2, 3]


def test_an_event_that_is_refused_holds_up_nothing_and_a_closed_door_does(home: Home, run: Path, endpoint: Receiver) -> None:
    endpoint.answers = [422, 401]
    sent = sending.send_waiting(home)
    assert (sent.told, sent.refused, sent.waiting) == (0, 1, 2)
    assert sending.send_waiting(home).told == 2
    assert _told(endpoint) == [1, 2, 2, 3]


def test_a_slow_receiver_is_left_in_time(home: Home, run: Path, endpoint: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "LONGEST_SECONDS", -1.0)
    assert sending.send_waiting(home).waiting == 3
    assert endpoint.bodies == []


def test_another_machine_is_told_by_https_alone(home: Home, run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLWATCH_LINEAGE_ENDPOINT", "http://catalogue.example/api/v1/lineage")
    with pytest.raises(AlertError, match="STILLWATCH_LINEAGE_ENDPOINT must be an https address") as refused:
        sending.send_waiting(home)
    assert "STILLWATCH_LINEAGE_ALLOW_HTTP=1" in str(refused.value)
    assert "catalogue.example" not in str(refused.value)


def test_nothing_is_sent_and_nothing_waits_without_an_endpoint(home: Home, run: Path) -> None:
    assert sending.send_waiting(home) == sending.Sent(told=0, refused=0, waiting=0, outcome=None)
    assert not (home.lineage / spool.SENT).exists()
