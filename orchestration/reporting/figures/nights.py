"""The queue by night: leads waiting, past due, decided, and how much of the reviewers' capacity that was."""

from collections.abc import Callable
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

from orchestration.reporting.charts.shapes import LineChart, Panel, Point, Series
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.formats import count, iso, plural, share
from orchestration.reporting.release import Release
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.tables import Table, TableColumn, numeric, text

_NIGHTS = """
with decided as (
    select cast(decided_at as date) as decided_on, count(*) as decided_count
    from reviews
    where decided_at is not null
    group by cast(decided_at as date)
)
select
    review_queue.as_of_date,
    count(*) as lead_count,
    count_if(review_queue.due_at < review_queue.as_of_date + 1) as past_due_count,
    count_if(review_queue.first_queued_on = review_queue.as_of_date) as new_count,
    coalesce(any_value(decided.decided_count), 0) as decided_count
from review_queue
left join decided on review_queue.as_of_date = decided.decided_on
where review_queue.as_of_date <= $as_of_date and review_queue.as_of_date > $as_of_date - $night_count
group by review_queue.as_of_date
order by review_queue.as_of_date
"""
_QUERY = (
    "select as_of_date, count(*) as lead_count, count_if(due_at < as_of_date + 1) as past_due_count "
    "from 'parquet/review_queue/*.parquet' group by as_of_date order by as_of_date desc"
)
_DECIDED = (
    "select cast(decided_at as date) as decided_on, count(*) as decided_count, "
    "(select settings.measurement.review_capacity from 'manifest.json') as capacity from reviews "
    "where decided_at is not null group by decided_on order by decided_on desc"
)
_THIN = "Not drawn: fewer than two nights with a queue are published."


