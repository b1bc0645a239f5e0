"""What a catalogue needs: `stillwatch catalog`, dbt's documentation as one page, and `stillwatch lineage`, the events of runs.

Belongs here: arguments, what is printed and exit codes.
"""

from pathlib import Path

import click

from orchestration import run_log
from orchestration.options import home_at, home_option, json_option, print_json
from orchestration.runbook import Section, address


@click.command()
@home_option
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder to write to.  [default: <home>/catalog]")
@json_option
def catalog(home: Path | None, out: Path | None, as_json: bool) -> None:
    """Write dbt's documentation of every model, column, test and reader, with the lineage graph, as one page.

    It is read from the working warehouse after a night, and waits for none: while a run holds the home it exits with 1.

    \b
    Example:
      stillwatch catalog --home /data/stillwatch --out /srv/catalog
    """
    from orchestration.lineage.page import write_page

    where = home_at(home)
    with run_log.recording(where):
        page = write_page(where, out or where.root / "catalog")
    if as_json:
        print_json({"catalog": str(page)})
    else:
        click.echo(f"{page}\nOpen it in a browser: file://{page}")


@click.command()
@home_option
@click.option("--send", is_flag=True, help="Send what waits to the endpoint.")
@json_option
def lineage(home: Path | None, send: bool, as_json: bool) -> None:
    """Say which runs have their lineage recorded, and what waits to be sent; with --send, send it.

    Runs are recorded where $STILLWATCH_LINEAGE is `file` or $STILLWATCH_LINEAGE_ENDPOINT names a receiver. Exits with 1 where
    events still wait after --send.

    \b
    Example:
      stillwatch lineage --send
    """
    from orchestration.alerting.settings import operation_settings, webhook_of
    from orchestration.lineage.sending import send_waiting
    from orchestration.lineage.spool import run_files, waiting

    where = home_at(home)
    has_receiver = webhook_of(operation_settings(), where, "lineage") is not None
    sent = send_waiting(where) if send else None
    left = len(waiting(where)) if has_receiver else 0
    runs = run_files(where)
    if as_json:
        about = {"runs": [str(path) for path in runs], "waiting": left, "sent": sent.model_dump() if sent else None}
        print_json(about)
    else:
        click.echo(f"{len(runs)} runs are recorded, the last in {runs[-1]}." if runs else "No run is recorded.")
        if sent:
            click.echo(f"Sent {sent.told} events, {sent.refused} were refused.")
        stand = f"{left} events wait" + (f": the receiver {sent.outcome}" if sent and left else "")
        click.echo(f"{stand if left else 'nothing waits' if has_receiver else 'no receiver is configured'}.")
    if sent and left:
        if not as_json:
            click.echo(f"Runbook: {address(Section.LINEAGE)}")
        raise SystemExit(1)
