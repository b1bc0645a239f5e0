"""`stillwatch export`: the current release for other systems, and word of it to them.

Belongs here: arguments, what is printed and exit codes.
"""

from pathlib import Path

import click

from orchestration import run_log
from orchestration.options import home_at, home_option, json_option, print_json
from orchestration.runbook import Section, address


@click.command()
@home_option
@json_option
def export(home: Path | None, as_json: bool) -> None:
    """Export scores and the queue of the current release, with what changed since the export before.

    Writes a numbered folder under <home>/exports and tells the webhook that $STILLWATCH_RELEASE_WEBHOOK names. What was exported
    stays as it is; an export that the webhook did not take is told again. Exits with 1 where one still waits.

    \b
    Example:
      stillwatch export --home /data/stillwatch
    """
    from orchestration.exporting.announcing import announce
    from orchestration.exporting.export import export_release, exports_folder
    from orchestration.publishing.releases import current_release

    where = home_at(home)
    with run_log.recording(where):
        made, is_new = export_release(where, current_release(where.published))
        told = announce(where)
    folder = exports_folder(where) / made.folder_name
    if as_json:
        print_json(made.model_dump(mode="json") | {"folder": str(folder), "is_new": is_new, "webhook": told.model_dump()})
    elif is_new:
        since = (
            f"changes since {made.since_release_id}" if made.since_release_id else "nothing to compare with, so all rows are new"
        )
        click.echo(f"Exported {made.release_id} to {folder}; {since}.")
        for name, counts in made.tables.items():
            click.echo(
                f"  {name}: {counts.rows:,} rows, {counts.inserted:,} new, {counts.updated:,} changed, {counts.deleted:,} gone"
            )
    else:
        click.echo(f"Nothing new: {made.release_id} is export {made.sequence}, {folder}.")
    if told.waiting and not as_json:
        click.echo(f"{told.waiting} exports wait to be told: the receiver {told.outcome}. Runbook: {address(Section.EXPORT)}")
    elif told.told and not as_json:
        click.echo(f"Told the webhook of {told.told}.")
    if told.waiting:
        raise SystemExit(1)
