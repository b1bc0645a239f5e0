"""The outlook on a landing folder in words, for a terminal.

Belongs here: what is said and in which order.
"""

from collections.abc import Iterator
from itertools import groupby

from orchestration.adapters.own_tables import NAME
from orchestration.adapters.promised import promised_columns
from orchestration.adapters.shipped import ADAPTERS
from orchestration.coverage.landing import LandingOutlook, signal_titles
from orchestration.coverage.needs import SignalOutlook

MOST_MISSED = 12
_STATES = ("computable", "partly", "not computable")


def landing_words(found: LandingOutlook) -> Iterator[str]:
    """Yield the lines that say what is there, how many signals it makes, and what would make more."""
    for name in found.missing_tables:
        yield f"{name} is missing, and no night runs without it."
    for table in found.tables:
        span = f"{table.first_day} to {table.last_day}, {table.days} days"
        yield f"{table.table}: {table.rows:,} rows, {span}."
        thin = [f"{name} {share:.0%}" for name, share in sorted(table.filled.items()) if 0 < share < 0.95]
        empty = [name for name, share in sorted(table.filled.items()) if share == 0 and table.rows]
        if thin:
            yield f"    filled in part: {', '.join(thin)}"
        if empty:
            yield f"    empty: {', '.join(empty)}"
    yield ""
    counts = {state: sum(signal.computability == state for signal in found.signals) for state in _STATES}
    yield f"Of {len(found.signals)} signals {', '.join(f'{count} {state}' for state, count in counts.items())}."
    if found.missed:
        yield "What they miss, and who gives it:"
        givers = _givers()
        for place, count in list(found.missed.items())[:MOST_MISSED]:
            yield f"    {place}: {count} signal{'s' if count > 1 else ''}{givers.get(place, '')}"
    yield from _by_what_is_missing(found.signals)
    if found.unmeasured:
        yield ""
        yield f"At their present version these were found to need nothing that may be absent: {', '.join(found.unmeasured)}."


def _by_what_is_missing(signals: tuple[SignalOutlook, ...]) -> Iterator[str]:
    titles = signal_titles()
    for state in _STATES[1:]:
        lacking = sorted((signal for signal in signals if signal.computability == state), key=lambda signal: signal.missing)
        if lacking:
            yield ""
            yield f"{state.capitalize()}:"
        for missing, group in groupby(lacking, key=lambda signal: signal.missing):
            yield f"    without {', '.join(missing)}:"
            for signal in group:
                yield f"        {titles[signal.signal_id]} ({signal.signal_id})"


def _givers() -> dict[str, str]:
    """Return, by column or table, who can give it: adapters first, then what adds to them, else a provider's own tables."""
    shipped = ADAPTERS[1:]
    by_place: dict[str, list[str]] = {}
    for name in shipped:
        for place in _places(promised_columns([name], networks=False, fingerprints=False)):
            by_place.setdefault(place, []).append(f"`{name}`")
    for networks, fingerprints, words in (
        (True, False, "a database file under `networks`"),
        (False, True, "`stillwatch fingerprint`"),
    ):
        for place in _places(promised_columns(shipped, networks=networks, fingerprints=fingerprints)):
            by_place.setdefault(place, [words])
    for place in _places(promised_columns([NAME], networks=False, fingerprints=False)):
        by_place.setdefault(place, [f"`{NAME}`"])
    return {place: f" ({', '.join(names)})" for place, names in by_place.items()}


def _places(columns: dict[str, set[str]]) -> list[str]:
    return [place for table, names in columns.items() for place in (table, *(f"{table}.{name}" for name in names))]
