"""Leave to let a limit of change be broken: explicit, by somebody, for a reason, for some nights.

Belongs here: the log of overrides and what they do to a gate's report. A contract, a key or a personal value has no limit
in this sense: nothing here can let it pass.
"""

from collections.abc import Sequence
from pathlib import Path

from expectations.history import source_limits
from expectations.reconciliation import USAGE_REPORTS
from expectations.report import Finding, Gate, GateReport, Override, gate_report
from expectations.rules import suites
from orchestration.adapters.usage_reports.terms import SOURCES
from orchestration.contract import landing_contract
from orchestration.durable import append_durably

LONGEST_NIGHTS = 14


class OverrideError(ValueError):
    """An override that cannot be given; the message says what can."""


def limits() -> dict[tuple[str, str], Gate]:
    """Return every limit that may be overridden, as (table, limit), with its gate."""
    found: dict[tuple[str, str], Gate] = {
        (name, limit): "sources" for name, table in landing_contract().tables.items() for limit in source_limits(name, table)
    }
    for name, suite in suites("marts").items():
        found |= {(name, rule.limit): "marts" for rule in suite.expectations if rule.limit}
    for source in SOURCES:
        found[USAGE_REPORTS, source] = "marts"
    return found


def add_override(log: Path, override: Override) -> None:
    """Append an override to the log, synced to disk. OverrideError when the limit or the nights cannot be."""
    known = limits()
    if known.get((override.table, override.limit)) != override.gate:
        of_table = sorted(limit for table, limit in known if table == override.table)
        raise OverrideError(
            f"an override must name a limit that may be broken; given {override.table} {override.limit}: "
            + (f"{override.table} has {', '.join(of_table)}" if of_table else f"tables with one: {', '.join(_tables(known))}")
        )
    nights = (override.last_night - override.first_night).days + 1
    if not 1 <= nights <= LONGEST_NIGHTS:
        raise OverrideError(
            f"an override must end 1 to {LONGEST_NIGHTS} nights after it begins; given {override.first_night} to "
            f"{override.last_night}: give a --until within them and decide anew when it ends"
        )
    if not override.by.strip() or not override.reason.strip():
        raise OverrideError("an override must say who gives it and why; given an empty --by or --reason: fill both")
    append_durably(log, f"{override.model_dump_json()}\n".encode())


def read_overrides(log: Path) -> tuple[Override, ...]:
    """Return the overrides of the log, oldest first. OverrideError names the line that cannot be read."""
    if not log.exists():
        return ()
    found: list[Override] = []
    for number, line in enumerate(log.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            found.append(Override.model_validate_json(line))
        except ValueError as error:
            raise OverrideError(
                f"every line of {log} must be an override; line {number} is not ({str(error).splitlines()[0]}): "
                "take the line out and give the override again by `stillwatch gate override`"
            ) from error
    return tuple(found)


def with_overrides(report: GateReport, overrides: Sequence[Override]) -> GateReport:
    """Return the report with every broken limit marked that an override covers; the newest of several counts.

    A limit that blocks although it was overridden once says when that ended, and one that may be overridden says how.
    """
    findings = [_with_override(finding, report, overrides) for finding in report.findings]
    return gate_report(report.gate, report.as_of, findings).model_copy(update={"profiles": report.profiles})


def _with_override(finding: Finding, report: GateReport, overrides: Sequence[Override]) -> Finding:
    if not finding.blocks or finding.limit is None:
        return finding
    given = [
        override
        for override in overrides
        if (override.gate, override.table, override.limit) == (report.gate, finding.table, finding.limit)
    ]
    covering = [override for override in given if override.first_night <= report.as_of <= override.last_night]
    if covering:
        override = covering[-1]
        words = f" Overridden by {override.by} until {override.last_night}: {override.reason}"
        return finding.model_copy(update={"overridden": override, "message": finding.message + words})
    ended = [override.last_night for override in given if override.last_night < report.as_of]
    words = f" An override of it ended on {max(ended)}." if ended else ""
    command = f"stillwatch gate override {finding.table} {finding.limit} --night {report.as_of}"
    words += f" If it has to pass: `{command} --by ... --reason ...`."
    return finding.model_copy(update={"message": finding.message + words})


def _tables(known: dict[tuple[str, str], Gate]) -> list[str]:
    return sorted({table for table, _ in known})