class Night(BaseModel):
    """One night with a queue: leads in it, past due at its end, queued for the first time, and decided that day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of_date: date
    lead_count: int
    past_due_count: int
    new_count: int
    decided_count: int

    @property
    def day(self) -> int:
        """Days since 1970-01-01."""
        return (self.as_of_date - date(1970, 1, 1)).days


def read_nights(release: Release, settings: ReportSettings) -> tuple[Night, ...]:
    """Return the newest nights that have a queue, oldest first."""
    rows = release.rows(_NIGHTS, {"night_count": settings.traffic_day_count})
    return tuple(Night.model_validate(row) for row in rows)


def last_week(nights: tuple[Night, ...], as_of_date: date) -> list[Night]:
    """Return the nights of the seven days that end on `as_of_date`."""
    return [night for night in nights if (as_of_date - night.as_of_date).days < 7]


def capacity_figure(release: Release, nights: tuple[Night, ...]) -> Figure:
    """Return reviews decided by day against the capacity."""
    capacity = release.manifest.review_capacity
    week = last_week(nights, release.manifest.as_of_date)
    decided = sum(night.decided_count for night in week)
    series: list[Series] = []
    if len(nights) > 1:
        series.append(Series(label="", points=_course(nights, lambda night: night.decided_count), mark="column"))
    if series and capacity:
        limit = _course(nights, lambda _: capacity)
        series.append(Series(label="Capacity", points=limit, style=2, is_dashed=True))
    return Figure(
        figure_id="capacity",
        topic="Review budget",
        title=_capacity_title(decided, capacity, len(week)),
        subtitle="Reviews decided by day, against what the reviewers can decide in a day",
        definition=(
            "A review is decided on the day of its verdict; second reviews count, for they take the same time. Capacity is "
            "settings.measurement.review_capacity in manifest.json. The metric queue_capacity_share is measured against it too, "
            "on the days after nights instead of on their own days."
        ),
        n=f"{plural(sum(night.decided_count for night in nights), 'review')} on {plural(len(nights), 'night')}",
        interval="None: complete counts, not a sample",
        source="reviews; manifest.json, settings.measurement.review_capacity",
        query=_DECIDED,
        chart=_chart(series, "Reviews decided"),
        thin=None if series else _THIN,
        table=Table(
            table_id="capacity-rows",
            caption="Reviews and capacity by day",
            columns=(
                TableColumn(title="Day"),
                TableColumn(title="Queued first", kind="number"),
                TableColumn(title="Reviews decided", kind="number"),
                TableColumn(title="Capacity", kind="number"),
                TableColumn(title="Capacity used", kind="number"),
            ),
            rows=tuple(_capacity_cells(night, capacity) for night in reversed(nights)),
            empty="The release has no queue.",
        ),
    )


def backlog_figure(nights: tuple[Night, ...]) -> Figure:
    """Return leads waiting and past due by night."""
    series: list[Series] = []
    if len(nights) > 1:
        series.append(Series(label="Waiting", points=_course(nights, lambda night: night.lead_count)))
        series.append(Series(label="Past due", points=_course(nights, lambda night: night.past_due_count), style=2))
    return Figure(
        figure_id="backlog",
        topic="Backlog",
        title=_backlog_title(nights),
        subtitle="Leads in the review queue by night, and those whose due date had passed by its end",
        definition=(
            "A lead waits from the night that queues it until a verdict, or until the evidence for it has gone. It is past due "
            "when its due date lies before the end of the night's date."
        ),
        n=plural(len(nights), "night"),
        interval="None: complete counts, not a sample",
        source="review_queue, all nights",
        query=_QUERY,
        chart=_chart(series, "Leads"),
        thin=None if series else _THIN,
        table=Table(
            table_id="backlog-rows",
            caption="Leads waiting and past due by night",
            columns=(
                TableColumn(title="Night"),
                TableColumn(title="Waiting", kind="number"),
                TableColumn(title="Past due", kind="number"),
                TableColumn(title="Share past due", kind="number"),
            ),
            rows=tuple(
                (
                    text(iso(night.as_of_date)),
                    numeric(count(night.lead_count), night.lead_count),
                    numeric(count(night.past_due_count), night.past_due_count),
                    numeric(share(night.past_due_count / night.lead_count), night.past_due_count / night.lead_count),
                )
                for night in reversed(nights)
            ),
            empty="The release has no queue.",
        ),
    )


def _course(nights: tuple[Night, ...], value: Callable[[Night], float]) -> tuple[Point, ...]:
    return tuple(Point(x=night.day, y=value(night)) for night in nights)


def _chart(series: list[Series], y_title: str) -> LineChart | None:
    if not series:
        return None
    return LineChart(panels=(Panel(title="", series=tuple(series)),), unit="count", x_kind="date", y_title=y_title, x_title="")


def _capacity_cells(night: Night, capacity: int | None) -> tuple[Any, ...]:
    used = night.decided_count / capacity if capacity else None
    return (
        text(iso(night.as_of_date)),
        numeric(count(night.new_count), night.new_count),
        numeric(count(night.decided_count), night.decided_count),
        numeric(count(capacity), capacity),
        numeric(share(used), used),
    )


def _capacity_title(decided: int, capacity: int | None, night_count: int) -> str:
    if not night_count:
        return "No night of the last seven days has a queue"
    title = f"{plural(decided, 'review')} {'was' if decided == 1 else 'were'} decided in the last {plural(night_count, 'day')}"
    return f"{title}, {share(decided / (capacity * night_count))} of capacity" if capacity else title


def _backlog_title(nights: tuple[Night, ...]) -> str:
    if not nights:
        return "No lead is waiting"
    last = nights[-1]
    past_due = f"{last.past_due_count:,} of them past due" if last.past_due_count else "none of them past due"
    title = f"{plural(last.lead_count, 'lead')} {'waits' if last.lead_count == 1 else 'wait'} for review, {past_due}"
    before = [night for night in nights if (last.as_of_date - night.as_of_date).days == 7]
    return f"{title}; {before[0].lead_count:,} waited a week before" if before else title
