"""Referrals to partner platforms: those without an answer, and how long answers take."""

from datetime import datetime, time
from typing import Any

from orchestration.reporting.charts.shapes import Row, RowChart, RowGroup
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.figures.metric_rows import chart_row, metric_table, metrics_query
from orchestration.reporting.formats import count, days, iso, name, plural
from orchestration.reporting.metrics import Metric
from orchestration.reporting.release import Release
from orchestration.reporting.tables import Table, TableColumn, numeric, text

_REFERRALS = """
select referral_id, case_id, partner, sent_at, due_at, acknowledged_at, acted_at, outcome
from referrals
order by partner, sent_at, referral_id
"""
_QUERY = (
    "select referral_id, case_id, partner, sent_at, due_at, acknowledged_at from referrals "
    "where acted_at is null and outcome is null order by sent_at, referral_id"
)


def referrals_figure(release: Release) -> tuple[Figure, int, int]:
    """Return the figure, the referrals without an answer and those of them past due."""
    end = datetime.combine(release.manifest.as_of_date, time.max)
    found = [row for row in release.rows(_REFERRALS) if row["sent_at"] is not None and row["sent_at"] <= end]
    waiting = [row for row in found if row["acted_at"] is None and row["outcome"] is None]
    past_due = [row for row in waiting if row["due_at"] is not None and row["due_at"] <= end]
    partners = sorted({row["partner"] or "" for row in found})
    groups = tuple(
        RowGroup(
            title=f"{name(partner) if partner else 'Not stated'} ({len(_of(found, partner)):,} sent)",
            rows=_rows(partner, found, waiting, past_due),
        )
        for partner in partners
    )
    figure = Figure(
        figure_id="referrals",
        topic="Referrals unanswered",
        title=_title(len(found), len(waiting), len(past_due)),
        subtitle="Cases referred to partner platforms, by partner and state of the answer, same scale",
        definition=(
            "A referral is answered when the partner acted on it or stated an outcome. Acknowledged ones were read and still "
            "wait. Past due is what the partner agreed to have answered by the end of the release's date."
        ),
        n=plural(len(found), "referral"),
        interval="None: complete counts, not a sample",
        source="referrals",
        query=_QUERY,
        chart=RowChart(groups=groups, unit="count", x_title="Referrals") if groups else None,
        thin=None if groups else "Not drawn: no case was referred to a partner.",
        table=Table(
            table_id="referrals-rows",
            caption="Referrals without an answer, longest wait first",
            columns=(
                TableColumn(title="Referral", kind="id"),
                TableColumn(title="Case", kind="id"),
                TableColumn(title="Partner", is_facet=True),
                TableColumn(title="Sent"),
                TableColumn(title="Waiting", kind="number"),
                TableColumn(title="Due"),
                TableColumn(title="State", is_facet=True),
            ),
            rows=tuple(_cells(row, end) for row in sorted(waiting, key=lambda row: (row["sent_at"], row["referral_id"]))),
            empty="No referral waits for an answer.",
        ),
    )
    return figure, len(waiting), len(past_due)


def _of(rows: list[dict[str, Any]], partner: str) -> list[dict[str, Any]]:
    return [row for row in rows if (row["partner"] or "") == partner]


def _rows(
    partner: str, found: list[dict[str, Any]], waiting: list[dict[str, Any]], past_due: list[dict[str, Any]]
) -> tuple[Row, ...]:
    open_count, late = len(_of(waiting, partner)), len(_of(past_due, partner))
    read = sum(1 for row in _of(waiting, partner) if row["acknowledged_at"] is not None)
    said = (
        ("Answered", len(_of(found, partner)) - open_count),
        ("Acknowledged, waiting", read),
        ("Not acknowledged", open_count - read),
        ("Past due, of those", late),
    )
    return tuple(Row(label=label, value=n, note=f"{n:,}", mark="bar") for label, n in said)


def _cells(row: dict[str, Any], end: datetime) -> tuple[Any, ...]:
    waited = (end - row["sent_at"]).total_seconds() / 86400
    late = row["due_at"] is not None and row["due_at"] <= end
    return (
        text(row["referral_id"]),
        text(row["case_id"]),
        text(name(row["partner"])),
        text(iso(row["sent_at"])),
        numeric(days(round(waited, 1)), waited),
        text(iso(row["due_at"])),
        text(f"{'acknowledged' if row['acknowledged_at'] else 'not acknowledged'}{', past due' if late else ''}"),
    )


def _title(sent: int, waiting: int, past_due: int) -> str:
    if not sent:
        return "No case was referred to a partner"
    if not waiting:
        return f"All of {plural(sent, 'referral')} to partners are answered"
    late = f"{past_due:,} of them past due" if past_due else "none of them past due"
    return f"{waiting:,} of {plural(sent, 'referral')} to partners {'has' if waiting == 1 else 'have'} no answer yet, {late}"


def response_figure(metrics: tuple[Metric, ...]) -> Figure:
    """Return the median days until a partner acknowledges a referral, and until it acts, in all and by partner."""
    listed = [row for row in metrics if row.metric == "partner_response"]
    medians = [row for row in listed if dict(row.parts).get("statistic") == "median"]
    groups = tuple(
        RowGroup(title=title, rows=tuple(chart_row(row, name(dict(row.parts).get("partner", "all partners"))) for row in rows))
        for answer, title in (("acknowledged", "Sent to acknowledged"), ("acted", "Sent to acted"))
        if (rows := [row for row in medians if dict(row.parts).get("to") == answer])
    )
    is_drawn = any(row.value is not None for row in medians)
    acted = next(
        (row for row in medians if len(row.parts) == 2 and dict(row.parts)["to"] == "acted" and row.value is not None), None
    )
    return Figure(
        figure_id="responses",
        topic="Partner response",
        title=f"Half of all referrals are acted on within {acted.stated}"
        if acted
        else "Too few answers to say how fast partners act",
        subtitle="Median days from a referral to its acknowledgement and to the action, same scale",
        definition=(
            "Referrals without an answer count as censored (Kaplan-Meier), so that silence does not make a partner look fast."
        ),
        n=f"{count(max((row.n or 0 for row in medians), default=0))} referrals",
        interval="95%, bootstrap over referrals; a whisker is left out where its upper end is not reached yet",
        source="enforcement_metrics, metric partner_response",
        query=metrics_query("partner_"),
        chart=RowChart(groups=groups, unit="days", x_title="Days") if is_drawn else None,
        thin=None if is_drawn else "Not drawn: too few referrals are answered.",
        table=metric_table("responses-rows", "Partner response", listed, "The release has no measure of partners' answers."),
    )
