"""The commands about rule sets: `stillwatch backtest` and `stillwatch calibrate`.

Belongs here: arguments and what is printed. Neither changes a weight, a queue or a release.
"""

from datetime import date
from pathlib import Path

import click

from orchestration import terminal
from orchestration.options import DAY, home_at, home_option, json_option, print_json


@click.command()
@click.option(
    "--challenger",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder with the rows and columns of signal_settings.csv, signal_families.csv, score_priors.csv that differ, or a "
    "score_calibration.csv.",
)
@click.option("--from", "as_of_from", type=DAY, required=True, help="First as-of date, YYYY-MM-DD.")
@click.option("--to", "as_of_to", type=DAY, required=True, help="Last as-of date, YYYY-MM-DD.")
@home_option
@json_option
def backtest(challenger: Path, as_of_from: date, as_of_to: date, home: Path | None, as_json: bool) -> None:
    """Score past nights with a challenging rule set beside the champion and print what would change.

    Works on a copy, point in time: each night reads only what had arrived by its end. Nothing is published and no weight is
    changed.

    \b
    Example:
      mkdir lower && printf 'family,cap\\nnetwork,1.0\\n' > lower/signal_families.csv
      stillwatch backtest --challenger lower --from 2026-03-28 --to 2026-04-07
    """
    if as_of_to < as_of_from:
        raise click.UsageError(f"--to {as_of_to} is before --from {as_of_from}; give the earlier date as --from")
    terminal.start_quiet_progress()
    from orchestration.backtesting.running import backtest as run_backtest
    from orchestration.backtesting.wording import print_backtest

    found = run_backtest(home_at(home), challenger, as_of_from, as_of_to, terminal.show_progress)
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        print_backtest(found)


@click.command()
@click.option("--from", "drawn_from", type=DAY, help="First night whose leads count.  [default: the first published]")
@click.option("--to", "drawn_to", type=DAY, help="Last night whose leads count.  [default: the release's]")
@click.option("--write", "folder", type=click.Path(file_okay=False, path_type=Path), help="Write score_calibration.csv there.")
@home_option
@json_option
def calibrate(drawn_from: date | None, drawn_to: date | None, folder: Path | None, home: Path | None, as_json: bool) -> None:
    """Compare scores with review verdicts and recommend a calibration that a person may adopt.

    \b
    Example:
      stillwatch calibrate --write recommended
      stillwatch backtest --challenger recommended --from 2026-03-28 --to 2026-04-07
    """
    from orchestration.calibrating.running import calibrate as run_calibration
    from orchestration.calibrating.running import write_recommendation
    from orchestration.calibrating.wording import print_calibration
    from orchestration.publishing.releases import current_release

    found = run_calibration(current_release(home_at(home).published), drawn_from, drawn_to)
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        print_calibration(found)
    if folder:
        path = write_recommendation(found, folder)
        click.echo(f"Wrote {path}. To adopt it, add its rows to seeds/signals/score_calibration.csv with a reason.", err=as_json)
