"""Return curve: how many enforced actors had not come back, by day after the action."""

from orchestration.reporting.charts.shapes import LineChart, Panel, Point, Series
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.figures.metric_rows import metrics_query
from orchestration.reporting.formats import count, interval, plural, share
from orchestration.reporting.metrics import Metric, curve
from orchestration.reporting.tables import Table, TableColumn, numeric, text


def returns_figure(metrics: tuple[Metric, ...]) -> Figure:
    """Return the figure from the `return_survival` rows with slice `day=N`."""
    found = curve(metrics, "return_survival")
    placebo = curve(metrics, "placebo_survival")
    drawn = [(day, row) for day, row in found if row.value is not None]
    series = [
        *_series("Enforced", found),
        *(one.model_copy(update={"style": 2, "is_dashed": True}) for one in _series("Matched, never enforced", placebo)),
    ]
    is_drawn = len(drawn) > 1
    totals = [row.n for _, row in found if row.n is not None]
    methods = sorted({row.method.split(";")[0].removesuffix(" 95 %") for _, row in found if row.method})
    return Figure(
        figure_id="returns",
        topic="What came back",
        title=_title(drawn),
        subtitle="Estimated share of enforced actors that had not returned, by day after the action",
        definition=(
            "An actor has returned when a new account is linked to it by at least two independent kinds of link, one "
            "of them not behavioural. Actors whose action was overturned are left out; those not yet observed for long "
            "enough count as censored. Matched actors that were never enforced show how often links arise by chance."
        ),
        n=f"{plural(max(totals), 'enforced actor')} at the start" if totals else "no actors",
        interval=f"95%{', ' + ', '.join(methods) if methods else ''}",
        source="enforcement_metrics, metrics return_survival and placebo_survival",
        query=metrics_query("return_survival", "placebo_survival"),
        chart=LineChart(
            panels=(Panel(title="", series=tuple(series)),),
            unit="share",
            x_kind="day",
            y_title="Share of enforced actors not yet returned",
            x_title="Days after the action",
            y_maximum=1.0,
        )
        if is_drawn
        else None,
        thin=None if is_drawn else "Not drawn: too few enforced actors have been observed to estimate how many come back.",
        table=Table(
            table_id="returns-rows",
            caption="Share not yet returned by day after the action",
            columns=(
                TableColumn(title="Actors", is_facet=True),
                TableColumn(title="Day", kind="number"),
                TableColumn(title="Not yet returned", kind="number"),
                TableColumn(title="95% interval", kind="number"),
                TableColumn(title="n", kind="number"),
                TableColumn(title="Method"),
            ),
            rows=tuple(
                (
                    text(of),
                    numeric(str(day), day),
                    numeric(row.value_text, row.value),
                    numeric(row.interval_text, row.lower),
                    numeric(count(row.n), row.n),
                    text(row.method),
                )
                for of, rows in (("enforced", found), ("matched, never enforced", placebo))
                for day, row in rows
            ),
            empty="The release has no return curve.",
        ),
    )


def _series(label: str, found: list[tuple[int, Metric]]) -> list[Series]:
    """Return the curve as a step from 1 at the action, or nothing where fewer than two days can be shown."""
    points = [Point(x=day, y=row.value, lower=row.lower, upper=row.upper) for day, row in found if row.value is not None]
    if len(points) < 2:
        return []
    start = [] if points[0].x == 0 else [Point(x=0, y=1.0, lower=1.0, upper=1.0)]
    return [Series(label=label, points=(*start, *points), is_step=True)]


def _title(drawn: list[tuple[int, Metric]]) -> str:
    if len(drawn) < 2:
        return "Too few enforced actors to say how many came back"
    day, row = max((pair for pair in drawn if pair[0] <= 28), default=drawn[0], key=lambda pair: pair[0])
    returned = 1 - (row.value or 0.0)
    sure = (
        f" (95% interval {interval(1 - row.upper, 1 - row.lower, 'share')})"
        if row.upper is not None and row.lower is not None
        else ""
    )
    return f"Within {plural(day, 'day')} an estimated {share(returned)} of enforced actors had come back{sure}"
