"""Consistency: which kinds of action were taken on which surface."""

from scipy.stats import binomtest

from orchestration.reporting.charts.shapes import Row, RowChart, RowGroup
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.formats import count, interval, listed, name, plural, share
from orchestration.reporting.release import Release
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.tables import Table, TableColumn, numeric, text

# One decision on a case that reaches 500 accounts is one decision, or large cases would decide the shares alone.
_DECISIONS = """
with decisions as (
    select distinct case_id, surface, action_type from actions where cast(decided_at as date) <= $as_of_date
)
select surface, action_type, count(*) as decision_count
from decisions
group by surface, action_type
order by surface, action_type
"""
_TYPES = (
    "no_action",
    "warning",
    "rate_limit",
    "feature_block",
    "suspension",
    "termination",
    "key_revocation",
    "victim_notice",
)


def consistency_figure(release: Release, settings: ReportSettings) -> Figure:
    """Return the figure; surfaces with too few decisions are in the table only."""
    found = {(row["surface"], row["action_type"]): int(row["decision_count"]) for row in release.rows(_DECISIONS)}
    surfaces = sorted({surface for surface, _ in found})
    used = {action_type for _, action_type in found}
    types = ordered_types(used)
    totals = {surface: sum(n for (of, _), n in found.items() if of == surface) for surface in surfaces}
    drawn = [surface for surface in surfaces if totals[surface] >= settings.minimum_decision_count]
    groups = tuple(
        RowGroup(
            title=f"{name(surface)} (n = {totals[surface]:,})",
            rows=tuple(_row(kind, found.get((surface, kind), 0), totals[surface]) for kind in types),
        )
        for surface in drawn
    )
    return Figure(
        figure_id="consistency",
        topic="Where decisions differ",
        title=_title(found, drawn, types),
        subtitle="Share of a surface's decisions by kind of action, same scale on every surface",
        definition=(
            "A decision is one case, surface and kind of action, however many accounts it reached. Reversed actions are "
            "included: the chart shows what was decided. Surfaces differ in their cases, so a difference is a question, not yet "
            "an inconsistency."
        ),
        n=f"{plural(sum(totals.values()), 'decision')} on {plural(len(surfaces), 'surface')}",
        interval="95%, Wilson",
        source="actions",
        query="select distinct surface, action_type, case_id from actions order by surface, action_type, case_id",
        chart=RowChart(groups=groups, unit="share", x_title="Share of the surface's decisions", maximum=1.0) if groups else None,
        thin=None
        if groups
        else f"Not drawn: no surface has {settings.minimum_decision_count} decisions; {sum(totals.values()):,} in all.",
        table=Table(
            table_id="consistency-rows",
            caption="Decisions by surface and kind of action",
            columns=(
                TableColumn(title="Surface"),
                TableColumn(title="Action"),
                TableColumn(title="Decisions", kind="number"),
                TableColumn(title="Share of surface", kind="number"),
                TableColumn(title="95% interval", kind="number"),
            ),
            rows=tuple(_cells(surface, kind, n, totals[surface]) for (surface, kind), n in sorted(found.items())),
            empty="The release has no action.",
        ),
    )


def ordered_types(used: set[str]) -> list[str]:
    """Return kinds of action from the mildest to the hardest; unknown ones last."""
    return [*(kind for kind in _TYPES if kind in used), *sorted(used - set(_TYPES))]


def _wilson(n: int, total: int) -> tuple[float, float]:
    """95% Wilson score interval (Wilson 1927; Newcombe 1998, method 3)."""
    bounds = binomtest(n, total).proportion_ci(confidence_level=0.95, method="wilson")
    return float(bounds.low), float(bounds.high)


def _row(kind: str, n: int, total: int) -> Row:
    lower, upper = _wilson(n, total)
    return Row(label=name(kind), value=n / total, lower=lower, upper=upper, note=f"{share(n / total)} ({n:,})", mark="bar")


def _cells(surface: str, kind: str, n: int, total: int):
    lower, upper = _wilson(n, total)
    return (
        text(name(surface)),
        text(name(kind)),
        numeric(count(n), n),
        numeric(share(n / total), n / total),
        numeric(interval(lower, upper, "share"), lower),
    )


def _title(found: dict[tuple[str, str], int], drawn: list[str], types: list[str]) -> str:
    if not drawn:
        return "Too few decisions to compare surfaces"
    usual = {surface: _usual(found, surface, types) for surface in drawn}
    if len(drawn) == 1:
        return f"On {name(drawn[0])} the most frequent decision is {usual[drawn[0]]}"
    if len(set(usual.values())) == 1:
        return f"The most frequent decision is the same on all {len(drawn)} surfaces compared: {usual[drawn[0]]}"
    said = [
        f"{kind} on {listed([name(surface) for surface in drawn if usual[surface] == kind])}"
        for kind in dict.fromkeys(usual[surface] for surface in drawn)
    ]
    return f"The most frequent decision differs by surface: {listed(said)}"


def _usual(found: dict[tuple[str, str], int], surface: str, types: list[str]) -> str:
    """Name the most frequent kinds of decision on a surface; ties are all named."""
    top = max(found.get((surface, kind), 0) for kind in types)
    return " or ".join(name(kind).lower() for kind in types if found.get((surface, kind), 0) == top)
