"""The gates' page: what became of delivered rows, what the two gates found, and who let which limit be broken."""

from collections.abc import Mapping, Sequence
from typing import Any

from orchestration.reporting.answers import Answer
from orchestration.reporting.figures.quality import quarantine_table
from orchestration.reporting.formats import count, listed, name, plural
from orchestration.reporting.release import Gate, Manifest
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.tables import Table, TableColumn, numeric, text
from orchestration.reporting.view import Section, View

Finding = Mapping[str, Any]


def build_gates(manifest: Manifest, settings: ReportSettings) -> View:
    """Return the view of what stands in the manifest about the gates; nothing in it is computed anew."""
    findings = {gate.gate: _findings(gate) for gate in manifest.gates}
    everything = [finding for found in findings.values() for finding in found]
    return View(
        file_name="gates.html",
        title="Gates and intake",
        lead="What was let in, what was kept aside, and what was checked before anything was handed out.",
        manifest=manifest,
        answers=_answers(manifest, everything),
        sections=(
            Section(section_id="intake", title="What was let in", tables=(_intake_table(manifest), quarantine_table(manifest))),
            Section(
                section_id="broken",
                title="What did not hold",
                tables=(_overrides_table(everything), _unmet_table(everything)),
            ),
            Section(
                section_id="checked",
                title="Everything that was checked",
                tables=tuple(_checked_table(gate, found) for gate, found in findings.items()),
            ),
        ),
        definitions=(),
        settings=settings,
    )


def _findings(gate: Gate) -> list[Finding]:
    return [finding for finding in gate.findings if isinstance(finding, dict)] if isinstance(gate.findings, list) else []


def _answers(manifest: Manifest, findings: Sequence[Finding]) -> tuple[Answer, Answer, Answer]:
    delivered = sum(intake.get("delivered", 0) for intake in manifest.intake.values())
    quarantined = sum(intake.get("quarantined", 0) for intake in manifest.intake.values())
    overridden = [finding for finding in findings if finding.get("overridden")]
    warned = [finding for finding in findings if _outcome(finding) == "warns"]
    return (
        (
            "What came in",
            f"{plural(delivered, 'row')} delivered, of which {quarantined:,} kept aside."
            if manifest.intake
            else "The release does not state what was delivered.",
        ),
        (
            "How sure we are",
            f"{plural(len(findings), 'expectation')} checked; a release is published only when none of them blocks.",
        ),
        (
            "What needs a decision",
            f"{plural(len(warned), 'warning')} to look into, {plural(len(overridden), 'limit')} overridden"
            + (f" ({listed(sorted({str(item.get('table')) for item in overridden}))})." if overridden else "."),
        ),
    )


def _outcome(finding: Finding) -> str:
    if finding.get("success") is True:
        return "held"
    if finding.get("overridden"):
        return "overridden"
    return "blocks" if finding.get("severity") == "block" else "warns"


def _intake_table(manifest: Manifest) -> Table:
    columns = ("delivered", "accepted", "repeated", "quarantined")
    return Table(
        table_id="intake",
        caption="Rows of the run by landing table: delivered is accepted, repeated and quarantined together",
        columns=(TableColumn(title="Table"), *(TableColumn(title=name(column), kind="number") for column in columns)),
        rows=tuple(
            (text(table), *(numeric(count(intake.get(column)), intake.get(column)) for column in columns))
            for table, intake in sorted(manifest.intake.items())
        ),
        empty="The release does not state what was delivered.",
    )


def _overrides_table(findings: Sequence[Finding]) -> Table:
    overridden = [(finding, finding["overridden"]) for finding in findings if finding.get("overridden")]
    return Table(
        table_id="overridden",
        caption="Limits that somebody let be broken",
        columns=(
            TableColumn(title="Table"),
            TableColumn(title="Limit"),
            TableColumn(title="Until"),
            TableColumn(title="By"),
            TableColumn(title="Reason"),
            TableColumn(title="What was found"),
        ),
        rows=tuple(
            (
                text(str(finding.get("table"))),
                text(str(given.get("limit"))),
                text(str(given.get("last_night"))),
                text(str(given.get("by"))),
                text(str(given.get("reason"))),
                text(str(finding.get("message"))),
            )
            for finding, given in overridden
        ),
        empty="No limit was overridden.",
    )


def _unmet_table(findings: Sequence[Finding]) -> Table:
    unmet = [finding for finding in findings if _outcome(finding) in ("warns", "blocks")]
    return Table(
        table_id="unmet",
        caption="Warnings",
        columns=(TableColumn(title="Table", is_facet=True), TableColumn(title="What was found and what to do")),
        rows=tuple((text(str(finding.get("table"))), text(str(finding.get("message")))) for finding in unmet),
        empty="Everything held.",
    )


def _checked_table(gate: str, findings: Sequence[Finding]) -> Table:
    return Table(
        table_id=f"checked-{gate}",
        caption=f"Expectations of the {gate} gate",
        columns=(
            TableColumn(title="Table", is_facet=True),
            TableColumn(title="Expectation"),
            TableColumn(title="If not", is_facet=True),
            TableColumn(title="Outcome", is_facet=True),
            TableColumn(title="Against it", kind="number"),
            TableColumn(title="Of", kind="number"),
        ),
        rows=tuple(
            (
                text(str(finding.get("table"))),
                text(str(finding.get("expectation"))),
                text("blocks" if finding.get("severity") == "block" else "warns"),
                text(_outcome(finding)),
                numeric(count(finding.get("unexpected_count")), finding.get("unexpected_count")),
                numeric(count(finding.get("element_count")), finding.get("element_count")),
            )
            for finding in findings
        ),
        empty="The manifest lists no expectation of this gate.",
    )
