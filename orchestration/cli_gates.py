"""The commands about the gates: `stillwatch gate show`, `gate override` and `gate overrides`.

Belongs here: arguments and what is printed.
"""

from datetime import date
from pathlib import Path

import click

from orchestration import terminal
from orchestration.options import DAY, home_at, home_option, json_option, print_json


@click.group()
def gate() -> None:
    """The two gates of a night: what they found, and leave to let a limit be broken."""


@gate.command()
@home_option
@json_option
def show(home: Path | None, as_json: bool) -> None:
    """Show what the gates of the last run found, whether it was published or not."""
    from expectations.report import GateReport

    where = home_at(home)
    paths = [where.gate_report(name) for name in ("sources", "marts")]
    reports = [GateReport.model_validate_json(path.read_text(encoding="utf-8")) for path in paths if path.exists()]
    if as_json:
        print_json([report.model_dump(mode="json", exclude={"profiles"}) for report in reports])
    elif not reports:
        click.echo(f"No gate was run in {where.root} yet: run `stillwatch nightly` or `stillwatch backfill` first.")
    for report in reports if not as_json else ():
        click.echo(report.message())


@gate.command()
@click.argument("table")
@click.argument("limit")
@click.option("--night", "first_night", type=DAY, required=True, help="First as-of date it is for, YYYY-MM-DD.")
@click.option("--until", "last_night", type=DAY, help="Last as-of date it is for.  [default: the one night]")
@click.option("--by", required=True, help="Who gives it.")
@click.option(
    "--reason", required=True, help="Why; it stands in the manifest and on the gates' page of every release it touches."
)
@home_option
@json_option
def override(
    table: str,
    limit: str,
    first_night: date,
    last_night: date | None,
    by: str,
    reason: str,
    home: Path | None,
    as_json: bool,
) -> None:
    """Let LIMIT of TABLE be broken on some nights; it is logged and ends by itself.

    Limits are of change only (volume, units, clock, day over day, a usage report). Nothing else can be overridden.

    \b
    Example:
      stillwatch gate override usage_requests volume --night 2026-03-29 --by "data lead" --reason "public holiday"
    """
    from expectations.overrides import OverrideError, add_override, limits
    from expectations.report import Override

    where = home_at(home)
    given = Override(
        gate=limits().get((table, limit), "sources"),
        table=table,
        limit=limit,
        first_night=first_night,
        last_night=last_night or first_night,
        by=by,
        reason=reason,
    )
    try:
        add_override(where.gate_overrides, given)
    except OverrideError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        print_json(given.model_dump(mode="json"))
    else:
        click.echo(f"{table} {limit} may be broken from {given.first_night} to {given.last_night}; run the night again.")


@gate.command()
@home_option
@json_option
def overrides(home: Path | None, as_json: bool) -> None:
    """List every override that was given, oldest first."""
    from expectations.overrides import read_overrides

    listed = [given.model_dump(mode="json") for given in read_overrides(home_at(home).gate_overrides)]
    if as_json:
        print_json(listed)
    else:
        terminal.print_table(listed)
