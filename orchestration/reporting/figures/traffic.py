"""Request volume by day and surface: the background against which everything else is read."""

from datetime import date

from orchestration.contract import landing_contract
from orchestration.days import days_between
from orchestration.reporting.charts.shapes import LineChart, Panel, Point, Series
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.formats import count, iso, name, plural, share
from orchestration.reporting.release import Release
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.tables import Table, TableColumn, numeric, text

_TRAFFIC = """
select activity_date, surface, cast(sum(request_count) as bigint) as request_count
from account_days
where activity_date > $as_of_date - $traffic_day_count and activity_date <= $as_of_date
group by activity_date, surface
order by activity_date desc, surface
"""


def traffic_figure(release: Release, settings: ReportSettings) -> Figure:
    """Return the figure as one small multiple a surface; days without requests are zero."""
    found = release.rows(_TRAFFIC, {"traffic_day_count": settings.traffic_day_count})
    by_day = {(row["activity_date"], row["surface"]): int(row["request_count"]) for row in found}
    surfaces = sorted({surface for _, surface in by_day})
    seen = sorted({day for day, _ in by_day})
    days = days_between(seen[0], seen[-1]) if seen else []
    panels = tuple(
        Panel(
            title=name(surface),
            series=(
                Series(
                    label="",
                    points=tuple(Point(x=(day - date(1970, 1, 1)).days, y=by_day.get((day, surface), 0)) for day in days),
                ),
            ),
        )
        for surface in surfaces
    )
    is_drawn = len(days) > 1
    return Figure(
        figure_id="traffic",
        topic="Request volume",
        title=_title(by_day, release.manifest.as_of_date),
        subtitle="Requests by day, one panel a surface, same scale on all",
        definition="All requests of all accounts, successful or not, by the day on which they reached the provider.",
        n=f"{plural(sum(by_day.values()), 'request')} on {plural(len(days), 'day')}",
        interval=(
            "None: complete counts, not a sample. The newest "
            f"{plural(landing_contract().late_arrival_days, 'day')} may still grow by late arrivals"
        ),
        source="account_days",
        query=(
            "select activity_date, surface, sum(request_count) as request_count from 'parquet/account_days/*.parquet' "
            "group by activity_date, surface order by activity_date desc, surface"
        ),
        chart=LineChart(panels=panels, unit="number", x_kind="date", y_title="Requests per day", x_title="")
        if is_drawn
        else None,
        thin=None if is_drawn else "Not drawn: fewer than two days with requests are on record.",
        table=Table(
            table_id="traffic-rows",
            caption="Requests by day and surface",
            columns=(
                TableColumn(title="Day"),
                TableColumn(title="Surface", is_facet=True),
                TableColumn(title="Requests", kind="number"),
            ),
            rows=tuple(
                (
                    text(iso(row["activity_date"])),
                    text(name(row["surface"])),
                    numeric(count(row["request_count"]), row["request_count"]),
                )
                for row in found
            ),
            empty="The release has no requests.",
        ),
    )


def _title(by_day: dict[tuple[date, str], int], as_of_date: date) -> str:
    week = sum(n for (day, _), n in by_day.items() if 0 <= (as_of_date - day).days < 7)
    before = sum(n for (day, _), n in by_day.items() if 7 <= (as_of_date - day).days < 14)
    if not by_day:
        return "No requests on record"
    title = f"{plural(week, 'request')} in the last seven days"
    if before == 0:
        return title
    change = week / before - 1
    if round(change, 2) == 0:
        return f"{title}, about as many as in the seven before"
    return f"{title}, {share(abs(round(change, 3)))} {'more' if change > 0 else 'fewer'} than in the seven before"
