"""The commands about review on forms: `stillwatch review export` and `stillwatch review import`.

Belongs here: arguments and what is printed. What is asked and what counts as an answer is in `orchestration/reviewing/`.
"""

from datetime import date
from pathlib import Path

import click

from orchestration.options import DAY, home_at, home_option, json_option, landing_option, print_json


@click.group()
def review() -> None:
    """Review leads on forms: export them, fill them in, import the answers."""


@review.command("export")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder for the forms.")
@click.option("--lead", "lead_ids", multiple=True, help="Only this lead; may be given again.")
@click.option("--limit", type=click.IntRange(1), default=None, help="Only the first leads by priority.")
@click.option("--blind", is_flag=True, help="Every form without score and selection, so that audit leads cannot be told.")
@home_option
@json_option
def export(out: Path, lead_ids: tuple[str, ...], limit: int | None, blind: bool, home: Path | None, as_json: bool) -> None:
    """Write one form for each lead of the current release's queue.

    Audit leads come without score, rank, selection and the signals' words.

    \b
    Example:
      stillwatch review export --out forms --limit 10
    """
    from orchestration.publishing.releases import current_release
    from orchestration.reviewing.asking import forms
    from orchestration.reviewing.form import write_form

    found = forms(current_release(home_at(home).published), only=lead_ids, limit=limit, blind=blind)
    out.mkdir(parents=True, exist_ok=True)
    written = [write_form(form, out) for form in found]
    if as_json:
        print_json([{"lead_id": form.lead_id, "form": str(path)} for form, path in zip(found, written, strict=True)])
    else:
        click.echo(f"Wrote {len(written)} forms to {out}; fill in what is null and import them with `stillwatch review import`.")


@review.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--reviewer-hash", type=click.IntRange(-(2**63), 2**63 - 1), required=True, help="Keyed hash of the reviewer.")
@click.option("--arrived-on", type=DAY, required=True, help="Arrival day of the answers, YYYY-MM-DD.")
@landing_option
@home_option
@json_option
def import_(
    files: tuple[Path, ...], reviewer_hash: int, arrived_on: date, landing: Path | None, home: Path | None, as_json: bool
) -> None:
    """Check the filled FILES and land their answers as review decisions: all of them, or none.

    The warehouse takes them in on its next night.

    \b
    Example:
      stillwatch review import forms/*.yml --reviewer-hash 4611686018427387904 --arrived-on 2026-04-08
    """
    from orchestration.privacy.id_keys import configured_id_key
    from orchestration.reviewing.landing import land

    where = home_at(home)
    key = configured_id_key(where)
    landed = land(
        files,
        reviewer_hash,
        arrived_on,
        published=where.published,
        landing=landing or where.landing,
        kept=where.reviews,
        published_reviewer_hash=key.number("staff", reviewer_hash) if key else None,
    )
    if as_json:
        print_json(landed.model_dump(mode="json"))
    else:
        second = sum(bool(one["is_second_review"]) for one in landed.reviews)
        click.echo(f"Landed {len(landed.reviews)} reviews in {landed.path}; {second} of them are second reviews.")
