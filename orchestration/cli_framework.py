"""The commands about the enforcement framework: `stillwatch framework diff`.

Belongs here: arguments and what is printed.
"""

from pathlib import Path

import click

from orchestration import terminal
from orchestration.options import home_at, home_option, json_option, print_json


@click.group()
def framework() -> None:
    """The enforcement framework: clauses, rubric and escalation paths, by version."""


@framework.command()
@click.option("--version", type=int, required=True, help="Version of the framework to replay past cases under.")
@home_option
@json_option
def diff(version: int, home: Path | None, as_json: bool) -> None:
    """Replay past cases under another VERSION of the framework and list what would change.

    Each case is compared with the version it was judged by. Nothing is decided anew.

    \b
    Example:
      stillwatch framework diff --version 2
    """
    from orchestration.framework.diff import framework_diff
    from orchestration.publishing.releases import current_release

    found = framework_diff(current_release(home_at(home).published), version)
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    click.echo(f"{found.release_id}: {found.case_count} cases replayed under version {version} of the framework.")
    terminal.print_table([{"what would change": what, "cases": count} for what, count in found.counts.items()])
    for case in found.cases:
        click.echo(f"\n{case.case_id} (judged by version {case.own_version})")
        for line in case.changes:
            click.echo(f"  {line}")
