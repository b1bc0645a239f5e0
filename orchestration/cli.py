"""The `stillwatch` command.

Belongs here: arguments, what is printed and exit codes (0 done, 1 internal or locked, 2 usage, 3 a gate failed and nothing
was published). The work is done elsewhere; heavy imports wait until a command needs them.
"""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration import (
    cli_alerts,
    cli_catalog,
    cli_exports,
    cli_framework,
    cli_gates,
    cli_ids,
    cli_installation,
    cli_landing,
    cli_nights,
    cli_operations,
    cli_packages,
    cli_reviews,
    cli_rule_sets,
    terminal,
)
from orchestration.evaluation.command import evaluate
from orchestration.exits import run_command
from orchestration.options import DAY, home_at, home_option, json_option, print_json
from orchestration.proving.command import prove
from orchestration.silence import silence_libraries

if TYPE_CHECKING:
    from orchestration.publishing.answering import AnswerFormat


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="stillwatch")
def cli() -> None:
    """Find, act on and measure the abuse of a frontier model by actors who harvest it.

    \b
    A first look, from nothing:
      stillwatch simulate --start 2026-03-01 --days 28
      stillwatch backfill --from 2026-03-01 --to 2026-03-28
      stillwatch leads
    """


@cli.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Landing folder.  [default: <home>/landing]")
@click.option("--truth", type=click.Path(file_okay=False, path_type=Path), help="Ground truth.  [default: <out>/../truth]")
@click.option("--start", type=DAY, required=True, help="First day, YYYY-MM-DD.")
@click.option("--days", type=click.IntRange(1), default=28, show_default=True)
@click.option("--accounts", type=click.IntRange(50), default=3000, show_default=True)
@click.option("--requests", type=click.IntRange(100), default=60000, show_default=True, help="Requests a day, in all.")
@click.option("--seed", type=int, default=7, show_default=True)
@click.option("--react", is_flag=True, help="Read the current release's queue; reviews, actions and later usage react to it.")
@home_option
@json_option
def simulate(
    out: Path | None,
    truth: Path | None,
    start: date,
    days: int,
    accounts: int,
    requests: int,
    seed: int,
    react: bool,
    home: Path | None,
    as_json: bool,
) -> None:
    """Write a synthetic provider's landing tables, the same for the same seed.

    \b
    Example:
      stillwatch simulate --start 2026-03-29 --days 1 --react
    """
    from simulator import SimulatorSettings
    from simulator import simulate as run_simulator

    where = home_at(home)
    landing = out or where.landing
    terminal.start_quiet_progress()
    summary = run_simulator(
        SimulatorSettings(
            out=landing,
            truth=truth or landing.parent / "truth",
            start=start,
            days=days,
            accounts=accounts,
            requests=requests,
            seed=seed,
            react_to=where.current if react else None,
        ),
        terminal.show_progress,
    )
    if as_json:
        print_json(summary.model_dump(mode="json"))
    else:
        click.echo(f"Wrote {days} days from {start} to {landing}.")


@cli.command()
@home_option
@click.option("--limit", type=click.IntRange(1), default=None, help="Show only the first leads.")
@click.option("--ids", is_flag=True, help="Print lead ids alone, one a line, for a script.")
@json_option
def leads(home: Path | None, limit: int | None, ids: bool, as_json: bool) -> None:
    """Show tonight's review queue as notes: who, why, what speaks against, how sure, what else it could be."""
    from orchestration.publishing.notes import lead_notes
    from orchestration.publishing.reading import leads as read_leads

    release = _current(home)
    if ids and not as_json:
        click.echo("\n".join(lead["lead_id"] for lead in read_leads(release)[:limit]))
        return
    notes = lead_notes(release)[:limit]
    if as_json:
        found = {lead["lead_id"]: lead for lead in read_leads(release)}
        print_json([found[note.lead_id] | {"note": note.model_dump(mode="json")} for note in notes])
    else:
        terminal.print_leads(notes)


@cli.command()
@click.argument("subject")
@home_option
@json_option
def explain(subject: str, home: Path | None, as_json: bool) -> None:
    """Say all the current release knows of SUBJECT, an account, actor or lead id."""
    from orchestration.publishing.reading import explain as read_explanation

    about = read_explanation(_current(home), subject)
    if as_json:
        print_json(about)
    else:
        terminal.print_explanation(about)


@cli.command()
@home_option
@json_option
def report(home: Path | None, as_json: bool) -> None:
    """Say where the current release's pages are, the first and the measurement report; they open from the file system."""
    first = _current(home) / "site" / "index.html"
    pages = {"site": first, "report": first.with_name("report.html")}
    if as_json:
        print_json({name: str(page) for name, page in pages.items()})
    else:
        click.echo(
            f"Open in a browser:\n  first page              file://{first}\n  measurement report      file://{pages['report']}"
        )


