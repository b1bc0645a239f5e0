"""The commands about alerts: `stillwatch alerts`, `alerts check` and `alerts test`.

Belongs here: arguments, what is printed and exit codes.
"""

from datetime import UTC, date, datetime
from pathlib import Path

import click

from orchestration import run_log, terminal
from orchestration.options import DAY, home_at, home_option, json_option, print_json
from orchestration.runbook import Section, address


@click.group(invoke_without_command=True)
@home_option
@json_option
@click.pass_context
def alerts(context: click.Context, home: Path | None, as_json: bool) -> None:
    """Alerts that were raised and what became of each, newest last.

    They go to the webhook that $STILLWATCH_ALERT_WEBHOOK names; without one they are kept in <home>/alerts.jsonl alone.
    """
    if context.invoked_subcommand:
        return
    from orchestration.alerting.log import standings

    now = datetime.now(tz=UTC)
    listed = [
        {
            "raised_at": standing.raised.at.isoformat(timespec="seconds"),
            "state": standing.state(now),
            "kind": str(standing.raised.alert.kind),
            "night": standing.raised.alert.as_of_date,
            "message": standing.raised.alert.message,
            "last_attempt": standing.attempts[-1].outcome if standing.attempts else None,
            "run_id": standing.raised.alert.run_id,
        }
        for standing in standings(home_at(home))
    ]
    if as_json:
        print_json(listed)
    elif not listed:
        click.echo("No alert was raised yet.")
    else:
        terminal.print_alerts(listed)


@alerts.command()
@click.option(
    "--date", "expected", type=DAY, help="Night expected by now.  [default: yesterday UTC, the day before until the due hour]"
)
@home_option
@json_option
def check(expected: date | None, home: Path | None, as_json: bool) -> None:
    """Alert when a night that is due was not published, and send alerts that wait; for a timer, some hours after the night.

    Exits with 1 where a night was missed or an alert still waits.

    \b
    Example, in a crontab:
      0 7 * * * stillwatch alerts check --home /data/stillwatch
    """
    from orchestration.alerting.causes import missed_nights
    from orchestration.alerting.log import standings
    from orchestration.alerting.raising import raise_alerts
    from orchestration.alerting.settings import operation_settings
    from orchestration.night.expected import night_due, nights_of

    where = home_at(home)
    with run_log.recording(where):
        now = datetime.now(tz=UTC)
        nights = nights_of(where, expected or night_due(now, operation_settings().night_due_hour))
        raise_alerts(where, [missed_nights(where, nights)] if nights.missed else [], now=now)
        waiting = sum(standing.state(now) == "waiting" for standing in standings(where))
    if as_json:
        print_json(nights.model_dump(mode="json") | {"alerts_waiting": waiting})
    else:
        click.echo(f"{nights.words} Runbook: {address(Section.MISSED_NIGHT)}" if nights.missed else nights.words)
        if waiting:
            click.echo(f"{waiting} alerts wait to be delivered. Runbook: {address(Section.ALERTS)}")
    if nights.missed or waiting:
        raise SystemExit(1)


@alerts.command()
@home_option
@json_option
def test(home: Path | None, as_json: bool) -> None:
    """Send a trial message to the webhook; exits with 1 where it did not arrive."""
    from orchestration.alerting.raising import send_trial

    where = home_at(home)
    with run_log.recording(where):
        outcome = send_trial(where)
    if as_json:
        print_json(outcome.model_dump(mode="json"))
    elif outcome.delivered:
        click.echo(f"The trial message arrived: the receiver {outcome.words}.")
    else:
        click.echo(f"The trial message did not arrive: {outcome.words}. Runbook: {address(Section.ALERTS)}")
    if not outcome.delivered:
        raise SystemExit(1)
