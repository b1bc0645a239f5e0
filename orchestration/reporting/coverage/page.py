"""The coverage page before it becomes HTML: the map, the tables below it and the sentences on top."""

from collections import Counter
from collections.abc import Sequence

from orchestration.coverage.needs import NEEDED, Need
from orchestration.reporting.answers import Answer
from orchestration.reporting.coverage.map import BAR_WIDTH, MapFamily, coverage_map, in_words, percent
from orchestration.reporting.coverage.signals import SignalCoverage, read_signals
from orchestration.reporting.coverage.tactics import Tactic, gaps_first, read_tactics, surfaces_table, tactics_table
from orchestration.reporting.formats import count, interval, listed, name, plural, share
from orchestration.reporting.release import Release
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.tables import Cell, Table, TableColumn, lines, numeric, text
from orchestration.reporting.view import Section, View


class CoverageView(View):
    """The view with its map and its gaps: pairs of a tactic and what is said of it."""

    finding: str
    families: tuple[MapFamily, ...]
    gaps_finding: str
    gaps: tuple[tuple[str, str], ...]
    bar_width: float = BAR_WIDTH


def build_coverage(release: Release, settings: ReportSettings) -> CoverageView:
    """Return the view of what could be computed on the release's as-of date; whole without a single signal, too."""
    signals = read_signals(release)
    tactics, surfaces = read_tactics(release, signals)
    landed = release.manifest.landed_tables
    gaps = [tactic for tactic in tactics if tactic.state != "covered"]
    return CoverageView(
        file_name="coverage.html",
        title="Signal coverage",
        lead="Which signals could be computed for whom, which not and why, and which tactics none speaks of.",
        manifest=release.manifest,
        answers=_answers(signals, tactics, gaps, landed),
        sections=(
            Section(
                section_id="map",
                title="The map",
                query="select * from signal_coverage order by signal_id",
            ),
            Section(section_id="gaps", title="Tactics that nothing could see"),
            Section(
                section_id="signals",
                title="Signal by signal",
                tables=(_signals_table(signals, landed), _worth_table(signals, settings)),
            ),
            Section(
                section_id="needs",
                title="What signals need of what is delivered",
                paragraphs=(
                    "Measured by leaving out one column, or one table, at a time on a small simulated world: of two columns that "
                    "stand in for each other neither shows as needed.",
                ),
                tables=(_needs_table(signals, landed),),
            ),
            Section(
                section_id="tactics",
                title="Tactic by tactic",
                query="select * from tactic_coverage order by tactic, surface",
                tables=(tactics_table(tactics), surfaces_table(surfaces, settings)),
            ),
        ),
        definitions=(),
        settings=settings,
        finding=_finding(signals),
        families=coverage_map(signals),
        gaps_finding=_gaps_finding(tactics, gaps),
        gaps=tuple((name(tactic.tactic), tactic.gap) for tactic in gaps_first(gaps)),
    )


def _finding(signals: Sequence[SignalCoverage]) -> str:
    if not signals:
        return "The release states no signal"
    return f"Computable tonight, of {plural(len(signals), 'signal')}: {in_words(signals)}"


def _gaps_finding(tactics: Sequence[Tactic], gaps: Sequence[Tactic]) -> str:
    if not tactics:
        return "The release states no tactic"
    return f"No active signal could speak of {len(gaps)} of {plural(len(tactics), 'known tactic')} tonight"


def _answers(
    signals: Sequence[SignalCoverage], tactics: Sequence[Tactic], gaps: Sequence[Tactic], landed: frozenset[str] | None
) -> tuple[Answer, Answer, Answer]:
    lost = [signal.label for signal in signals if signal.is_lost]
    known = [signal for signal in signals if signal.computable_share is not None]
    changed = "The release states no signal." if not signals else f"{_finding(signals)}."
    if lost:
        changed += f" Computable the night before and for nobody tonight: {listed(lost)}."
    elif any(signal.computable_count_before is not None for signal in signals):
        changed += " None that was computable the night before is lost."
    absent = _absent(signals, landed)
    needs = [f"{plural(len(gaps), 'tactic')} that no active signal could speak of tonight"] if gaps else []
    needs += [f"{table}, which was never delivered and {plural(amount, 'signal')} need" for table, amount in absent.items()]
    return (
        ("What changed", changed),
        (
            "How sure we are",
            f"Counts are complete, not samples: {plural(len(known), 'signal')} asked of every subject of the night. That a "
            "signal could be computed does not say that it is right; its precision is below, where enough was reviewed.",
        ),
        ("What needs a decision", f"{listed(needs)}." if needs else f"Nothing: {_no_gap(tactics)}."),
    )


def _no_gap(tactics: Sequence[Tactic]) -> str:
    return "every known tactic has an active signal that could be computed" if tactics else "no tactic is stated"


def _absent(signals: Sequence[SignalCoverage], landed: frozenset[str] | None) -> dict[str, int]:
    """Return the tables that were never delivered, with the number of signals that cannot do without."""
    needed = {(need.table, need.signal_id) for signal in signals for need in signal.needs if need.kept_share <= NEEDED}
    absent = Counter(table for table, _ in needed if landed is not None and table not in landed)
    return dict(sorted(absent.items(), key=lambda item: (-item[1], item[0])))


