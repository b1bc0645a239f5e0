"""The map: every signal under its family, with the shares of its subjects as a bar and in figures."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from pydantic import BaseModel, ConfigDict

from orchestration.reporting.coverage.signals import SignalCoverage, State
from orchestration.reporting.formats import MISSING, listed, name, plural

BAR_WIDTH = 96.0
"""Width of a whole bar, in SVG units."""
_FOR: dict[State, str] = {
    "nearly all": "for nearly all",
    "some": "for some",
    "nobody": "for nobody",
    "nobody to judge": "without a subject",
    "not stated": "not stated",
}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Stretch(_Frozen):
    """One stretch of a bar, in SVG units; `kind` is the class it is drawn by."""

    kind: str
    x: float
    width: float


class MapCell(_Frozen):
    """One signal on the map: its words, the bar, its figures (three shares, or one word), and the same as a sentence."""

    title: str
    signal_id: str
    note: str
    stretches: tuple[Stretch, ...]
    figures: tuple[str, ...]
    sentence: str


class MapFamily(_Frozen):
    """One family with its cells, and what it comes to."""

    family: str
    title: str
    summary: str
    cells: tuple[MapCell, ...]


def coverage_map(signals: Sequence[SignalCoverage]) -> tuple[MapFamily, ...]:
    """Return the families by name, those that speak against abuse last."""

    def place(signal: SignalCoverage) -> tuple[bool, str]:
        return signal.family is None or (signal.hypothesis_sign or 1) < 0, signal.family or ""

    ordered = sorted(signals, key=lambda signal: (*place(signal), signal.signal_id))
    return tuple(_family(family, list(found)) for (_, family), found in groupby(ordered, key=place))


def in_words(signals: Sequence[SignalCoverage]) -> str:
    """Return how many signals are computable for whom: "3 for nearly all and 1 for nobody"."""
    counts = Counter(signal.state for signal in signals)
    return listed([f"{counts[state]} {words}" for state, words in _FOR.items() if counts[state]])


def percent(part: int | None, whole: int | None) -> str:
    """Write a part of a whole as a percentage; neither nothing nor all is claimed where it is not so."""
    if not whole:
        return MISSING
    share = 100 * (part or 0) / whole
    if 0 < share < 1:
        return "<1%"
    return ">99%" if 99 < share < 100 else f"{share:.0f}%"


def _family(family: str, signals: Sequence[SignalCoverage]) -> MapFamily:
    return MapFamily(
        family=family or "unregistered",
        title=name(family) if family else "Not in the registry",
        summary=f"{plural(len(signals), 'signal')}: {in_words(signals)}",
        cells=tuple(_cell(signal) for signal in signals),
    )


def _cell(signal: SignalCoverage) -> MapCell:
    total = signal.subject_count
    counts = {"computable": signal.computable_count, "partly": signal.partly_count, "not": signal.not_computable_count}
    if total:
        figures = tuple(percent(amount, total) for amount in counts.values())
        sentence = (
            f"computable for {percent(signal.computable_count, total)} of {total:,} {signal.subjects}, "
            f"partly for {percent(signal.partly_count, total)}, not for {percent(signal.not_computable_count, total)}"
        )
    else:
        sentence = "not stated" if total is None else f"no {signal.subject_type or 'subject'} tonight"
        figures = (sentence,)
    notes = [*([signal.subjects] if signal.subject_type == "actor" else []), *(["shadow"] if signal.status == "shadow" else [])]
    return MapCell(
        title=signal.label,
        signal_id=signal.signal_id,
        note=", ".join(notes),
        stretches=_stretches(counts, total or 0),
        figures=figures,
        sentence=sentence,
    )


def _stretches(counts: dict[str, int | None], total: int) -> tuple[Stretch, ...]:
    found: list[Stretch] = []
    x = 0.0
    for kind, amount in counts.items():
        width = BAR_WIDTH * (amount or 0) / total if total else 0.0
        if width:
            found.append(Stretch(kind=kind, x=round(x, 1), width=round(width, 1)))
        x += width
    return tuple(found)
