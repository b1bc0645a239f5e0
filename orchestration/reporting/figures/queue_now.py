"""What waits tonight: when it is due, and who chose it."""

from datetime import timedelta

from orchestration.reporting.charts.shapes import Row, RowChart, RowGroup
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.formats import count, iso, name, plural
from orchestration.reporting.release import Release
from orchestration.reporting.tables import Table, TableColumn, numeric, text

DUE_DAYS = 7
_DUE = """
select cast(due_at as date) as due_on, coalesce(severity, '') as severity, count(*) as lead_count
from review_queue
where as_of_date = $as_of_date
group by cast(due_at as date), severity
order by due_on nulls last, severity
"""
_CHOSEN = """
select selection, coalesce(severity, '') as severity, count(*) as lead_count
from review_queue
where as_of_date = $as_of_date
group by selection, severity
order by selection, severity
"""
_SEVERITIES = ("high", "medium", "low")


def due_figure(release: Release) -> Figure:
    """Return the leads by due date, one row a day of the coming week; a date ends when its day does."""
    as_of = release.manifest.as_of_date
    found = release.rows(_DUE)
    total = sum(row["lead_count"] for row in found)

    def within(first: int | None, last: int | None) -> int:
        return sum(
            row["lead_count"]
            for row in found
            if row["due_on"] is not None
            and (first is None or (row["due_on"] - as_of).days >= first)
            and (last is None or (row["due_on"] - as_of).days <= last)
        )

    rows = [("Past due", within(None, 0))]
    rows += [(iso(as_of + timedelta(days=day)), within(day, day)) for day in range(1, DUE_DAYS + 1)]
    rows += [("Later", within(DUE_DAYS + 1, None))]
    soon, past_due = within(1, DUE_DAYS), rows[0][1]
    return Figure(
        figure_id="due",
        topic="Due dates ahead",
        title=f"Due in the next {DUE_DAYS} days: {plural(soon, 'lead')}; past due: {past_due:,}"
        if total
        else "No lead is waiting, so none is due",
        subtitle="Leads in tonight's queue by the day on which their review is due",
        definition=(
            f"The due date follows from the severity and is kept while a lead waits. Past due is what was due by {iso(as_of)}."
        ),
        n=plural(total, "lead"),
        interval="None: complete counts, not a sample",
        source="review_queue",
        query="select lead_id, due_at, severity, selection from review_queue order by due_at, lead_id",
        chart=RowChart(
            groups=(RowGroup(title="", rows=tuple(_bar(label, n) for label, n in rows)),), unit="count", x_title="Leads"
        )
        if total
        else None,
        thin=None if total else "Not drawn: no lead is in the queue.",
        table=Table(
            table_id="due-rows",
            caption="Leads by due date and severity",
            columns=(
                TableColumn(title="Due"),
                TableColumn(title="Severity", is_facet=True),
                TableColumn(title="Leads", kind="number"),
            ),
            rows=tuple(
                (text(iso(row["due_on"])), text(name(row["severity"])), numeric(count(row["lead_count"]), row["lead_count"]))
                for row in found
            ),
            empty="",
        ),
    )


def chosen_figure(release: Release) -> Figure:
    """Return the leads by how they were chosen and by severity."""
    found = {(row["selection"], row["severity"]): int(row["lead_count"]) for row in release.rows(_CHOSEN)}
    total = sum(found.values())
    selections = sorted({selection for selection, _ in found})
    used = {severity for _, severity in found}
    severities = [*(level for level in _SEVERITIES if level in used), *sorted(used - set(_SEVERITIES))]
    groups = tuple(
        RowGroup(
            title=f"{name(selection)} ({sum(n for (of, _), n in found.items() if of == selection):,})",
            rows=tuple(_bar(name(level) if level else "Not stated", found.get((selection, level), 0)) for level in severities),
        )
        for selection in selections
    )
    high = sum(n for (_, level), n in found.items() if level == "high")
    return Figure(
        figure_id="chosen",
        topic="Who chose the leads",
        title=f"{high:,} of {plural(total, 'waiting lead')} {'is' if high == 1 else 'are'} of high severity"
        if total
        else "No lead is waiting",
        subtitle="Leads in tonight's queue by how they were chosen and by severity, same scale",
        definition=(
            "Leads come in by the highest scores, from outside detection, or by lot for the two audits, which measure what "
            "detection misses and how often it is right. Severity sets the due date."
        ),
        n=plural(total, "lead"),
        interval="None: complete counts, not a sample",
        source="review_queue",
        query=(
            "select selection, severity, count(*) as lead_count from review_queue "
            "group by selection, severity order by selection, severity"
        ),
        chart=RowChart(groups=groups, unit="count", x_title="Leads") if groups else None,
        thin=None if groups else "Not drawn: no lead is in the queue.",
        table=Table(
            table_id="chosen-rows",
            caption="Leads by selection and severity",
            columns=(TableColumn(title="Chosen by"), TableColumn(title="Severity"), TableColumn(title="Leads", kind="number")),
            rows=tuple(
                (text(name(selection)), text(name(level)), numeric(count(n), n))
                for (selection, level), n in sorted(found.items())
            ),
            empty="",
        ),
    )


def _bar(label: str, n: int) -> Row:
    return Row(label=label, value=n, note=f"{n:,}", mark="bar")
