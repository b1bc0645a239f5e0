"""Detection, review and action times: medians and 90th percentiles with their intervals."""

from orchestration.reporting.charts.shapes import Row, RowChart, RowGroup
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.figures.metric_rows import metrics_query
from orchestration.reporting.formats import count, days, interval, listed
from orchestration.reporting.metrics import Metric, latest
from orchestration.reporting.tables import Table, TableColumn, numeric, text

_STAGES = {
    "detect": "Abuse to first lead",
    "review": "Lead to verdict",
    "act": "Verdict to decision",
    "take_effect": "Decision to effect",
}
_STATISTICS = {"median": "Median", "p90": "90th percentile"}


def times_figure(metrics: tuple[Metric, ...]) -> Figure:
    """Return the figure; a stage without a mature estimate says so in its row."""
    found = {row.time_stage: row for row in latest([row for row in metrics if row.time_stage])}
    kept = [
        (stage, statistic, found[stage, statistic])
        for stage in _STAGES
        for statistic in _STATISTICS
        if (stage, statistic) in found
    ]
    is_drawn = any(row.value is not None for _, _, row in kept)
    groups = tuple(
        RowGroup(title=label, rows=tuple(_row(statistic, row) for of, statistic, row in kept if of == stage))
        for stage, label in _STAGES.items()
        if any(of == stage for of, _, _ in kept)
    )
    totals = [row.n for _, _, row in kept if row.n is not None]
    return Figure(
        figure_id="times",
        topic="How fast",
        title=_title(found),
        subtitle="Days each stage took: median and the time within which nine in ten were done",
        definition=(
            "Detection runs from the first abusive activity to the first lead, review from lead to verdict, action "
            "from verdict to decision, effect from decision to effect. Cases still open count as censored "
            "(Kaplan-Meier)."
        ),
        n=f"{min(totals):,} to {max(totals):,} cases a stage" if totals else "no cases",
        interval="95%, bootstrap over cases",
        source="enforcement_metrics",
        query=metrics_query("time_to_"),
        chart=RowChart(groups=groups, unit="days", x_title="Days") if is_drawn else None,
        thin=None if is_drawn else "Not drawn: no stage has enough finished cases to estimate how long it takes.",
        table=Table(
            table_id="times-rows",
            caption="Time by stage",
            columns=(
                TableColumn(title="Stage"),
                TableColumn(title="Statistic"),
                TableColumn(title="Days", kind="number"),
                TableColumn(title="95% interval", kind="number"),
                TableColumn(title="n", kind="number"),
                TableColumn(title="Method"),
            ),
            rows=tuple(
                (
                    text(_STAGES[stage]),
                    text(_STATISTICS[statistic]),
                    numeric("too little data" if row.value is None else days(row.in_days[0]), row.in_days[0]),
                    numeric(interval(row.in_days[1], row.in_days[2], "days"), row.in_days[1]),
                    numeric(count(row.n), row.n),
                    text(row.method),
                )
                for stage, statistic, row in kept
            ),
            empty="The release has no time metric.",
        ),
    )


def _row(statistic: str, row: Metric) -> Row:
    value, lower, upper = row.in_days
    return Row(
        label=_STATISTICS[statistic],
        value=value,
        lower=lower,
        upper=upper,
        note="too little data" if value is None else f"{days(value)} (n = {count(row.n)})",
        mark="dot" if statistic == "median" else "ring",
    )


def _title(found: dict[tuple[str, str] | None, Metric]) -> str:
    said: list[str] = []
    for stage, verb in (("detect", "to detect"), ("review", "to review"), ("act", "to decide")):
        row = found.get((stage, "median"))
        if row and row.value is not None:
            said.append(f"{days(row.in_days[0])} {verb}")
    return f"The median case took {listed(said)}" if said else "Too few finished cases to say how fast enforcement was"
