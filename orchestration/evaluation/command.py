"""The command `stillwatch evaluate`.

Belongs here: its arguments and what is printed; heavy imports wait until it runs.
"""

from pathlib import Path
from typing import Literal

import click

from orchestration import terminal
from orchestration.options import json_option, print_json


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder for one result per world.")
@click.option("--set", "set_name", type=click.Choice(["report", "tuning"]), default="report", show_default=True)
@click.option("--worlds", default="1-10", show_default=True, help="Which worlds of the set, such as 1-10 or 1,3,7-9.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Worlds at a time.")
@click.option("--docs", type=click.Path(dir_okay=False, path_type=Path), help="Write the page here instead of printing it.")
@click.option("--signals", type=click.Path(dir_okay=False, path_type=Path), help="Write what signals were worth here, as CSV.")
@click.option("--keep", is_flag=True, help="Keep the home of each world, under --out.")
@json_option
def evaluate(
    out: Path,
    set_name: Literal["report", "tuning"],
    worlds: str,
    jobs: int,
    docs: Path | None,
    signals: Path | None,
    keep: bool,
    as_json: bool,
) -> None:
    """Judge detection on simulated worlds of known truth, and write what was found as a page.

    A world whose result is in --out is not run again, even when code changed since: give each code a
    folder. A result of another version is computed anew. Choose thresholds on the set `tuning`, never on
    `report`. `make docs` puts the figures of --signals docs/reference/signal_measurements.csv into the
    coverage map.

    \b
    Example:
      stillwatch evaluate --out var/reliability --set report --worlds 1-10 --docs docs/reliability.md
    """
    from orchestration.catalogue.measurements import measurements_csv
    from orchestration.evaluation.measuring import measured_signals
    from orchestration.evaluation.run import EvaluationSettings
    from orchestration.evaluation.run import evaluate as run_evaluation
    from orchestration.evaluation.table import reliability_page
    from orchestration.evaluation.worlds import plan_worlds, world_numbers

    try:
        numbers = tuple(plan.number for plan in plan_worlds(set_name, world_numbers(worlds)))
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    terminal.start_progress()
    settings = EvaluationSettings(out=out, set_name=set_name, numbers=numbers, jobs=jobs, keep=keep)
    results = run_evaluation(settings, terminal.show_progress)
    page = reliability_page(results, f"stillwatch evaluate --out DIR --set {set_name} --worlds {worlds}")
    if docs is not None:
        docs.parent.mkdir(parents=True, exist_ok=True)
        docs.write_text(page, encoding="utf-8")
    if signals is not None:
        signals.parent.mkdir(parents=True, exist_ok=True)
        signals.write_text(measurements_csv(measured_signals(results)), encoding="utf-8")
    if as_json:
        print_json([result.model_dump(mode="json") for result in results])
    else:
        click.echo(page if docs is None else f"Wrote {docs}.")
