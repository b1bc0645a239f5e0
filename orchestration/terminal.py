"""What the command line prints: leads, explanations, tables and progress.

Belongs here: words and layout for a terminal. Values that came from a landing folder are shown with control characters
replaced.
"""

import logging
import sys
import textwrap
import time
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.runbook import PAGE

if TYPE_CHECKING:
    from orchestration.check import Check
    from orchestration.publishing.notes import LeadNote

MOST_ROWS = 30
SCREEN_COLUMNS = 100
_NOT_SHOWN = {"as_of_date", "actor_id", "account_key_a", "account_key_b", "is_behavioural"}
_progress = logging.getLogger("stillwatch.progress")
_console = Console(highlight=False, soft_wrap=False)


class _ElapsedFormatter(logging.Formatter):
    """Progress lines with the seconds since the command began: `[  12.3 s] message`."""

    def __init__(self) -> None:
        super().__init__()
        self._started = time.monotonic()

    def format(self, record: logging.LogRecord) -> str:
        return f"[{time.monotonic() - self._started:6.1f} s] {record.getMessage()}"


def start_progress() -> None:
    """Show progress on standard error from here on, with the seconds passed."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_ElapsedFormatter())
    _progress.handlers = [handler]
    _progress.setLevel(logging.DEBUG)
    _progress.propagate = False


def start_quiet_progress() -> None:
    """Show progress, and nothing of what libraries say of themselves."""
    warnings.simplefilter("ignore")
    logging.getLogger("py.warnings").disabled = True
    # by a handler of our own, not for every logger: dbt's log file is written by one
    told = logging.StreamHandler(sys.stderr)
    told.setLevel(logging.WARNING)
    logging.getLogger().handlers = [told]
    logging.getLogger().setLevel(logging.WARNING)
    start_progress()


def show_progress(message: str) -> None:
    """Show one line of progress."""
    _progress.warning(message)


def _shown(value: object) -> str:
    text = f"{value:.4g}" if isinstance(value, float) else str(value) if value is not None else "-"
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def print_table(records: Sequence[Mapping[str, Any]], names: Sequence[str] | None = None) -> None:
    """Print records as a plain table; a sentence when there are none."""
    columns = list(names or (records[0].keys() if records else []))
    if not columns:
        _console.print("No rows.")
        return
    table = Table(box=None, pad_edge=False)
    for column in columns:
        numeric = all(isinstance(r[column], int | float) and not isinstance(r[column], bool) for r in records) and records
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for record in records:
        table.add_row(*(Text(_shown(record[column])) for column in columns))
    _console.print(table)


def print_leads(notes: "Sequence[LeadNote]") -> None:
    """Print the queue as notes: who, why, what speaks against, how sure, what else it could be, what to do."""
    if not notes:
        _console.print("The queue is empty tonight.")
    for note in notes:
        _console.print(Text(f"{note.priority:>3}. {_shown(note.headline)}  [{note.lead_id}]", style="bold"))
        against = note.against or ("nothing that could be computed",)
        otherwise = note.otherwise or ("no known look-alike of the evidence it has",)
        for title, lines in (
            ("who", (note.who,)),
            ("why", note.why),
            ("against", against),
            ("how sure", (note.how_sure,)),
            ("it could be", otherwise),
            ("next", (note.next_step,)),
        ):
            for number, line in enumerate(lines):
                _print_hanging(title if number == 0 else "", _shown(line))


def print_checks(checks: "Sequence[Check]") -> None:
    """Print each check beside its state, wrapped under itself, with the runbook's section where it is not in order."""
    for check in checks:
        section = f" [#{check.section}]" if check.section and check.state != "ok" else ""
        head = f"{check.state:5} {check.name:10} "
        click.echo(
            textwrap.fill(
                _shown(check.words) + section,
                SCREEN_COLUMNS,
                initial_indent=head,
                subsequent_indent=" " * len(head),
                break_long_words=False,
                break_on_hyphens=False,
            )
        )
    if any(check.section and check.state != "ok" for check in checks):
        click.echo(f"Sections named by [#...] are in {PAGE}.")


def print_wrapped(lines: Iterable[str]) -> None:
    """Print lines wrapped under their own indent."""
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        wrapped = textwrap.fill(
            _shown(line), SCREEN_COLUMNS, subsequent_indent=f"{indent}  ", break_long_words=False, break_on_hyphens=False
        )
        click.echo(wrapped)


def print_alerts(alerts: Sequence[Mapping[str, Any]]) -> None:
    """Print each alert: when, what became of it and which night, and under it what it says."""
    for alert in alerts:
        last = f" ({alert['last_attempt']})" if alert["last_attempt"] else ""
        click.echo(f"{alert['raised_at']}  {alert['kind']}, night of {alert['night']}: {alert['state']}{last}")
        click.echo(textwrap.indent(textwrap.fill(_shown(alert["message"]), SCREEN_COLUMNS - 2), "  "))


def _print_hanging(title: str, line: str) -> None:
    """Print a line beside its title, wrapped under itself."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(width=17, justify="right", style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(title, Text(line))
    _console.print(table)


def print_explanation(about: Mapping[str, Any]) -> None:
    """Print one subject: the score, what speaks for it, what against, and its members or links."""
    _console.print(Text(f"{about['subject_type']} {_shown(about['subject_id'])} as of {about['as_of_date']}", style="bold"))
    _console.print(
        f"role {about['role']}; log-odds {float(about['log_odds']):+.4f} for unauthorised distillation, "
        f"{float(about['resale_log_odds']):+.4f} for unauthorised resale ({about['calibration_status']}); "
        f"{float(about['coverage_share'] or 0):.0%} of its signals could be computed"
    )
    for title, key in (("Speaks for it", "speaks_for"), ("Speaks against it", "speaks_against")):
        _console.print(Text(f"\n{title}", style="bold"))
        for reason in about[key]:
            _console.print(
                Text(f"  {reason['contribution']:+8.4f}  {reason['resale_contribution']:+8.4f}  ")
                + Text(f"{_shown(reason['text'])} [{reason['signal_id']}]")
            )
        if not about[key]:
            _console.print("  nothing")
    for title, key in (("Members", "members"), ("Links", "links")):
        if about.get(key):
            _console.print(Text(f"\n{title}", style="bold"))
            print_table([{k: v for k, v in row.items() if k not in _NOT_SHOWN} for row in about[key][:MOST_ROWS]])
            if len(about[key]) > MOST_ROWS:
                _console.print(f"and {len(about[key]) - MOST_ROWS} more; --json gives all")
