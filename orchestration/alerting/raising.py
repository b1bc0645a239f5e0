"""Raising alerts: written down once, sent, and tried again by the next command where they did not arrive.

Belongs here: what is new, what waits, and that none of it ever makes a night fail.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from filelock import FileLock

from expectations.report import GateReport
from orchestration import run_log
from orchestration.alerting.alert import Alert
from orchestration.alerting.causes import ended_in_error, failed_gate, trial
from orchestration.alerting.log import Attempted, Raised, Standing, append, standings
from orchestration.alerting.settings import AlertError, Webhook, operation_settings, webhook_of
from orchestration.alerting.webhook import Outcome, post
from orchestration.settings import Home

Post = Callable[[Webhook, Mapping[str, object]], Outcome]
_LOCK_SECONDS = 60.0


def raise_alerts(home: Home, alerts: Sequence[Alert] = (), *, now: datetime | None = None, send: Post = post) -> None:
    """Write down the alerts that are new, and send them and those that wait. Nothing is raised: a failure is logged.

    Where the home cannot be written, as on a full disk, they are sent all the same, unremembered.
    """
    at = now or datetime.now(tz=UTC)
    try:
        if alerts or home.alerts.exists():
            _keep_and_send(home, alerts, at, send)
    except OSError as error:
        run_log.warn(f"alerts could not be written down: {type(error).__name__}")
        _send_unremembered(home, alerts, at, send)
    except Exception as error:  # an alert is never worth a night
        run_log.warn(f"alerts failed: {type(error).__name__}")


def raise_failure(
    home: Home, as_of: date, run_id: str | None, error: BaseException, gates: Sequence[GateReport] = (), *, send: Post = post
) -> None:
    """Raise the alert of a night that failed: of the gate that stopped it where one did, else of the error."""
    try:
        failed = next((report for report in gates if not report.success), None)
        alert = failed_gate(home, failed, run_id) if failed else ended_in_error(home, as_of, run_id, error)
    except Exception as fault:  # an alert is never worth a night
        run_log.warn(f"an alert could not be worded: {type(fault).__name__}")
        return
    raise_alerts(home, [alert], send=send)


def send_trial(home: Home, *, send: Post = post) -> Outcome:
    """Send a trial message and write down what came of it; AlertError when there is no webhook that may be used."""
    webhook = webhook_of(operation_settings(), home)
    if webhook is None:
        raise AlertError("a trial needs a webhook and STILLWATCH_ALERT_WEBHOOK names none: set it to the receiver's address")
    at = datetime.now(tz=UTC)
    raised = Raised(at=at, id=uuid4().hex, alert=trial(home), to_send=False)
    append(home, raised)
    outcome = send(webhook, raised.alert.body(at))
    append(home, Attempted(at=at, id=raised.id, delivered=outcome.delivered, outcome=outcome.words))
    return outcome


def _keep_and_send(home: Home, alerts: Sequence[Alert], at: datetime, send: Post) -> None:
    with FileLock(home.root / "alerts.lock", timeout=_LOCK_SECONDS):
        webhook, fault, hours = _configured(home)
        since = at - timedelta(hours=hours)
        recent = {standing.raised.alert.key for standing in standings(home) if standing.raised.at > since}
        for alert in alerts:
            if alert.key not in recent:
                append(home, Raised(at=at, id=uuid4().hex, alert=alert, to_send=bool(webhook or fault)))
                recent.add(alert.key)
        waiting = [standing for standing in standings(home) if standing.state(at) == "waiting"]
        if waiting and fault:
            run_log.warn(f"{len(waiting)} alerts wait: {fault}")
        elif waiting and webhook:
            _send(home, waiting, webhook, at, send)


def _configured(home: Home) -> tuple[Webhook | None, str, int]:
    """Return the webhook, or in words why it cannot be used, and for how many hours an alert is not repeated."""
    try:
        settings = operation_settings()
    except AlertError as error:
        return None, str(error), 24
    try:
        return webhook_of(settings, home), "", settings.alert_repeat_hours
    except AlertError as error:
        return None, str(error), settings.alert_repeat_hours


def _send(home: Home, waiting: Sequence[Standing], webhook: Webhook, at: datetime, send: Post) -> None:
    for standing in waiting:
        outcome = send(webhook, standing.raised.alert.body(standing.raised.at))
        append(home, Attempted(at=at, id=standing.raised.id, delivered=outcome.delivered, outcome=outcome.words))
        if not outcome.delivered:
            run_log.warn(f"alert {standing.raised.alert.kind} was not delivered: {outcome.words}")
        if not outcome.is_reachable:
            return


def _send_unremembered(home: Home, alerts: Sequence[Alert], at: datetime, send: Post) -> None:
    try:
        webhook, _, _ = _configured(home)
        if webhook:
            for alert in alerts:
                send(webhook, alert.body(at))
    except Exception as error:  # see above
        run_log.warn(f"alerts failed: {type(error).__name__}")
