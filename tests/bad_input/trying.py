"""Trying a fault on the real gate: what came of it, in the program's own words.

Belongs here: one shared home with a history and a release that readers have, and one trial. The gate is the night's own step;
what it lets pass goes through the night's own models.
"""

from dataclasses import dataclass
from pathlib import Path

from expectations.report import Finding
from orchestration.landing.files import LandingError
from orchestration.night import steps
from orchestration.settings import Home
from orchestration.warehouse import state
from tests.unit.expectations.landing import DAY

from .catalogue import Fault, Outcome, write_landing
from .landing import HISTORY, WITH_HISTORY, land_day
from .screening import Screened, Screening


@dataclass(frozen=True)
class Trial:
    """What came of a fault: the outcome, the message that says so, and the rows behind a quarantine."""

    outcome: Outcome
    message: str
    screened: Screened | None = None


def home_with_history(root: Path) -> Home:
    """Make a home whose nights so far took in nine sound days, as the ledger and the profiles of the gate remember them."""
    home = Home(root=root / "home")
    for day in HISTORY:
        land_day(root / "history", WITH_HISTORY, day)
    run = steps.plan(home, root / "history", HISTORY[0], HISTORY[-1])
    report = steps.gate_sources(home, run)
    assert report.success, report.message()
    assert report.failures == (), report.message()
    with steps.warehouse(home) as connection:
        state.finish(connection, run, "release", [(file, file.sha256, 1) for file in run.files], report.profiles)
    return home


def screening(root: Path) -> Screening:
    """Return the models of a night on the day of the trials."""
    return Screening(Home(root=root / "compiled"), DAY)


def attempt(fault: Fault, home: Home, models: Screening, folder: Path) -> Trial:
    """Try one fault."""
    write_landing(fault, folder)
    try:
        run = steps.plan(home, folder, *fault.nights)
    except LandingError as refusal:
        return Trial("refused", _without(str(refusal), folder))
    report = steps.gate_sources(home, run)
    if not report.success:
        return Trial("blocked", _said([item for item in report.failures if item.blocks], fault))
    screened = models.run(run) if run.as_of_to == DAY else None
    if screened and screened.quarantined:
        return Trial("quarantined", _reasons(screened), screened)
    if report.failures:
        return Trial("warned", _said(report.failures, fault), screened)
    return Trial("accepted", "", screened)


def _said(findings: list[Finding] | tuple[Finding, ...], fault: Fault) -> str:
    """Return the message that the fault is expected to cause, or all of them."""
    expected = [item.message for item in findings if fault.says in item.message and item.table == fault.table]
    return expected[0] if expected else "\n".join(item.message for item in findings)


def _reasons(screened: Screened) -> str:
    reasons: dict[str, int] = {}
    for table, reason, *_ in screened.quarantined:
        reasons[f"{table} {reason}"] = reasons.get(f"{table} {reason}", 0) + 1
    return ", ".join(f"{reason} ({count})" for reason, count in sorted(reasons.items()))


def _without(message: str, folder: Path) -> str:
    return message.replace(str(folder), "LANDING")
