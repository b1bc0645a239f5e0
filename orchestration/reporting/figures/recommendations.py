"""What should change upstream: recommendations about signals, clauses and tactics, open ones first."""

from typing import Any

from orchestration.reporting.formats import MISSING, count, interval, iso, name, share
from orchestration.reporting.release import Release
from orchestration.reporting.tables import Table, TableColumn, numeric, text

_RECOMMENDATIONS = """
select *
from recommendations
order by state = 'open' desc, about, about_id, group_kind, group_value, recommendation, state, evidence
"""


def read_recommendations(release: Release) -> tuple[Table, int]:
    """Return the table and the number of open recommendations."""
    found = release.rows(_RECOMMENDATIONS)
    table = Table(
        table_id="recommendations",
        caption="Recommended changes",
        columns=(
            TableColumn(title="About", is_facet=True),
            TableColumn(title="Which"),
            TableColumn(title="Group"),
            TableColumn(title="Recommendation"),
            TableColumn(title="Evidence"),
            TableColumn(title="Owner", is_facet=True),
            TableColumn(title="State", is_facet=True),
            TableColumn(title="Decision"),
            TableColumn(title="Measured by"),
            TableColumn(title="Before", kind="number"),
            TableColumn(title="After", kind="number"),
        ),
        rows=tuple(
            (
                text(name(row["about"])),
                text(row["about_id"]),
                text(_group(row["group_kind"], row["group_value"])),
                text(name(row["recommendation"])),
                text(row["evidence"]),
                text(row["owner"]),
                text(row["state"]),
                text(_decision(row)),
                text(name(row["measure"])),
                numeric(_effect(row, "before"), row["effect_before"]),
                numeric(_effect(row, "after"), row["effect_after"]),
            )
            for row in found
        ),
        empty="No change is recommended by this release.",
    )
    return table, sum(1 for row in found if row["state"] == "open")


def _group(kind: str | None, value: str | None) -> str:
    return "all" if kind in {None, "all"} else f"{name(kind).lower()} {value}"


def _decision(row: dict[str, Any]) -> str:
    """Who decided when, the version that adopted it and why; a dash while nobody has."""
    if row["state"] == "open":
        return MISSING
    version = f"in {row['adopted_in_kind']} version {row['adopted_in']}" if row["adopted_in"] else ""
    parts = (iso(row["decided_on"]) if row["decided_on"] else "", row["decided_by"], version, row["decision_reason"])
    return "; ".join(part for part in parts if part) or MISSING


def _effect(row: dict[str, Any], side: str) -> str:
    """The share with its interval and n; how many there are where they are too few."""
    value, n = row[f"effect_{side}"], row[f"effect_{side}_n"]
    if n is None:
        return MISSING
    if value is None:
        return f"too little data (n = {count(n)})"
    bounds = interval(row[f"effect_{side}_lower"], row[f"effect_{side}_upper"], "share")
    return f"{share(value)} ({bounds}; n = {count(n)})"
