"""The commands of whoever keeps a home running: list releases and roll back, build again, prune, carry out requests to delete.

Belongs here: arguments and what is printed.
"""

from pathlib import Path

import click

from orchestration import run_log, terminal
from orchestration.options import by_option, home_at, home_option, json_option, landing_option, print_json

_by_option = by_option("record")


@click.command()
@home_option
@json_option
def releases(home: Path | None, as_json: bool) -> None:
    """List the published releases, the current one marked."""
    from orchestration.publishing.releases import current_or_none, list_releases

    where = home_at(home)
    current = current_or_none(where.published)
    listed = [
        {
            "release_id": m.release_id,
            "as_of_date": m.as_of_date,
            "is_current": bool(current and current.name == m.release_id),
            "rows": sum(m.tables.values()),
            "supersedes": m.supersedes.release_id if m.supersedes else None,
        }
        for m in list_releases(where.published)
    ]
    if as_json:
        print_json(listed)
    else:
        terminal.print_table(listed)


@click.command()
@click.argument("release")
@home_option
@json_option
def rollback(release: str, home: Path | None, as_json: bool) -> None:
    """Move readers to RELEASE in one atomic step; the working warehouse is not touched.

    A release whose files are not what its manifest says is refused.
    """
    from orchestration.night.lock import home_lock
    from orchestration.publishing.releases import roll_back_to

    where = home_at(home)
    with run_log.recording(where), home_lock(where):
        roll_back_to(where.published, release)
    if as_json:
        print_json({"current": release})
    else:
        click.echo(f"Readers now get {release}.")


@click.command()
@landing_option
@home_option
@click.option("--reason", help="Why, kept in the release made if its numbers differ.")
@click.option(
    "--accept-changed-files", is_flag=True, help="Go on though landing files are missing or changed; numbers may then differ."
)
@json_option
def recover(landing: Path | None, home: Path | None, reason: str | None, accept_changed_files: bool, as_json: bool) -> None:
    """Build the working warehouse again from the landing folder when it is damaged or lost.

    Readers keep the last release. The nights are those of the newest release, and every file keeps its arrival day:
    equal files and code give the same release.
    """
    from orchestration.night.recovering import recover as build_again

    where = home_at(home)
    folder = landing or where.landing
    terminal.start_quiet_progress()
    from orchestration.night.running import run_nights

    why = reason or "the working warehouse was built again"
    found = build_again(
        where,
        folder,
        lambda first, last: run_nights(where, folder, first, last, why, alone=True),
        accept_changed_files=accept_changed_files,
    )
    if as_json:
        print_json(found.model_dump(mode="json"))
    elif found.is_same_content:
        click.echo(f"Recovered {found.night_count} nights: the same content as {found.release_before}.")
    else:
        click.echo(
            f"Recovered {found.night_count} nights. {found.release_id} differs from {found.release_before}; see its manifest."
        )


@click.command()
@home_option
@click.option("--keep", type=click.IntRange(1), default=90, show_default=True, help="Newest releases that stay in any case.")
@click.option("--yes", is_flag=True, help="Remove them; without, only say which.")
@_by_option
@json_option
def prune(home: Path | None, keep: int, yes: bool, who: str, as_json: bool) -> None:
    """Remove old releases that nothing refers to.

    Packages, open appeals, legal holds and cases not decided refer to the releases they stand on; those stay.
    """
    from orchestration.retention.pruning import prune as remove

    where = home_at(home)
    with run_log.recording(where):
        fates = remove(where, keep, who, only_say=not yes)
    if as_json:
        print_json([fate.model_dump(mode="json") for fate in fates])
        return
    word = "pruned" if yes else "would be pruned"
    rows = [{"release": f.release_id, "": word if f.is_pruned else "stays", "why": f.why} for f in fates]
    terminal.print_table(rows, ["release", "", "why"])


@click.command()
@click.argument("account", required=False)
@home_option
@click.option("--request", help="Reference of the request it answers to.")
@_by_option
@json_option
def forget(account: str | None, home: Path | None, request: str | None, who: str, as_json: bool) -> None:
    """Enter a request to delete ACCOUNT; without one, say which requests stand and which releases hold the accounts yet.

    \b
    The rows of the account are left out from the next run on. The history goes in two steps, for any number of requests at once:
      stillwatch recover --reason "deletion requests 12 to 19"
      stillwatch prune --yes
    """
    from orchestration.night.lock import home_lock
    from orchestration.retention.forgetting import forget as enter
    from orchestration.retention.forgetting import standings

    where = home_at(home)
    if account is None:
        found = [standing.model_dump(mode="json") for standing in standings(where)]
        if as_json:
            print_json(found)
        else:
            rows = [
                s | {"held_by": ", ".join(s["held_by"]) or "none: deleted", "account_sha256": s["account_sha256"][:12]}
                for s in found
            ]
            terminal.print_table(rows, ["request", "account_sha256", "at", "held_by"])
        return
    if not request or not request.strip():
        raise click.UsageError("--request must name the request that is answered")
    with run_log.recording(where), home_lock(where):
        entered = enter(where, account, request, who)
    if as_json:
        print_json(entered.model_dump(mode="json"))
    else:
        click.echo(f"Entered request {entered.request}. Then: `stillwatch recover --reason ...` and `stillwatch prune --yes`.")