@cli.command()
@click.argument("sql", required=False)
@click.option(
    "--file", "sql_file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Read the query from a file."
)
@click.option("--analysis", help="Run an analysis of the library, see `stillwatch analyses`.")
@click.option("--format", "kind", type=click.Choice(["csv", "jsonl", "parquet"]), help="Write this instead of a table.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file, in the format of its ending.")
@home_option
@json_option
def query(
    sql: str | None,
    sql_file: Path | None,
    analysis: str | None,
    kind: "AnswerFormat | None",
    out: Path | None,
    home: Path | None,
    as_json: bool,
) -> None:
    """Run one SQL query on the current release.

    \b
    Examples:
      stillwatch query "select role, count(*) from actors group by role"
      stillwatch query --analysis new_actors
      stillwatch query --file mine.sql --out mine.parquet
      stillwatch query "from scores" --format csv | less
    """
    from orchestration.publishing.analyses import analysis_sql
    from orchestration.publishing.answering import format_of, stream_answer, write_answer
    from orchestration.publishing.reading import query_release

    given = [
        *([sql] if sql is not None else []),
        *([sql_file.read_text(encoding="utf-8")] if sql_file else []),
        *([analysis_sql(analysis)] if analysis is not None else []),
    ]
    if len(given) != 1:
        raise click.UsageError("give one query, as SQL, with --file or with --analysis")
    [asked] = given
    release = _current(home)
    if out is not None:
        count = write_answer(release, asked, out, kind or format_of(out))
        click.echo(f"Wrote {count:,} rows to {out}.", err=True)
    elif kind is not None:
        stream_answer(release, asked, click.get_binary_stream("stdout"), kind)
    else:
        names, rows = query_release(release, asked)
        records = [dict(zip(names, row, strict=True)) for row in rows]
        if as_json:
            print_json(records)
        else:
            terminal.print_table(records, names)


@cli.command()
@click.argument("name", required=False)
@json_option
def analyses(name: str | None, as_json: bool) -> None:
    """Say which analyses the library holds; with NAME, its SQL on a release.

    \b
    Examples:
      stillwatch analyses
      stillwatch query --analysis new_actors
      stillwatch analyses new_actors > mine.sql     # to begin one of your own with
    """
    from orchestration.publishing.analyses import analysis_sql, list_analyses

    if name is not None:
        click.echo(analysis_sql(name), nl=False)
    elif as_json:
        print_json([analysis.model_dump() for analysis in list_analyses()])
    else:
        terminal.print_table(
            [{"analysis": each.name, "answers": each.question} for each in list_analyses()], ["analysis", "answers"]
        )


def _current(home: Path | None) -> Path:
    from orchestration.publishing.releases import current_release

    return current_release(home_at(home).published)


cli.add_command(cli_rule_sets.backtest)
cli.add_command(cli_rule_sets.calibrate)
cli.add_command(evaluate)
cli.add_command(prove)
cli.add_command(cli_reviews.review)
cli.add_command(cli_framework.framework)
cli.add_command(cli_gates.gate)
cli.add_command(cli_ids.ids)
cli.add_command(cli_ids.reidentify)
cli.add_command(cli_alerts.alerts)
cli.add_command(cli_catalog.catalog)
cli.add_command(cli_catalog.lineage)
cli.add_command(cli_exports.export)
cli.add_command(cli_installation.doctor)
cli.add_command(cli_installation.serve)
cli.add_command(cli_installation.retain)
cli.add_command(cli_landing.land)
cli.add_command(cli_landing.land_key)
cli.add_command(cli_landing.land_id)
cli.add_command(cli_landing.fingerprint)
cli.add_command(cli_landing.land_grants)
cli.add_command(cli_nights.nightly)
cli.add_command(cli_nights.backfill)
cli.add_command(cli_operations.releases)
cli.add_command(cli_operations.rollback)
cli.add_command(cli_operations.recover)
cli.add_command(cli_operations.prune)
cli.add_command(cli_operations.forget)
for command in (
    cli_packages.cases,
    cli_packages.package,
    cli_packages.sign,
    cli_packages.verify,
    cli_packages.rebuild,
    cli_packages.custody,
    cli_packages.new_key,
    cli_packages.share,
    cli_packages.new_exchange_key,
):
    cli.add_command(command)


def main() -> None:
    """Run the command."""
    silence_libraries()
    run_command(cli)


if __name__ == "__main__":
    main()
