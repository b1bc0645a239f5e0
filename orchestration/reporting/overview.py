"""The first page of a release: what changed, whether the gates held, what waits, what the metrics say, and where to read on."""

from collections.abc import Sequence

from orchestration.reporting.changes import Changes
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.figures.metric_rows import metric_table
from orchestration.reporting.figures.quality import gates_table
from orchestration.reporting.formats import listed, plural
from orchestration.reporting.metrics import Metric, latest
from orchestration.reporting.page import Page
from orchestration.reporting.release import Manifest
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.tables import Table
from orchestration.reporting.view import Section, View

INDEX = "index.html"
_FIRST_LEADS = 12
"""Rows of a table shown at once on the first page, which holds many."""


def build_overview(
    report: Page, leads: Table, changes: Changes, metrics: tuple[Metric, ...], shared: Sequence[Figure], settings: ReportSettings
) -> View:
    """Return the first page; `leads` is the whole queue, `shared` are figures of other pages that show how the queue runs."""
    manifest = report.manifest
    settings = settings.model_copy(update={"page_row_count": _FIRST_LEADS})
    return View(
        file_name=INDEX,
        title="Tonight",
        lead="What changed, what waits for review, what was checked, and where to read on.",
        manifest=manifest,
        answers=(
            ("What changed", changes.sentence),
            ("How sure we are", _how_sure(manifest)),
            report.answers[2],
        ),
        sections=(
            Section(
                section_id="changed",
                title="What changed since the night before",
                tables=(changes.counts, changes.came, changes.left, changes.moved),
            ),
            Section(section_id="queue", title="The queue", figures=tuple(shared), tables=(_first(leads),)),
            Section(section_id="gates", title="The gates", tables=(gates_table(manifest),)),
            Section(section_id="metrics", title="The metrics", tables=(_metrics(metrics),)),
        ),
        definitions=(),
        settings=settings,
    )


def _how_sure(manifest: Manifest) -> str:
    failed = [gate.gate for gate in manifest.gates if not gate.success]
    checked = sum(gate.checked_count or 0 for gate in manifest.gates)
    warned = sum(len(gate.unmet or []) for gate in manifest.gates if gate.success)
    if not manifest.gates:
        gates = "The manifest states no gate result"
    elif failed:
        gates = f"{plural(len(failed), 'gate')} failed ({listed(failed)})"
    else:
        gates = f"Every gate held: {plural(checked, 'expectation')} checked, {plural(warned, 'warning')}"
    scores = (
        "scores are calibrated and may be read as probabilities"
        if manifest.is_calibrated
        else f"scores are not calibrated ({manifest.calibration_status}) and serve as an order"
    )
    return f"{gates}; {scores}."


def _first(leads: Table) -> Table:
    """Return the queue's first leads in few columns."""
    kept = [
        place
        for place, column in enumerate(leads.columns)
        if column.kind in ("number", "link") or column.title in ("Subject", "Consistent with", "Due", "Selected by")
    ]
    return Table(
        table_id="first-leads",
        caption=f"The first {min(_FIRST_LEADS, len(leads.rows))} of {plural(len(leads.rows), 'lead')}",
        is_wide=True,
        columns=tuple(leads.columns[place].model_copy(update={"is_facet": False}) for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in leads.rows[:_FIRST_LEADS]),
        empty=leads.empty,
    )


def _metrics(metrics: tuple[Metric, ...]) -> Table:
    """Return every metric's row for everything, in its latest period."""
    whole: dict[str, list[Metric]] = {}
    for row in metrics:
        if not [part for part in row.parts if part[0] not in ("days", "statistic")]:
            whole.setdefault(row.metric, []).append(row)
    rows = [row for found in whole.values() for row in latest(found)]
    table = metric_table("metrics", "Every metric for all surfaces and accounts", rows, "The release states no metric.")
    return table.model_copy(update={"is_wide": True})
