"""From what happened to an alert: a gate, a late source, a missed night, an error.

Belongs here: the words of each. They are made from tables, expectations and counts, never from the examples of a gate.
"""

from datetime import UTC, date, datetime

from expectations.report import Finding, GateReport
from orchestration.advice import advice_for
from orchestration.alerting.alert import SECTIONS, Alert, Kind
from orchestration.discretion import discreet_words
from orchestration.night.expected import Nights
from orchestration.runbook import Section
from orchestration.settings import Home

MOST_FINDINGS = 5


def failed_gate(home: Home, report: GateReport, run_id: str | None) -> Alert:
    """Return the alert of a gate that stopped the night, with the expectations that blocked and how much was against them."""
    blocking = [finding for finding in report.failures if finding.blocks]
    head = report.message().split("\n", 1)[0]
    return _alert(
        home,
        Kind.GATE_FAILED,
        report.as_of,
        run_id,
        f"{head} {_listed(blocking)}",
        "Readers keep the last release. `stillwatch gate show` says what each needs; then run the night again.",
        _tables(blocking),
    )


def late_sources(home: Home, report: GateReport, run_id: str | None) -> list[Alert]:
    """Return the alert of sources that are late without blocking the night; none where all came in time."""
    late = [finding for finding in report.failures if finding.is_late and not finding.blocks]
    if not late:
        return []
    message = f"Late for the night of {report.as_of}: {_listed(late)}"
    advice = "Ask the provider for them; what comes within the late-arrival days is taken in by a later night."
    return [_alert(home, Kind.LATE_SOURCE, report.as_of, run_id, message, advice, _tables(late))]


def missed_nights(home: Home, nights: Nights) -> Alert:
    """Return the alert of nights that were expected by now and not published."""
    run = f"stillwatch nightly --date {nights.expected}"
    if len(nights.missed) > 1:
        run = f"stillwatch backfill --from {nights.missed[0]} --to {nights.missed[-1]}"
    advice = f"Look at `stillwatch doctor` and the scheduler, then run `{run}`."
    return _alert(home, Kind.MISSED_NIGHT, nights.expected, None, nights.words, advice)


def ended_in_error(home: Home, as_of: date, run_id: str | None, error: BaseException) -> Alert:
    """Return the alert of a night that ended in an error, with the section that is nearest to it."""
    known = advice_for(error)
    section = Section.LOCKED if type(error).__name__ == "HomeLockedError" else SECTIONS[Kind.NIGHT_ERROR]
    advice = "Readers keep the last release. Give the same command again by hand: it says the whole message."
    if known:
        section, advice = known.section, known.words
    message = f"The night of {as_of} ended in an error: {discreet_words(error)}."
    return _alert(home, Kind.NIGHT_ERROR, as_of, run_id, message, advice).model_copy(update={"section": section})


def failed_export(home: Home, as_of: date, run_id: str | None, words: str) -> Alert:
    """Return the alert of a release that was published and did not reach the systems that take it."""
    message = f"The release of {as_of} is published and was not handed on: {words}."
    return _alert(home, Kind.EXPORT_FAILED, as_of, run_id, message, "`stillwatch export` tries again, as does the next night.")


def trial(home: Home) -> Alert:
    """Return a message that only shows that alerts arrive."""
    today = datetime.now(tz=UTC).date()
    return _alert(home, Kind.TEST, today, None, "A trial message: alerts arrive.", "Nothing is to be done.")


def _alert(
    home: Home, kind: Kind, as_of: date, run_id: str | None, message: str, what_to_do: str, tables: tuple[str, ...] = ()
) -> Alert:
    return Alert(
        kind=kind,
        as_of_date=as_of,
        home=home.root.name,
        message=message,
        what_to_do=what_to_do,
        section=SECTIONS[kind],
        tables=tables,
        run_id=run_id,
    )


def _tables(findings: list[Finding]) -> tuple[str, ...]:
    return tuple(sorted({finding.table for finding in findings}))


def _listed(findings: list[Finding]) -> str:
    lines = [f"{finding.table}: expected that {finding.expectation}{_against(finding)}" for finding in findings[:MOST_FINDINGS]]
    more = [f"and {len(findings) - MOST_FINDINGS} more"] if len(findings) > MOST_FINDINGS else []
    return "; ".join([*lines, *more]) + "."


def _against(finding: Finding) -> str:
    return f" ({finding.unexpected_count:,} of {finding.element_count:,} against it)" if finding.unexpected_count else ""
