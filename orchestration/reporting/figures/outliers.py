"""Outlying decisions: those that few comparable ones took, each with its nearest precedents."""

from typing import Any

from orchestration.reporting.formats import count, iso, name, number, share
from orchestration.reporting.release import Release
from orchestration.reporting.tables import Table, TableColumn, lines, numeric, text

PRECEDENTS_SHOWN = 3

_OUTLIERS = """
with outlying as (
    select
        actions.action_id,
        actions.case_id,
        actions.surface,
        actions.action_type,
        enforcement_metrics.value,
        enforcement_metrics.n
    from enforcement_metrics
    inner join actions on starts_with(enforcement_metrics.slice, 'action_id=' || actions.action_id || ',')
    where enforcement_metrics.metric = 'consistency_outlier' and not coalesce(enforcement_metrics.immature, false)
)
select
    outlying.*,
    list({
        'case_id': case_precedents.precedent_case_id,
        'action_type': case_precedents.precedent_action_type,
        'decided_at': case_precedents.precedent_decided_at,
        'distance': case_precedents.distance,
        'is_overturned': case_precedents.is_overturned
    } order by case_precedents.precedent_rank)
        filter (where case_precedents.precedent_rank <= $shown) as precedents
from outlying
left join case_precedents on outlying.case_id = case_precedents.case_id
group by all
order by outlying.value, outlying.action_id
"""


def outliers_table(release: Release) -> Table:
    """Return the outlying decisions, the rarest first; an overturned precedent is called that."""
    return Table(
        table_id="outliers",
        caption="Outlying decisions and their nearest precedents",
        columns=(
            TableColumn(title="Case", kind="id"),
            TableColumn(title="Surface", is_facet=True),
            TableColumn(title="Action", is_facet=True),
            TableColumn(title="Comparable decisions that took it", kind="number"),
            TableColumn(title="Of", kind="number"),
            TableColumn(title="Nearest precedents", kind="list"),
        ),
        rows=tuple(
            (
                text(row["case_id"]),
                text(name(row["surface"])),
                text(name(row["action_type"])),
                numeric(share(row["value"]), row["value"]),
                numeric(count(row["n"]), row["n"]),
                lines([_told(precedent) for precedent in row["precedents"] or []]),
            )
            for row in release.rows(_OUTLIERS, {"shown": PRECEDENTS_SHOWN})
        ),
        empty="No decision is outlying among the comparable ones, or too few can be compared.",
    )


def _told(precedent: dict[str, Any]) -> str:
    decided = iso(precedent["decided_at"].date()) if precedent["decided_at"] else "undated"
    fate = ", overturned: supports nothing" if precedent["is_overturned"] else ""
    distance = number(precedent["distance"])
    return f"{name(precedent['action_type'])} in {precedent['case_id']}, {decided}, distance {distance}{fate}"
