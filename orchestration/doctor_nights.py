"""How the nights of a home stand, for `stillwatch doctor`: the last one, its run, its sources and gates, and what waits.

Belongs here: checks that read releases, reports and logs. None opens the working warehouse, which a run may hold.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from expectations.overrides import read_overrides
from expectations.report import GateReport
from orchestration.alerting.log import standings
from orchestration.alerting.settings import operation_settings, webhook_of
from orchestration.check import Check
from orchestration.landing.files import RunPlan
from orchestration.lineage import spool
from orchestration.night.expected import in_words, night_due, nights_of
from orchestration.night.lock import Holder, holder_of
from orchestration.publishing.manifest import read_manifest
from orchestration.publishing.releases import current_or_none
from orchestration.runbook import Section
from orchestration.settings import Home

LONG_PAST = timedelta(days=31)
"""A home whose newest night is older is a world of the past, such as a demonstration: nobody expects its nights."""
LONGEST_RUN = timedelta(hours=12)
SOON = timedelta(days=2)
MOST_NAMED = 4


def night_checks() -> list[tuple[str, Section, Callable[[Home], Check]]]:
    """Return the checks in the order of the screen, each with its name and section."""
    return [
        ("last night", Section.MISSED_NIGHT, _last_night),
        ("run", Section.INTERRUPTED, _run),
        ("sources", Section.LATE_SOURCE, _sources),
        ("gates", Section.GATE_FAILED, _gates),
        ("overrides", Section.OVERRIDE_ENDS, _overrides),
        ("quarantine", Section.QUARANTINE, _quarantine),
        ("alerts", Section.ALERTS, _alerts),
        ("exports", Section.EXPORT, _exports),
        ("lineage", Section.LINEAGE, _lineage),
    ]


def _now() -> datetime:
    return datetime.now(tz=UTC)


def _last_night(home: Home) -> Check:
    nights = nights_of(home, night_due(_now(), operation_settings().night_due_hour))
    section = Section.MISSED_NIGHT
    if nights.newest is None:
        return Check(name="last night", state="note", words="no night is published yet", section=section)
    gaps = f"; passed over before it: {in_words(nights.passed_over)}" if nights.passed_over else ""
    if not nights.missed:
        state = "note" if gaps else "ok"
        return Check(name="last night", state=state, words=f"{nights.newest} is published{gaps}", section=section)
    if nights.expected - nights.newest > LONG_PAST:
        words = f"{nights.newest} is the newest, of a world long past: nobody runs its nights{gaps}"
        return Check(name="last night", state="note", words=words, section=section)
    words = (
        f"{nights.newest} is the newest; missed since: {in_words(nights.missed)}. Run `stillwatch nightly` or `backfill`{gaps}"
    )
    return Check(name="last night", state="fault", words=words, section=section)


def _run(home: Home) -> Check:
    holder = holder_of(home)
    if holder:
        return _held(holder)
    path = home.latest_plan
    if not path.exists():
        return Check(name="run", state="ok", words="none is going on", section=Section.INTERRUPTED)
    plan = RunPlan.model_validate_json(path.read_text(encoding="utf-8"))
    newest = nights_of(home, plan.as_of_to).newest
    if newest is None or newest < plan.as_of_to:
        words = f"the last one, for {plan.as_of_from} to {plan.as_of_to}, published nothing: give its command again"
        return Check(name="run", state="fault", words=words, section=Section.NIGHT_ERROR)
    return Check(name="run", state="ok", words=f"none is going on; the last went to {plan.as_of_to}", section=Section.INTERRUPTED)


def _held(holder: Holder) -> Check:
    who = f"process {holder.pid}, since {holder.started_at:%Y-%m-%d %H:%M} UTC"
    if not holder.is_alive:
        words = f"one was interrupted ({who}, is gone): give its command again, it undoes what was half done"
        return Check(name="run", state="fault", words=words, section=Section.INTERRUPTED)
    if _now() - holder.started_at > LONGEST_RUN:
        words = f"one holds the home for long ({who}): see whether it works, else end that process"
        return Check(name="run", state="fault", words=words, section=Section.LOCKED)
    return Check(name="run", state="note", words=f"one is going on ({who})", section=Section.LOCKED)


def _report(home: Home, gate: str) -> GateReport | None:
    path = home.gate_report(gate)
    return GateReport.model_validate_json(path.read_text(encoding="utf-8")) if path.exists() else None


def _sources(home: Home) -> Check:
    report = _report(home, "sources")
    late = sorted({finding.table for finding in report.failures if finding.is_late}) if report else []
    if report is None or not late:
        words = f"none late on {report.as_of}" if report else "no night was run yet"
        return Check(name="sources", state="ok", words=words, section=Section.LATE_SOURCE)
    words = f"late on {report.as_of}: {_few(late)}. Ask the provider for them"
    blocks = any(finding.is_late and finding.blocks for finding in report.failures)
    return Check(name="sources", state="fault" if blocks else "note", words=words, section=Section.LATE_SOURCE)


def _gates(home: Home) -> Check:
    told: list[str] = []
    for gate in ("sources", "marts"):
        report = _report(home, gate)
        if report is None:
            continue
        if not report.success:
            words = f"the {gate} gate stopped the night of {report.as_of}: `stillwatch gate show` says what to do"
            return Check(name="gates", state="fault", words=words, section=Section.GATE_FAILED)
        told.append(f"{gate} passed on {report.as_of} with {len(report.failures)} warnings")
    return Check(name="gates", state="ok", words="; ".join(told) or "no night was run yet", section=Section.GATE_FAILED)


def _overrides(home: Home) -> Check:
    given = read_overrides(home.gate_overrides)
    due = night_due(_now(), operation_settings().night_due_hour)
    newest = nights_of(home, due).newest or due
    standing = [override for override in given if override.last_night > newest]
    ending = sorted({f"{o.table} {o.limit} after {o.last_night}" for o in standing if o.last_night <= newest + SOON})
    if ending:
        words = f"about to end: {_few(ending)}. Decide anew if the limit still has to be broken"
        return Check(name="overrides", state="note", words=words, section=Section.OVERRIDE_ENDS)
    words = f"{len(standing)} stand, {len(given)} ever given"
    return Check(name="overrides", state="ok", words=words, section=Section.OVERRIDE_ENDS)


def _quarantine(home: Home) -> Check:
    current = current_or_none(home.published)
    manifest = read_manifest(current) if current else None
    released = manifest.released if manifest else {}
    waiting = {name: n - released.get(name, 0) for name, n in (manifest.quarantined if manifest else {}).items()}
    count = sum(waiting.values())
    if count == 0:
        return Check(name="quarantine", state="ok", words="no row waits", section=Section.QUARANTINE)
    most = max(waiting, key=lambda name: waiting[name])
    words = f"{count:,} rows wait, most of them {most}: `stillwatch query` on table quarantine lists them"
    return Check(name="quarantine", state="note", words=words, section=Section.QUARANTINE)


def _alerts(home: Home) -> Check:
    settings = operation_settings()
    states = [standing.state(_now()) for standing in standings(home)]
    lost = {state: states.count(state) for state in ("waiting", "given up") if state in states}
    webhook = webhook_of(settings, home)
    if lost.get("waiting"):
        words = f"{lost['waiting']} not delivered: `stillwatch alerts` says why; the next night or `alerts check` tries again"
        return Check(name="alerts", state="fault", words=words, section=Section.ALERTS)
    if webhook is None:
        words = f"no webhook: {len(states)} kept in {home.alerts.name}, nobody is told. STILLWATCH_ALERT_WEBHOOK changes that"
        return Check(name="alerts", state="note", words=words, section=Section.ALERTS)
    given_up = f", {lost['given up']} given up" if lost else ""
    words = f"webhook configured, {states.count('delivered')} delivered{given_up}; night due by {settings.night_due_hour}:00 UTC"
    return Check(name="alerts", state="ok", words=words, section=Section.ALERTS)


def _exports(home: Home) -> Check:
    from orchestration.exporting.announcing import untold  # noqa: PLC0415 - most homes export nothing
    from orchestration.exporting.export import latest_export  # noqa: PLC0415

    settings, last = operation_settings(), latest_export(home)
    if last is None and not settings.exports_every_night:
        words = "none asked for; `stillwatch export` makes one"
        return Check(name="exports", state="note", words=words, section=Section.EXPORT)
    current = current_or_none(home.published)
    waiting = len(untold(home)) if webhook_of(settings, home, "release") else 0
    behind = current is not None and (last is None or last.release_id != current.name)
    if waiting or (behind and settings.exports_every_night):
        what = f"{waiting} not told to the webhook" if waiting else f"{current.name if current else ''} is not exported"
        words = f"{what}: `stillwatch export` tries again"
        return Check(name="exports", state="fault", words=words, section=Section.EXPORT)
    words = f"{last.folder_name} is the last" if last else "none yet"
    return Check(name="exports", state="note" if behind else "ok", words=words, section=Section.EXPORT)


def _lineage(home: Home) -> Check:
    settings, runs = operation_settings(), spool.run_files(home)
    if not settings.records_lineage:
        words = "none asked for; STILLWATCH_LINEAGE=file writes it"
        return Check(name="lineage", state="note", words=words, section=Section.LINEAGE)
    unsent = len(spool.waiting(home)) if webhook_of(settings, home, "lineage") else 0
    if unsent and not holder_of(home):
        words = f"{unsent} events wait: `stillwatch lineage --send` tries again and says what the receiver answers"
        return Check(name="lineage", state="fault", words=words, section=Section.LINEAGE)
    words = f"{len(runs)} runs in {home.lineage.name}/, the last {runs[-1].name}" if runs else "no run was recorded yet"
    return Check(name="lineage", state="ok", words=words, section=Section.LINEAGE)


def _few(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
