"""Rows of `enforcement_metrics` as rows of a chart and of a table: every figure that shows estimates writes them alike."""

from collections.abc import Sequence

from orchestration.reporting.charts.shapes import Mark, Row
from orchestration.reporting.formats import count
from orchestration.reporting.metrics import Metric
from orchestration.reporting.tables import Table, TableColumn, numeric, text


def chart_row(row: Metric, label: str, mark: Mark = "dot") -> Row:
    """Return an estimate with its interval and n; one with too little data says so instead."""
    note = row.value_text if row.value is None else f"{row.value_text} (n = {count(row.n)})"
    return Row(label=label, value=row.value, lower=row.lower, upper=row.upper, note=note, mark=mark)


def metric_table(table_id: str, caption: str, rows: Sequence[Metric], empty: str) -> Table:
    """Return the estimates with slice, period, interval, n and method."""
    return Table(
        table_id=table_id,
        caption=caption,
        columns=(
            TableColumn(title="Measure", is_facet=True),
            TableColumn(title="Slice"),
            TableColumn(title="Period"),
            TableColumn(title="Value", kind="number"),
            TableColumn(title="95% interval", kind="number"),
            TableColumn(title="n", kind="number"),
            TableColumn(title="Method"),
        ),
        rows=tuple(
            (
                text(row.words.label),
                text(row.slice_text),
                text(row.period),
                numeric(row.value_text, row.value),
                numeric(row.interval_text, row.lower),
                numeric(count(row.n), row.n),
                text(row.method),
            )
            for row in rows
        ),
        empty=empty,
    )


def metrics_query(*metrics: str) -> str:
    """Return the query that shows the published rows of metrics whose names begin so."""
    wanted = " or ".join(f"starts_with(metric, '{metric}')" for metric in metrics)
    return f"select * from enforcement_metrics where {wanted} order by metric, period, slice"
