"""Decisions month by month: how many of each kind, on which surface, and how many accounts they reached."""

from datetime import date

from orchestration.reporting.charts.shapes import LineChart, Panel, Point, Series
from orchestration.reporting.figures.consistency import ordered_types
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.formats import count, name, plural
from orchestration.reporting.release import Release
from orchestration.reporting.tables import Table, TableColumn, numeric, text

_DECISIONS = """
select
    strftime(decided_at, '%Y-%m') as month,
    surface,
    action_type,
    count(distinct case_id) as decision_count,
    count(distinct account_id) as account_count
from actions
where cast(decided_at as date) <= $as_of_date
group by month, surface, action_type
order by month desc, surface, action_type
"""
_QUERY = (
    "select strftime(decided_at, '%Y-%m') as month, surface, action_type, count(distinct case_id) as decision_count, "
    "count(distinct account_id) as account_count from actions group by month, surface, action_type "
    "order by month desc, surface, action_type"
)


def decisions_figure(release: Release) -> Figure:
    """Return decisions by month, one panel a kind of action; a month without one is zero."""
    found = release.rows(_DECISIONS)
    as_of = release.manifest.as_of_date
    months = _months(min((row["month"] for row in found), default=None), as_of)
    types = ordered_types({row["action_type"] for row in found})
    totals = {
        (kind, month): sum(int(row["decision_count"]) for row in found if (row["action_type"], row["month"]) == (kind, month))
        for kind in types
        for month in months
    }
    panels = tuple(
        Panel(
            title=name(kind),
            series=(Series(label="", mark="column", points=tuple(Point(x=_day(m), y=totals[kind, m]) for m in months)),),
        )
        for kind in types
    )
    total = sum(totals.values())
    return Figure(
        figure_id="decisions",
        topic="What was done",
        title=_title(totals, months),
        subtitle=f"Decisions by month and kind of action, same scale; the last month is counted to {as_of}",
        definition=(
            "A decision is one case, surface and kind of action in one month, however many accounts it reached. Reversed ones "
            "are included: the chart shows what was decided."
        ),
        n=f"{plural(total, 'decision')} in {plural(len(months), 'month')}",
        interval="None: complete counts, not a sample",
        source="actions",
        query=_QUERY,
        chart=LineChart(panels=panels, unit="count", x_kind="month", y_title="", x_title="") if panels else None,
        thin=None if panels else "Not drawn: no action is on record.",
        table=Table(
            table_id="decisions-rows",
            caption="Decisions by month, surface and kind of action",
            columns=(
                TableColumn(title="Month", is_facet=True),
                TableColumn(title="Surface", is_facet=True),
                TableColumn(title="Action", is_facet=True),
                TableColumn(title="Decisions", kind="number"),
                TableColumn(title="Accounts", kind="number"),
            ),
            rows=tuple(
                (
                    text(row["month"]),
                    text(name(row["surface"])),
                    text(name(row["action_type"])),
                    numeric(count(row["decision_count"]), row["decision_count"]),
                    numeric(count(row["account_count"]), row["account_count"]),
                )
                for row in found
            ),
            empty="The release has no action.",
        ),
    )


def _months(first: str | None, last: date) -> list[str]:
    """Return the months from `first` to that of `last`, none left out."""
    if first is None:
        return []
    start = int(first[:4]) * 12 + int(first[5:]) - 1
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(start, last.year * 12 + last.month)]


def _day(month: str) -> int:
    return (date.fromisoformat(f"{month}-01") - date(1970, 1, 1)).days


def _title(totals: dict[tuple[str, str], int], months: list[str]) -> str:
    by_month = [sum(n for (_, of), n in totals.items() if of == month) for month in months[-2:]]
    if not by_month:
        return "No action is on record"
    title = f"{plural(by_month[-1], 'decision')} in {months[-1]} so far"
    return f"{title}, {by_month[0]:,} in {months[-2]}" if len(by_month) == 2 else title
