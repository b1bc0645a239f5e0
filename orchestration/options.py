"""Options and values that commands share: the home, the landing folder, who does it, JSON output, and a day.

Belongs here: how the command line reads them and how it prints JSON. The commands are in `cli.py` and `cli_*.py`.
"""

import getpass
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from orchestration.settings import Home, default_home

Command = TypeVar("Command", bound=Callable[..., Any])

home_option = click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="Home folder.  [default: $STILLWATCH_HOME, else var/demo]",
)
landing_option = click.option(
    "--landing",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="Landing folder, <table>/arrived_on=YYYY-MM-DD/*.parquet.  [default: <home>/landing]",
)


def by_option(record: str) -> Callable[[Command], Command]:
    """Return the option `--by` of commands that write down who did a thing; `record` names where."""
    return click.option("--by", "who", default=getpass.getuser, help=f"Who does it, for the {record}.  [default: the login name]")


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


class Day(click.ParamType[date]):
    """A day written as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the date; a usage error says how to write one."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a date; write it as YYYY-MM-DD", param, ctx)


DAY = Day()


def home_at(root: Path | None) -> Home:
    """Return the home at a folder, or the default one."""
    return Home(root=root.resolve()) if root else default_home()


def print_json(value: Any) -> None:
    """Print a value as JSON; dates in ISO form, decimals as numbers."""
    click.echo(json.dumps(value, default=_plain, ensure_ascii=False, indent=1))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else float(value)
