"""The command `stillwatch prove`.

Belongs here: its arguments and what is printed; heavy imports wait until it runs.
"""

from pathlib import Path

import click

from orchestration import terminal


@click.command()
@click.option("--tables", type=click.IntRange(20), default=500, show_default=True, help="Simulated case tables a trial.")
@click.option("--seed", type=click.IntRange(0), default=20261128, show_default=True, help="Where the tables are drawn from.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Trials at a time.")
@click.option("--docs", type=click.Path(dir_okay=False, path_type=Path), help="Write the page here instead of printing it.")
def prove(tables: int, seed: int, jobs: int, docs: Path | None) -> None:
    """Run every estimator on simulated case tables of known truth and say how often its interval held it.

    Exits with an error when an interval holds the truth less often than it claims, after the page was written.

    \b
    Example:
      stillwatch prove --jobs 2 --docs docs/estimators.md
    """
    from orchestration.proving.page import estimators_page
    from orchestration.proving.run import CoverageError, prove_all

    terminal.start_progress()
    proven = prove_all(tables, seed, jobs, terminal.show_progress)
    page = estimators_page(proven, f"stillwatch prove --tables {tables} --seed {seed}", seed)
    if docs is None:
        click.echo(page)
    else:
        docs.parent.mkdir(parents=True, exist_ok=True)
        docs.write_text(page, encoding="utf-8")
        click.echo(f"Wrote {docs}.")
    failing = [one.trial.name for one in proven if not one.trial.is_limit and not one.ours.reaches_nominal]
    if failing:
        raise CoverageError(
            f"every interval must hold the truth as often as it claims; {len(failing)} of {len(proven)} did not: "
            f"{', '.join(failing)}. The page shows by how much; mend the estimator, do not choose another seed."
        )
