"""Rows kept aside by day: what the gates did not let in."""

from datetime import date, timedelta

from orchestration.reporting.charts.shapes import LineChart, Panel, Point, Series
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.formats import count, iso, name, plural
from orchestration.reporting.release import Release
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.tables import Table, TableColumn, numeric, text

_QUARANTINE = """
select
    first_seen_on,
    table_name,
    reason,
    count(*) as row_count,
    count_if(released_at is not null) as released_count
from quarantine
where first_seen_on > $as_of_date - $day_count and first_seen_on <= $as_of_date
group by first_seen_on, table_name, reason
order by first_seen_on desc, row_count desc, table_name, reason
"""
_QUERY = (
    "select first_seen_on, table_name, reason, count(*) as row_count from quarantine "
    "group by first_seen_on, table_name, reason order by first_seen_on desc, row_count desc, table_name, reason"
)


def quarantined_figure(release: Release, settings: ReportSettings) -> Figure:
    """Return rows quarantined by the day they were first seen, days without any as zero."""
    as_of = release.manifest.as_of_date
    found = release.rows(_QUARANTINE, {"day_count": settings.window_days})
    by_day = {
        day: sum(int(row["row_count"]) for row in found if row["first_seen_on"] == day)
        for day in {r["first_seen_on"] for r in found}
    }
    week = sum(n for day, n in by_day.items() if (as_of - day).days < 7)
    before = sum(n for day, n in by_day.items() if 7 <= (as_of - day).days < 14)
    days = [as_of - timedelta(days=back) for back in reversed(range(settings.window_days))]
    points = tuple(Point(x=(day - date(1970, 1, 1)).days, y=by_day.get(day, 0)) for day in days)
    return Figure(
        figure_id="quarantined",
        topic="Quarantine",
        title=f"Kept aside in the last seven days: {plural(week, 'row')}; in the seven before: {before:,}",
        subtitle="Rows quarantined by the day on which they were first seen",
        definition=(
            "A quarantined row entered no other table. It is released when a sound copy of it arrives. Rows are counted once "
            "for each reason."
        ),
        n=f"{plural(sum(by_day.values()), 'row')} in {plural(settings.window_days, 'day')}",
        interval="None: complete counts, not a sample",
        source="quarantine",
        query=_QUERY,
        chart=LineChart(
            panels=(Panel(title="", series=(Series(label="", points=points, mark="column"),)),),
            unit="count",
            x_kind="date",
            y_title="Rows kept aside",
            x_title="",
        )
        if by_day
        else None,
        thin=None if by_day else f"Not drawn: no row was kept aside in {plural(settings.window_days, 'day')}.",
        table=Table(
            table_id="quarantined-rows",
            caption="Rows kept aside by day, table and reason",
            columns=(
                TableColumn(title="First seen"),
                TableColumn(title="Table", is_facet=True),
                TableColumn(title="Reason", is_facet=True),
                TableColumn(title="Rows", kind="number"),
                TableColumn(title="Released since", kind="number"),
            ),
            rows=tuple(
                (
                    text(iso(row["first_seen_on"])),
                    text(row["table_name"]),
                    text(name(row["reason"])),
                    numeric(count(row["row_count"]), row["row_count"]),
                    numeric(count(row["released_count"]), row["released_count"]),
                )
                for row in found
            ),
            empty="",
        ),
    )
