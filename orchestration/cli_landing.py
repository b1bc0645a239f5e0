"""The commands that land a provider's own systems: `stillwatch land`, `land-key` and `land-grants`.

Belongs here: arguments, what is printed and the exit code.
"""

from datetime import date
from pathlib import Path
from typing import get_args

import click

from orchestration import run_log, terminal
from orchestration.contract import IdKind, landing_contract
from orchestration.options import DAY, home_at, home_option, json_option, landing_option, print_json

sources_option = click.option(
    "--sources",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("sources.yml"),
    show_default=True,
    help="Where your systems are; docs/bring-your-data.md shows one.",
)


@click.command()
@click.option("--date", "day", type=DAY, required=True, help="Last day to land, YYYY-MM-DD; rows of later days wait.")
@click.option("--from", "first", type=DAY, help="First day, where nothing was landed yet.  [default: that of the earliest event]")
@sources_option
@landing_option
@home_option
@json_option
def land(day: date, first: date | None, sources: Path, landing: Path | None, home: Path | None, as_json: bool) -> None:
    """Land what your systems hold up to the end of a day, ids hashed under your key; give it again to go on.

    \b
    Example:
      stillwatch land --date 2026-03-28
      stillwatch backfill --from 2026-03-01 --to 2026-03-28
    """
    from orchestration.adapters.running import land as land_all
    from orchestration.adapters.settings import read_sources

    at = home_at(home)
    where = landing or at.landing
    with run_log.recording(at), run_log.step("land") as counts:
        landed = land_all(read_sources(sources), where, day, first)
        counts |= {table: sum(days.values()) for table, days in landed.rows.items()}
    if as_json:
        print_json(landed.model_dump(mode="json"))
        return
    terminal.print_table(
        [
            {"table": table, "days": len(days), "rows": sum(days.values()), "first": min(days), "last": max(days)}
            for table, days in sorted(landed.rows.items())
        ]
    )
    for about, count in sorted(landed.unreadable.items()):
        click.echo(f"{about}: {count:,} values could not be read as what the column holds, and count as absent.")
    for source, count in sorted(landed.report_totals.items()):
        click.echo(
            f"{source}: {count:,} totals of its usage report that are new; the mart gate holds the warehouse against them."
        )
    for about, count in sorted(landed.left_out.items()):
        click.echo(f"{about}: {count:,} left out.")
    for about, count in sorted(landed.assumed.items()):
        click.echo(f"{about}: {count:,} landed so.")
    click.echo(f"Landed in {where}. `stillwatch doctor --landing {where}` says which signals it can compute.")


@click.command("land-key")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def land_key(file: Path) -> None:
    """Write the key under which ids are hashed before they are landed to a new FILE."""
    from orchestration.adapters.edge_key import write_new_edge_key

    key = write_new_edge_key(file.expanduser())
    click.echo(
        f"Wrote key {key.key_id} to {file}, readable by you alone. Keep a safe copy: without it no later day joins to this one."
    )


@click.command("land-id")
@click.argument("kind", type=click.Choice(get_args(IdKind)))
@click.argument("values", nargs=-1)
@click.option("--key", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The key of `land-key`.")
@json_option
def land_id(kind: str, values: tuple[str, ...], key: Path, as_json: bool) -> None:
    """Say what your own ids of a KIND have become; without VALUES they are read from standard input, one a line.

    The way back is a list of your ids with what each has become: whoever holds the key can make it.

    \b
    Example:
      stillwatch land-id account acme globex --key ~/stillwatch-keys/edge.json
    """
    from orchestration.adapters.edge_key import read_edge_key

    secret = read_edge_key(key.expanduser())
    as_numbers = any(
        column.id_kind == kind and column.type == "BIGINT"
        for table in landing_contract().tables.values()
        for column in table.columns
    )
    given = values or tuple(line.strip() for line in click.get_text_stream("stdin") if line.strip())
    told = [{"given": value, "id": secret.number(kind, value) if as_numbers else secret.text(kind, value)} for value in given]
    if as_json:
        print_json(told)
    else:
        for row in told:
            click.echo(f"{row['given']}\t{row['id']}")


@click.command()
@click.argument("texts", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Parquet file to write.")
@click.option("--key", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The key of `land-key`.")
@click.option(
    "--families", type=click.Path(dir_okay=False, path_type=Path), help="Keep families of alike templates in this file."
)
@json_option
def fingerprint(texts: Path, out: Path, key: Path, families: Path | None, as_json: bool) -> None:
    """Write keyed fingerprints of the texts in TEXTS, for whoever holds them; no text leaves this step.

    TEXTS is Parquet or JSON lines with request_id and prompt, and where there are: system_prompt, input_content, response,
    graded_content. Name the folder of --out under `fingerprints` in sources.yml.
    """
    from orchestration.adapters.edge_key import read_edge_key
    from orchestration.fingerprints.families import read_families, write_families
    from orchestration.fingerprints.making import make_fingerprints

    secret = read_edge_key(key.expanduser(), out.parent)
    kept = read_families(families, secret) if families else None
    made = make_fingerprints(texts, out, secret, kept)
    if families and kept:
        write_families(families, kept)
    if as_json:
        print_json(made.model_dump(mode="json"))
    else:
        of_families = f", {made.families:,} families of them" if made.families is not None else ""
        click.echo(f"Wrote fingerprints of {made.rows:,} requests to {out}: {made.templates:,} templates{of_families}.")


@click.command("land-grants")
@click.argument("system", type=click.Choice(["litellm"]))
@click.option("--role", required=True, help="The role whose address your sources.yml leads to.")
@click.option("--schema", default="public", show_default=True, help="Where the tables lie.")
@click.option("--without", multiple=True, help="A TABLE or TABLE.COLUMN that your version lacks.")
def land_grants(system: str, role: str, schema: str, without: tuple[str, ...]) -> None:
    """Print the least rights that a PostgreSQL role needs to have a SYSTEM landed, as SQL for the tables' owner to run.

    Values inside JSON are granted by views that hold nothing else, so that the role needs no rights on columns with content.

    \b
    Example:
      stillwatch land-grants litellm --role stillwatch | psql
    """
    from orchestration.adapters.grants import grant_statements
    from orchestration.adapters.shipped import read_adapter
    from orchestration.adapters.usage_reports.litellm import DAILY

    click.echo(grant_statements(read_adapter(system), role, schema, without, also=(DAILY,)))