def _signals_table(signals: Sequence[SignalCoverage], landed: frozenset[str] | None) -> Table:
    return Table(
        table_id="signals",
        caption="For whom each signal could be computed, and why not for the others",
        columns=(
            TableColumn(title="Signal"),
            TableColumn(title="Family", is_facet=True),
            TableColumn(title="Tactic", is_facet=True),
            TableColumn(title="Status", is_facet=True),
            TableColumn(title="About", is_facet=True),
            TableColumn(title="Tonight, for", is_facet=True),
            TableColumn(title="Computable", kind="number"),
            TableColumn(title="Partly", kind="number"),
            TableColumn(title="Not", kind="number"),
            TableColumn(title="What is missing", kind="list"),
        ),
        rows=tuple(
            (
                text(signal.label),
                text(name(signal.family)),
                text(name(signal.tactic)),
                text(signal.status),
                text(signal.subjects),
                text(signal.state),
                _part(signal, signal.computable_count),
                _part(signal, signal.partly_count),
                _part(signal, signal.not_computable_count),
                lines(signal.why(landed)),
            )
            for signal in sorted(signals, key=lambda signal: (signal.computable_share or 0.0, signal.signal_id))
        ),
        empty="The release states no signal.",
        is_wide=True,
    )


def _part(signal: SignalCoverage, amount: int | None) -> Cell:
    if not signal.subject_count:
        return Cell()
    return numeric(percent(amount, signal.subject_count), (amount or 0) / signal.subject_count)


def _worth_table(signals: Sequence[SignalCoverage], settings: ReportSettings) -> Table:
    return Table(
        table_id="worth",
        caption="How often each signal fires, how often review confirms it, and what it does not see",
        columns=(
            TableColumn(title="Signal"),
            TableColumn(title="Id", kind="id"),
            TableColumn(title="Family", is_facet=True),
            TableColumn(title="Speaks", is_facet=True),
            TableColumn(title="Fired", kind="number"),
            TableColumn(title="Reviewed", kind="number"),
            TableColumn(title="Precision", kind="number"),
            TableColumn(title="95% interval", kind="number"),
            TableColumn(title="What it does not see"),
        ),
        rows=tuple(_worth(signal, settings) for signal in signals),
        empty="The release states no signal.",
    )


def _worth(signal: SignalCoverage, settings: ReportSettings) -> tuple[Cell, ...]:
    is_mature = signal.precision is not None and (signal.reviewed_count or 0) >= settings.minimum_review_count
    lower, upper = (signal.precision_lower, signal.precision_upper) if is_mature else (None, None)
    return (
        text(signal.label),
        text(signal.signal_id),
        text(name(signal.family)),
        text("against abuse" if (signal.hypothesis_sign or 1) < 0 else "for abuse"),
        numeric(count(signal.fired_count), signal.fired_count),
        numeric(count(signal.reviewed_count), signal.reviewed_count),
        numeric(share(signal.precision) if is_mature else "too little data", signal.precision if is_mature else None),
        numeric(interval(lower, upper, "share"), lower),
        text(signal.misses),
    )


def _needs_table(signals: Sequence[SignalCoverage], landed: frozenset[str] | None) -> Table:
    by_place: dict[tuple[str, str], list[tuple[SignalCoverage, Need]]] = {}
    for signal in signals:
        for need in signal.needs:
            by_place.setdefault((need.table, need.column), []).append((signal, need))
    ordered = sorted(by_place.items(), key=lambda item: (-len(item[1]), item[0]))
    return Table(
        table_id="needs-by-column",
        caption="Landing tables and columns by the signals that need them",
        columns=(
            TableColumn(title="Table", is_facet=True),
            TableColumn(title="Column"),
            TableColumn(title="Table delivered", is_facet=True),
            TableColumn(title="Need it", kind="number"),
            TableColumn(title="Lose subjects", kind="number"),
            TableColumn(title="For nobody tonight", kind="number"),
            TableColumn(title="Signals, with the share of subjects left without it"),
        ),
        rows=tuple(_need_cells(table, column, found, landed) for (table, column), found in ordered),
        empty="Of no signal of this release were the needs measured at its version.",
        is_wide=True,
    )


def _need_cells(
    table: str, column: str, found: Sequence[tuple[SignalCoverage, Need]], landed: frozenset[str] | None
) -> tuple[Cell, ...]:
    needed = sum(need.kept_share <= NEEDED for _, need in found)
    nobody = sum(signal.state == "nobody" for signal, _ in found)
    return (
        text(table),
        text(column or "the whole table"),
        text("not stated" if landed is None else "yes" if table in landed else "never"),
        numeric(count(needed), needed),
        numeric(count(len(found) - needed), len(found) - needed),
        numeric(count(nobody), nobody),
        text(_signals_words(found)),
    )


def _signals_words(found: Sequence[tuple[SignalCoverage, Need]]) -> str:
    needing = [signal.label for signal, need in found if need.kept_share <= NEEDED]
    losing = [f"{signal.label} ({share(need.kept_share)} left)" for signal, need in found if need.kept_share > NEEDED]
    said = [f"Needed by: {', '.join(needing)}."] if needing else []
    return " ".join([*said, *([f"Fewer subjects: {', '.join(losing)}."] if losing else [])])
