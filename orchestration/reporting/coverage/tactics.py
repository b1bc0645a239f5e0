"""The tactics that are known, what speaks of each, and where none does."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from orchestration.reporting.coverage.signals import SignalCoverage
from orchestration.reporting.formats import count, interval, iso, listed, name, plural, share
from orchestration.reporting.release import Release
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.tables import Cell, Table, TableColumn, numeric, text

TacticState = Literal["no signal", "in shadow only", "not computable tonight", "covered"]
GAPS_FIRST: tuple[TacticState, ...] = ("no signal", "in shadow only", "not computable tonight", "covered")

_ROWS = "select * from tactic_coverage order by tactic, surface"


class Tactic(BaseModel):
    """One tactic over all surfaces, with the signals of the release that speak of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tactic: str
    is_registered: bool
    entered_on: date | None
    source: str
    first_covered_on: date | None
    active: tuple[SignalCoverage, ...]
    other_count: int
    named_in_verdict_count: int
    named_in_external_lead_count: int
    blind_spots: str | None

    @property
    def computable(self) -> tuple[SignalCoverage, ...]:
        """Its active signals that could be computed for somebody tonight."""
        return tuple(signal for signal in self.active if signal.computable_count)

    @property
    def state(self) -> TacticState:
        """Whether anything can speak of it tonight."""
        if self.computable:
            return "covered"
        return "not computable tonight" if self.active else "in shadow only" if self.other_count else "no signal"

    @property
    def gap(self) -> str:
        """Why nothing could speak of it tonight, since when it is known, by whom, and who named it."""
        why = {
            "covered": "it is covered",
            "no signal": "no signal speaks of it",
            "in shadow only": f"{plural(self.other_count, 'signal')} in shadow, which count for nothing",
            "not computable tonight": f"{plural(len(self.active), 'active signal')}, computable for nobody tonight",
        }[self.state]
        since = f", known since {iso(self.entered_on)}" if self.entered_on else ""
        said = [plural(self.named_in_verdict_count, "verdict")] if self.named_in_verdict_count else []
        said += [plural(self.named_in_external_lead_count, "external lead")] if self.named_in_external_lead_count else []
        named = f" Named in {listed(said)}." if said else ""
        return f"{why}{since}. Described by: {self.source.rstrip('.')}.{named}"


def read_tactics(release: Release, signals: Sequence[SignalCoverage]) -> tuple[tuple[Tactic, ...], list[dict[str, Any]]]:
    """Return the tactics by name, and the rows of the release by tactic and surface."""
    rows = release.rows(_ROWS)
    by_tactic: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        by_tactic.setdefault(str(row["tactic"]), row)
    return tuple(_tactic(row, signals) for row in by_tactic.values()), rows


def _tactic(row: Mapping[str, Any], signals: Sequence[SignalCoverage]) -> Tactic:
    speaking = [signal for signal in signals if signal.tactic == row["tactic"] and (signal.hypothesis_sign or 0) > 0]
    active = tuple(signal for signal in speaking if signal.status == "active")
    return Tactic(
        tactic=row["tactic"],
        is_registered=bool(row["is_registered"]),
        entered_on=row["entered_on"],
        source=row["source"] or "Its source is not stated",
        first_covered_on=row["first_covered_on"],
        active=active,
        other_count=len(speaking) - len(active),
        named_in_verdict_count=row["named_in_verdict_count"] or 0,
        named_in_external_lead_count=row["named_in_external_lead_count"] or 0,
        blind_spots=row["blind_spots"],
    )


def gaps_first(tactics: Sequence[Tactic]) -> list[Tactic]:
    """Return tactics by state, those without any signal first, then by name."""
    return sorted(tactics, key=lambda tactic: (GAPS_FIRST.index(tactic.state), tactic.tactic))


def tactics_table(tactics: Sequence[Tactic]) -> Table:
    """Return every tactic with what covers it, gaps first."""
    return Table(
        table_id="tactics",
        caption="Tactics, gaps first: signals that speak of them, and verdicts and external leads that name them",
        columns=(
            TableColumn(title="Tactic"),
            TableColumn(title="Tonight", is_facet=True),
            TableColumn(title="Active signals", kind="number"),
            TableColumn(title="Computable", kind="number"),
            TableColumn(title="Named by people", kind="number"),
            TableColumn(title="Known since", kind="date"),
            TableColumn(title="Covered since", kind="date"),
            TableColumn(title="Described by"),
            TableColumn(title="What its signals miss"),
        ),
        rows=tuple(
            (
                text(name(tactic.tactic)),
                text(tactic.state),
                _count(len(tactic.active)),
                _count(len(tactic.computable)),
                _count(tactic.named_in_verdict_count + tactic.named_in_external_lead_count),
                text(iso(tactic.entered_on)),
                text(iso(tactic.first_covered_on)),
                text(tactic.source),
                text(tactic.blind_spots if tactic.active or tactic.other_count else None),
            )
            for tactic in gaps_first(tactics)
        ),
        empty="The release states no tactic.",
        is_wide=True,
    )


def surfaces_table(rows: Sequence[Mapping[str, Any]], settings: ReportSettings) -> Table:
    """Return what review found of each tactic on each surface, most confirmed first."""
    return Table(
        table_id="tactic-surfaces",
        caption="What review found of each tactic, surface by surface",
        columns=(
            TableColumn(title="Tactic", is_facet=True),
            TableColumn(title="Surface", is_facet=True),
            TableColumn(title="Tested", is_facet=True),
            TableColumn(title="Leads judged", kind="number"),
            TableColumn(title="Violations", kind="number"),
            TableColumn(title="Violations there, whatever fired", kind="number"),
            TableColumn(title="Precision", kind="number"),
            TableColumn(title="95% interval", kind="number"),
            TableColumn(title="Last confirmed hit", kind="date"),
        ),
        rows=tuple(
            _surface_cells(row, settings)
            for row in sorted(rows, key=lambda row: (-(row["confirmed_count"] or 0), row["tactic"], row["surface"]))
        ),
        empty="The release states no tactic.",
    )


def _surface_cells(row: Mapping[str, Any], settings: ReportSettings) -> tuple[Cell, ...]:
    is_mature = (row["reviewed_count"] or 0) >= settings.minimum_review_count
    precision, lower, upper = (row[key] if is_mature else None for key in ("precision", "precision_lower", "precision_upper"))
    tested = "confirmed" if row["confirmed_count"] else "judged, never confirmed" if row["reviewed_count"] else "not tested"
    return (
        text(name(row["tactic"])),
        text(name(row["surface"])),
        text(tested if row["active_signal_count"] else "no active signal"),
        _count(row["reviewed_count"]),
        _count(row["confirmed_count"]),
        _count(row["surface_violation_count"]),
        numeric(share(precision) if is_mature else "too little data", precision),
        numeric(interval(lower, upper, "share"), lower),
        text(iso(row["last_confirmed_hit_on"])),
    )


def _count(amount: int | None) -> Cell:
    return numeric(count(amount), amount)
