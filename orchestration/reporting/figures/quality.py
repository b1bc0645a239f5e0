"""What the numbers rest on: gates, quarantined rows, and signals that could not be computed."""

from datetime import timedelta

from orchestration.reporting.formats import count, iso, name, share
from orchestration.reporting.release import Gate, Manifest, Release
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.tables import Cell, Table, TableColumn, lines, numeric, text

UNMET_SHOWN = 20

_COVERAGE = """
select signal_id, computable_count, partly_count, not_computable_count
from signal_coverage
where as_of_date = $as_of_date and coalesce(partly_count, 0) + coalesce(not_computable_count, 0) > 0
order by not_computable_count desc nulls last, partly_count desc nulls last, signal_id
"""


def gates_table(manifest: Manifest) -> Table:
    """Return the gates of the manifest, failed ones first, with what was not met (a warning does not fail a gate)."""
    ordered = sorted(manifest.gates, key=lambda gate: (gate.success, gate.gate))
    return Table(
        table_id="gates",
        caption="Gates",
        columns=(
            TableColumn(title="Gate"),
            TableColumn(title="Result"),
            TableColumn(title="Checked", kind="number"),
            TableColumn(title="Not met", kind="number"),
            TableColumn(title="What was not met", kind="list"),
        ),
        rows=tuple(_gate_cells(gate) for gate in ordered),
        empty="The manifest states no gate result.",
    )


def _gate_cells(gate: Gate) -> tuple[Cell, ...]:
    unmet = gate.unmet
    unmet_count = gate.findings if isinstance(gate.findings, int) else None if unmet is None else len(unmet)
    shown = (unmet or [])[:UNMET_SHOWN]
    rest = [f"and {len(unmet) - len(shown):,} more in manifest.json"] if unmet and len(unmet) > len(shown) else []
    return (
        text(name(gate.gate)),
        text("passed" if gate.success else "failed"),
        numeric(count(gate.checked_count), gate.checked_count),
        numeric(count(unmet_count), unmet_count),
        lines([*shown, *rest]),
    )


def gate_nights_table(manifest: Manifest, settings: ReportSettings) -> Table:
    """Return the gates of the newest runs, newest first; a run over several nights stands under its last one."""
    newest = sorted(manifest.gate_nights, key=lambda night: night.gate)
    newest.sort(key=lambda night: night.as_of_date, reverse=True)
    since = manifest.as_of_date - timedelta(days=settings.window_days)
    return Table(
        table_id="gate-nights",
        caption=f"Gates by run, last {settings.window_days} days (manifest.json, gate_nights)",
        columns=(
            TableColumn(title="Night"),
            TableColumn(title="Gate", is_facet=True),
            TableColumn(title="Result"),
            TableColumn(title="Checked", kind="number"),
            TableColumn(title="Not met", kind="number"),
        ),
        rows=tuple(
            (
                text(iso(night.as_of_date)),
                text(name(night.gate)),
                text("passed" if night.success else "failed"),
                numeric(count(night.checked_count), night.checked_count),
                numeric(count(len(night.unmet)), len(night.unmet)),
            )
            for night in newest
            if night.as_of_date > since
        ),
        empty="The release keeps no gate result of earlier runs.",
    )


def quarantine_table(manifest: Manifest) -> Table:
    """Return rows quarantined by reason, most first."""
    ordered = sorted(manifest.quarantined.items(), key=lambda item: (-item[1], item[0]))
    return Table(
        table_id="quarantined",
        caption="Rows quarantined since the first night, by table and reason",
        columns=(
            TableColumn(title="Table"),
            TableColumn(title="Reason"),
            TableColumn(title="Rows", kind="number"),
            TableColumn(title="Released since", kind="number"),
        ),
        rows=tuple(
            (
                *(text(word) for word in reason.split(" ", 1)),
                numeric(count(rows), rows),
                numeric(count(manifest.released.get(reason, 0)), manifest.released.get(reason, 0)),
            )
            for reason, rows in ordered
        ),
        empty="No row was quarantined.",
    )


def coverage_table(release: Release) -> Table:
    """Return the signals that could not be computed for every subject."""
    rows = release.rows(_COVERAGE)
    return Table(
        table_id="coverage",
        caption="Signals not computable for every subject",
        columns=(
            TableColumn(title="Signal"),
            TableColumn(title="Computable", kind="number"),
            TableColumn(title="Partly", kind="number"),
            TableColumn(title="Not", kind="number"),
            TableColumn(title="Not, share", kind="number"),
        ),
        rows=tuple(
            (
                text(row["signal_id"]),
                *(numeric(count(row[key]), row[key]) for key in ("computable_count", "partly_count", "not_computable_count")),
                numeric(share(missing := _missing_share(row)), missing),
            )
            for row in rows
        ),
        empty="Every signal was computable for every subject, or the release states no coverage.",
    )


def _missing_share(row: dict[str, int | None]) -> float | None:
    total = sum(row[key] or 0 for key in ("computable_count", "partly_count", "not_computable_count"))
    return (row["not_computable_count"] or 0) / total if total else None
