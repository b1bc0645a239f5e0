"""Known errors as one clear line and the contract's exit code; anything else is internal and keeps its traceback in the log.

Belongs here: 0 done, 1 internal or locked, 2 usage, 3 a gate failed and nothing was published.
"""

import logging
import sys

import click

from orchestration.advice import advice_on
from orchestration.runbook import Section, address

SECTIONS = {1: Section.NIGHT_ERROR, 2: Section.USAGE, 3: Section.GATE_FAILED}
"""The runbook's section of each exit code that is no success; what is known more closely names its own."""
NEARER = {"HomeLockedError": Section.LOCKED, "SealBrokenError": Section.PACKAGE, "SparkError": Section.SPARK}
"""The section of an error that is no night's."""
_OWN_WORDS = ("ReproductionError", "EvaluationError", "CoverageError")
"""Errors of commands that judge the product: they say what to do themselves."""


def run_command(command: click.Group) -> None:
    """Run a command group and leave with the exit code its outcome stands for."""
    try:
        command.main(standalone_mode=False)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.Abort:
        sys.exit(1)
    except click.ClickException as error:
        click.echo(f"stillwatch: {error.format_message()} (see --help)", err=True)
        sys.exit(2)
    except Exception as error:
        sys.exit(_exit_code(error))


def _exit_code(error: Exception) -> int:
    kind = type(error).__name__
    code = {
        "GateFailedError": 3,
        "LandingError": 2,
        "AdapterError": 2,
        "ListError": 2,
        "ReleaseError": 2,
        "UnknownSubjectError": 2,
        "QueryError": 2,
        "RecoveryError": 2,
        "ForgettingError": 2,
        "SimulatorError": 2,
        "ChallengerError": 2,
        "BacktestError": 2,
        "CalibrationError": 2,
        "ReviewError": 2,
        "FrameworkError": 2,
        "PackageError": 2,
        "PrivacyError": 2,
        "ServingError": 2,
        "OverrideError": 2,
        "AlertError": 2,
        "AnswersError": 2,
        "CatalogError": 2,
        "TargetError": 2,
        "SparkSettingsError": 2,
        "ReproductionError": 1,
        "HomeLockedError": 1,
        "WarehouseError": 1,
        "TransformError": 1,
        "SparkError": 1,
        "EvaluationError": 1,
        "SealBrokenError": 1,
        "CoverageError": 1,
    }.get(kind)
    advice = advice_on(error)
    if code in (None, 1) and advice:
        click.echo(f"stillwatch: {error}\n{advice}", err=True)
        return 1
    if code is None:
        logging.getLogger("stillwatch").exception("internal error")
        click.echo(f"stillwatch: internal error: {kind}: {error}\nRunbook: {address(SECTIONS[1])}", err=True)
        return 1
    runbook = "" if code == 2 or kind in _OWN_WORDS else f"\nRunbook: {address(NEARER.get(kind, SECTIONS[code]))}"
    click.echo(f"stillwatch: {error}{runbook}", err=True)
    return code
