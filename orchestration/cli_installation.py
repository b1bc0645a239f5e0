"""The commands about an installation: `stillwatch doctor`, `serve` and `retain`.

Belongs here: arguments, what is printed and the exit code.
"""

import os
from pathlib import Path

import click

from orchestration import run_log, terminal
from orchestration.options import home_at, home_option, json_option, landing_option, print_json


@click.command()
@click.option(
    "--landing",
    type=click.Path(file_okay=False, path_type=Path),
    help="Say instead which signals this landing folder can compute, before its first night.",
)
@home_option
@json_option
def doctor(landing: Path | None, home: Path | None, as_json: bool) -> None:
    """Say in one screen how this installation is; exits with 1 where something must be done.

    \b
    Example, before the first night:
      stillwatch doctor --landing var/demo/landing
    """
    if landing is not None:
        _doctor_of_landing(landing, as_json)
        return
    from orchestration.doctor import examine

    checks = examine(home_at(home))
    if as_json:
        print_json([check.model_dump(mode="json") for check in checks])
    else:
        terminal.print_checks(checks)
    if any(check.state == "fault" for check in checks):
        raise SystemExit(1)


def _doctor_of_landing(landing: Path, as_json: bool) -> None:
    from orchestration.coverage.landing import look_ahead
    from orchestration.coverage.wording import landing_words

    found = look_ahead(landing)
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        terminal.print_wrapped(landing_words(found))
    if found.missing_tables:
        raise SystemExit(1)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=3000, show_default=True)
@click.option("--open-to-network", is_flag=True, help="Let other machines reach it; it has no login.")
@landing_option
@home_option
def serve(host: str, port: int, open_to_network: bool, landing: Path | None, home: Path | None) -> None:
    """Serve Dagster's pages on the home, to this machine alone."""
    from orchestration.serving import server_command, server_environment

    where = home_at(home)
    command = server_command(host, port, open_to_network=open_to_network)
    os.execve(command[0], command, server_environment(where, landing or where.landing))


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would be dropped, and drop nothing.")
@home_option
@json_option
def retain(dry_run: bool, home: Path | None, as_json: bool) -> None:
    """Drop from the working warehouse what is older than its class allows; releases are not touched.

    Usage that names a person, device, network or content goes after 200 days, but for accounts that a case rests on.
    """
    from orchestration.night.retaining import retain as drop

    where = home_at(home)
    with run_log.recording(where):
        done = drop(where, dry_run=dry_run)
    if as_json:
        print_json(done.dropped)
    elif done.as_of is None:
        click.echo("No night was finished yet: nothing to drop.")
    else:
        verb = "Would drop" if dry_run else "Dropped"
        click.echo(f"{verb} {sum(done.dropped.values()):,} rows of usage from {len(done.dropped)} tables, as of {done.as_of}.")
