"""What our own decisions lack: one row per kind of finding, sanctions without a prior verdict first."""

from orchestration.reporting.formats import count
from orchestration.reporting.release import Release
from orchestration.reporting.tables import Table, TableColumn, lines, numeric, text

CASES_SHOWN = 5

WORDS = {
    "sanction_without_verdict": "Suspended or terminated before a reviewer found a violation",
    "channel_not_used": "Not sent to a channel that an escalation path asks for",
    "departs_from_precedents": "Other action than nearly all supporting precedents",
    "unknown_clause": "Under a clause that the framework does not have",
    "unknown_version": "Under a version that the framework does not have",
    "unknown_partner": "Referred to a partner without an agreement in force",
    "unknown_rubric_line": "Graded on a line that the rubric does not have",
}
_FINDINGS = """
select finding, count(*) as finding_count, count(distinct case_id) as case_count,
    list(distinct case_id order by case_id) filter (where case_id is not null) as case_ids
from case_findings
group by finding
"""


def findings_table(release: Release) -> Table:
    """Return every kind of finding with its number, 0 too: that nothing was found is said, not left out."""
    found = {row["finding"]: row for row in release.rows(_FINDINGS)}
    return Table(
        table_id="findings",
        caption="What decisions lack",
        columns=(
            TableColumn(title="Finding"),
            TableColumn(title="Records", kind="number"),
            TableColumn(title="Cases", kind="number"),
            TableColumn(title="Which", kind="list"),
        ),
        rows=tuple(
            (
                text(words),
                numeric(count(amount := found.get(kind, {}).get("finding_count", 0)), amount),
                numeric(count(cases := found.get(kind, {}).get("case_count", 0)), cases),
                lines(_shown(found.get(kind, {}).get("case_ids") or [])),
            )
            for kind, words in WORDS.items()
        ),
        empty="The release states no finding.",
    )


def _shown(case_ids: list[str]) -> list[str]:
    rest = [f"and {len(case_ids) - CASES_SHOWN:,} more"] if len(case_ids) > CASES_SHOWN else []
    return [*case_ids[:CASES_SHOWN], *rest]
