"""Sending one body to the webhook: a few tries, each of a few seconds, and an outcome in words that hold no address.

Belongs here: HTTP. Redirects are refused, or a receiver could send an alert and its header elsewhere.
"""

import json
import time
from collections.abc import Callable, Mapping

import requests
from pydantic import BaseModel, ConfigDict

from orchestration.alerting.settings import Webhook

TIMEOUT = (3.0, 5.0)
"""Seconds to connect, and to wait for the answer."""
PAUSES = (1.0, 4.0)
"""Seconds before the second and the third try."""
_MAY_PASS = {408, 425, 429, *range(500, 600)}
_REFUSES_THE_BODY = {400, 413, 422}

Sleep = Callable[[float], None]


class Outcome(BaseModel):
    """What came of it. Not `is_reachable`: the next body would fare no better; `is_refused`: this one never would."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    delivered: bool
    words: str
    is_reachable: bool = True
    is_refused: bool = False


def post(
    webhook: Webhook,
    body: Mapping[str, object],
    sleep: Sleep = time.sleep,
    timeout: tuple[float, float] = TIMEOUT,
    session: requests.Session | None = None,
) -> Outcome:
    """Send a body, trying again after what may pass; the outcome of the last try is returned, no error is raised.

    Whoever sends many gives the session, which keeps the connection.
    """
    if session is None:
        with requests.Session() as once:
            return post(webhook, body, sleep, timeout, once)
    outcome = _try(session, webhook, body, timeout)
    for pause in PAUSES:
        if outcome.is_reachable:
            return outcome
        sleep(pause)
        outcome = _try(session, webhook, body, timeout)
    return outcome


def _try(session: requests.Session, webhook: Webhook, body: Mapping[str, object], timeout: tuple[float, float]) -> Outcome:
    headers = {"Content-Type": "application/json"}
    if webhook.header_name and webhook.header_value:
        headers[webhook.header_name] = webhook.header_value.get_secret_value()
    try:
        session.trust_env = not webhook.is_local  # a proxy is for other machines
        with session.post(
            webhook.url.get_secret_value(),
            data=json.dumps(body).encode(),
            headers=headers,
            timeout=timeout,
            allow_redirects=False,
            stream=True,  # the answer's text is of no interest
            auth=lambda request: request,  # else a .netrc would replace the header
        ) as answer:
            code, is_ok = answer.status_code, answer.ok
            if answer.raw.length_remaining == 0:
                answer.raw.read()  # nothing is left to wait for, and the connection can serve the next body
    except requests.Timeout:
        return Outcome(delivered=False, words="no answer in time", is_reachable=False)
    except (requests.RequestException, ValueError, OSError) as error:
        # its words hold the address
        return Outcome(delivered=False, words=f"not reached ({type(error).__name__})", is_reachable=False)
    if is_ok and not 300 <= code < 400:
        return Outcome(delivered=True, words=f"answered {code}")
    if 300 <= code < 400:
        return Outcome(delivered=False, words=f"answered {code}, and redirects are not followed")
    return Outcome(
        delivered=False,
        words=f"answered {code}",
        is_reachable=code not in _MAY_PASS,
        is_refused=code in _REFUSES_THE_BODY,
    )
