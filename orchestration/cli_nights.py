"""The commands that compute nights: `stillwatch nightly` and `stillwatch backfill`.

Belongs here: arguments, which nights they mean, and what is printed. The gates' process begins first, since importing what it
needs takes as long as importing the rest of a night.
"""

from concurrent.futures import Executor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration import terminal
from orchestration.night.aside import aside, collect_rarely
from orchestration.options import DAY, home_at, home_option, json_option, landing_option, print_json
from orchestration.settings import Home

if TYPE_CHECKING:
    from orchestration.publishing.release import Published


@click.command()
@landing_option
@home_option
@click.option("--date", "as_of", type=DAY, required=True, help="As-of date of the night, YYYY-MM-DD.")
@click.option("--reason", help="Why a published night is computed again; kept in the superseding release.")
@json_option
def nightly(landing: Path | None, home: Path | None, as_of: date, reason: str | None, as_json: bool) -> None:
    """Run one night: take in what arrived, score, choose the queue, gate and publish.

    \b
    Example:
      stillwatch nightly --landing /data/landing --home /data/stillwatch --date 2026-03-29
    """
    where = home_at(home)
    with aside() as process:
        last = _last_as_of(where)
        if last and as_of < last:
            raise click.UsageError(
                f"{as_of} is before the last as-of date {last}; use `stillwatch backfill --from {as_of} --to {last}` to compute "
                "past nights again"
            )
        published = _run(where, landing, as_of, as_of, reason, process)
    _say_published(published, as_json)


@click.command()
@landing_option
@home_option
@click.option("--from", "as_of_from", type=DAY, required=True, help="First as-of date, YYYY-MM-DD.")
@click.option("--to", "as_of_to", type=DAY, required=True, help="Last as-of date, YYYY-MM-DD.")
@click.option("--reason", help="Why published nights are computed again; kept in the superseding release.")
@json_option
def backfill(
    landing: Path | None, home: Path | None, as_of_from: date, as_of_to: date, reason: str | None, as_json: bool
) -> None:
    """Compute a range of nights in as few passes as possible and publish once.

    Gives the same rows as the nights one by one. A range that ends before the last night goes on to it.
    """
    if as_of_to < as_of_from:
        raise click.UsageError(f"--to {as_of_to} is before --from {as_of_from}; give the earlier date as --from")
    where = home_at(home)
    with aside() as process:
        last = _last_as_of(where)
        published = _run(where, landing, as_of_from, max(as_of_to, last) if last else as_of_to, reason, process)
    _say_published(published, as_json)


def _last_as_of(where: Home) -> date | None:
    from orchestration.publishing.releases import published_history

    return max(published_history(where.published).as_of_dates, default=None)


def _run(where: Home, landing: Path | None, first: date, last: date, reason: str | None, process: Executor) -> "Published":
    terminal.start_quiet_progress()
    collect_rarely()
    from orchestration.night.running import run_nights

    return run_nights(where, landing or where.landing, first, last, reason, aside=process)


def _say_published(published: "Published", as_json: bool) -> None:
    if as_json:
        print_json(published.model_dump(mode="json"))
    elif published.is_new:
        click.echo(f"Published {published.release_id} in {published.folder}.")
    else:
        click.echo(f"Nothing new: {published.release_id} already holds this content.")
