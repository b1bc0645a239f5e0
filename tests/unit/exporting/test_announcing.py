"""A receiver is told of each export in order and at least once, and no failure of it reaches a night."""

from typing import Any

import pytest

from orchestration.alerting.log import standings
from orchestration.exporting import handing_on
from orchestration.exporting.announcing import ANNOUNCED, announce, untold
from orchestration.exporting.export import export_release, exports_folder
from orchestration.publishing.releases import current_release
from orchestration.settings import Home
from tests.unit.alerting.conftest import Receiver

from .releases import publish, release_id, score


@pytest.fixture
def webhook(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Receiver:
    monkeypatch.setenv("STILLWATCH_RELEASE_WEBHOOK", receiver.url)
    monkeypatch.setattr("orchestration.alerting.webhook.PAUSES", ())
    return receiver


def export_night(home: Home, number: int, **values: Any) -> None:
    publish(home, number, [score("account_of_somebody", **values)])
    export_release(home, current_release(home.published))


def test_each_export_is_told_once_and_names_no_account(home: Home, webhook: Receiver) -> None:
    export_night(home, 1)
    assert announce(home).told == 1
    assert announce(home).told == 0
    export_night(home, 2, log_odds=1)
    assert announce(home).told == 1
    assert [body["event_id"] for body in webhook.bodies] == [f"home/00000{n}-{release_id(n)}" for n in (1, 2)]
    last = webhook.bodies[-1]
    assert (last["version"], last["event"], last["since_release_id"]) == (1, "release_exported", release_id(1))
    assert last["folder"] == f"exports/v1/000002-{release_id(2)}"
    assert last["tables"]["scores"] == {"rows": 1, "inserted": 0, "updated": 1, "deleted": 0}
    assert "scores 1 rows (0 new, 1 changed, 0 gone)" in last["text"]
    assert "account_of_somebody" not in str(webhook.bodies)


def test_what_does_not_arrive_waits_in_order_with_what_comes_after_it(home: Home, webhook: Receiver) -> None:
    export_night(home, 1)
    announce(home)
    webhook.answers = [503, 400]
    for number in (2, 3):
        export_night(home, number)
        assert announce(home).told == 0
    assert [export.sequence for export in untold(home)] == [2, 3]
    told = announce(home)
    assert (told.told, told.waiting) == (2, 0)
    assert [body["sequence"] for body in webhook.bodies] == [1, 2, 2, 2, 3]


def test_a_crash_after_the_answer_tells_it_again_under_the_same_id(home: Home, webhook: Receiver) -> None:
    export_night(home, 1)
    announce(home)
    export_night(home, 2)
    before = (exports_folder(home) / ANNOUNCED).read_bytes()
    announce(home)
    (exports_folder(home) / ANNOUNCED).write_bytes(before)
    announce(home)
    assert [body["event_id"][:11] for body in webhook.bodies] == ["home/000001", "home/000002", "home/000002"]


def test_a_new_receiver_is_told_of_the_newest_alone(home: Home, webhook: Receiver) -> None:
    for number in (1, 2, 3):
        export_night(home, number)
    announce(home)
    assert [body["sequence"] for body in webhook.bodies] == [3]


def test_nobody_is_told_and_nothing_waits_without_a_webhook(home: Home) -> None:
    export_night(home, 1)
    assert announce(home).outcome is None
    assert not (exports_folder(home) / ANNOUNCED).exists()


def test_a_night_hands_on_where_it_is_asked_to(home: Home, webhook: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(home, 1, [score("a1")])
    assert handing_on.asked_for()
    counts = handing_on.hand_on(home, current_release(home.published))
    assert counts == {"exported": True, "export": f"000001-{release_id(1)}", "told": 1, "waiting": 0}
    monkeypatch.delenv("STILLWATCH_RELEASE_WEBHOOK")
    assert not handing_on.asked_for()
    monkeypatch.setenv("STILLWATCH_EXPORT_NIGHTS", "1")
    assert handing_on.asked_for()


def test_a_receiver_that_refuses_is_alerted_and_fails_no_night(home: Home, webhook: Receiver) -> None:
    publish(home, 1, [score("a1")])
    webhook.answers = [403]
    assert handing_on.hand_on(home, current_release(home.published))["waiting"] == 1
    [raised] = [standing.raised.alert for standing in standings(home)]
    assert raised.kind == "export_failed"
    assert raised.message == "The release of 2026-03-01 is published and was not handed on: the receiver answered 403."


def test_an_export_that_cannot_be_written_is_alerted_and_fails_no_night(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(home, 1, [score("a1")])
    home.exports.write_text("in the way")
    assert handing_on.hand_on(home, current_release(home.published)) == {"exported": False}
    monkeypatch.setenv("STILLWATCH_RELEASE_WEBHOOK", "http://elsewhere.example/secret")
    home.exports.unlink()
    assert handing_on.hand_on(home, current_release(home.published)) == {"exported": False}
    messages = [standing.raised.alert.message for standing in standings(home)]
    assert messages[0].endswith("handed on: NotADirectoryError.") or messages[0].endswith("handed on: FileExistsError.")
    assert "secret" not in str(messages)
