"""Posting to a receiver: what is tried again, what is not, and that no outcome names the address."""

import pytest
from pydantic import SecretStr

from orchestration.alerting.settings import Webhook
from orchestration.alerting.webhook import PAUSES, Outcome, post

from .conftest import Receiver


def _post(url: str, slept: list[float] | None = None, wait: float = 5.0) -> Outcome:
    webhook = Webhook(url=SecretStr(url), header_name="Authorization", header_value=SecretStr("Bearer of-secrets"))
    outcome = post(webhook, {"text": "told"}, [].append if slept is None else slept.append, (wait, wait))
    assert "secret" not in outcome.words
    return outcome


def test_a_body_arrives_with_its_header_whatever_a_netrc_says(
    receiver: Receiver, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path_factory.mktemp("netrc") / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert _post(receiver.url) == Outcome(delivered=True, words="answered 200")
    assert receiver.bodies == [{"text": "told"}]
    assert receiver.headers[0]["Authorization"] == "Bearer of-secrets"
    assert receiver.headers[0]["Content-Type"] == "application/json"


def test_what_may_pass_is_tried_again_after_a_pause(receiver: Receiver) -> None:
    receiver.answers = [500, 429]
    slept: list[float] = []
    assert _post(receiver.url, slept).delivered
    assert slept == list(PAUSES)
    assert len(receiver.bodies) == 3


def test_a_receiver_that_stays_ill_is_left_after_three_tries(receiver: Receiver) -> None:
    receiver.answers = [503] * 9
    assert _post(receiver.url) == Outcome(delivered=False, words="answered 503", is_reachable=False)
    assert len(receiver.bodies) == 3


def test_a_refusal_is_not_tried_again(receiver: Receiver) -> None:
    receiver.answers = [403]
    assert _post(receiver.url) == Outcome(delivered=False, words="answered 403")
    assert len(receiver.bodies) == 1


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(receiver: Receiver, code: int) -> None:
    receiver.answers = [code]
    assert _post(receiver.url) == Outcome(delivered=False, words=f"answered {code}, and redirects are not followed")
    assert receiver.paths == ["/hook/secret-path"]


def test_a_receiver_that_does_not_answer_is_not_waited_for(receiver: Receiver) -> None:
    receiver.answers = [0, 0, 0]
    assert _post(receiver.url, wait=0.05) == Outcome(delivered=False, words="no answer in time", is_reachable=False)


def test_nobody_there_is_an_outcome(receiver: Receiver) -> None:
    receiver.server.server_close()
    outcome = _post(receiver.url)
    assert (outcome.delivered, outcome.is_reachable) == (False, False)
    assert outcome.words.startswith("not reached")


def test_an_address_that_is_none_is_an_outcome() -> None:
    assert not _post("http://secret host/%").delivered
