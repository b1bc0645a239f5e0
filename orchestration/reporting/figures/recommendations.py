"""What should change upstream: recommendations about signals, clauses and tactics, open ones first."""

from orchestration.reporting.formats import name, share
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
                numeric(share(row["effect_before"]), row["effect_before"]),
                numeric(share(row["effect_after"]), row["effect_after"]),
            )
            for row in found
        ),
        empty="No change is recommended by this release.",
    )
    return table, sum(1 for row in found if row["state"] == "open")


def _group(kind: str | None, value: str | None) -> str:
    return "all" if kind in {None, "all"} else f"{name(kind).lower()} {value}"
