"""Volume before and after enforcement: enforced actors' requests by day relative to their first action."""

from orchestration.reporting.charts.shapes import LineChart, Panel, Point, Rule, Series
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.figures.volume_change import VolumeChange, mean_by_day, read_actors, volume_change
from orchestration.reporting.formats import count, interval, number, plural
from orchestration.reporting.metrics import Metric, curve
from orchestration.reporting.release import Release
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.tables import Table, TableColumn, numeric

_DEFINITION = (
    "An actor's accounts are those acted on and every account ever linked to it, so that volume moved to a new "
    "account of the actor still counts. Refused requests do not count where the release tells them apart. "
    "Overturned and reversed actions are left out. The change is the ratio of mean daily requests after to before "
    "(ratio estimator, Cochran 1977, section 6.3). It describes what happened; "
)
_WITH_COUNTERFACTUAL = "what would have happened without the action is the dashed line."
_WITHOUT_COUNTERFACTUAL = "what would have happened without the action is not estimated in this release."


def volume_figure(release: Release, metrics: tuple[Metric, ...], settings: ReportSettings) -> tuple[Figure, VolumeChange]:
    """Return the figure and the change it shows."""
    actors = read_actors(release, settings.window_days)
    change = volume_change(actors, settings)
    points = mean_by_day(actors, settings)
    counterfactual = tuple(
        Point(x=day, y=row.value, lower=row.lower, upper=row.upper)
        for day, row in curve(metrics, "counterfactual_requests")
        if row.value is not None and abs(day) <= settings.window_days
    )
    chart = thin = None
    if change.ratio is None or len(points) < 2:
        thin = (
            f"Not drawn: {plural(change.observed_count, 'enforced actor')} of {change.enforced_count:,} observed for "
            f"at least {settings.minimum_observed_days} days before and after an action; "
            f"{settings.minimum_actor_count} are needed."
        )
    else:
        observed = Series(label="Observed", points=tuple(point for point, _ in points))
        without = (
            Series(label="Without action, estimated", points=counterfactual, style=2, is_dashed=True) if counterfactual else None
        )
        chart = LineChart(
            panels=(Panel(title="", series=(observed, without) if without else (observed,)),),
            unit="number",
            x_kind="day",
            y_title="Requests per actor and day",
            x_title="Days from the action",
            rule=Rule(x=0, label="Action"),
        )
    columns = ("Day from action", "Mean requests per actor", "95% interval", "Actors observed")
    rows = tuple(
        (
            numeric(f"{point.x:+d}" if point.x else "0", point.x),
            numeric(number(point.y), point.y),
            numeric(interval(point.lower, point.upper, "number"), point.lower),
            numeric(count(n), n),
        )
        for point, n in points
    )
    figure = Figure(
        figure_id="volume",
        topic="What changed",
        title=change.sentence,
        subtitle=(
            f"Mean requests per enforced actor and day, {settings.window_days} days before to "
            f"{settings.window_days} days after the first action that took effect"
        ),
        definition=_DEFINITION + (_WITH_COUNTERFACTUAL if counterfactual else _WITHOUT_COUNTERFACTUAL),
        n=(
            f"{plural(change.enforced_count, 'enforced actor')}, {change.observed_count:,} with at least "
            f"{settings.minimum_observed_days} days on both sides"
        ),
        interval="95%, Student's t across actors; the band is cut at zero and widens where fewer actors are observed",
        source="account_days, actions, actor_members",
        query=(
            "select account_id, activity_date, sum(success_count) as request_count from 'parquet/account_days/*.parquet' "
            "where account_id in (select account_id from actions) group by account_id, activity_date order by "
            "account_id, activity_date"
        ),
        chart=chart,
        thin=thin,
        table=Table(
            table_id="volume-rows",
            caption="Mean requests per enforced actor by day from the action",
            columns=tuple(TableColumn(title=title, kind="number") for title in columns),
            rows=rows,
            empty="No enforced actor has requests on record.",
        ),
    )
    return figure, change
