"""What a release says of each signal: for how many subjects it could be computed, what it needs, and how often it was right.

Belongs here: one signal's facts and what follows from them alone.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict

from orchestration.coverage.needs import NEEDED, Need, signal_needs
from orchestration.reporting.formats import listed, name, number, plural
from orchestration.reporting.release import Release

NEARLY_ALL = 0.95
"""Share of subjects from which a signal counts as computable for nearly all of them."""
State = Literal["nearly all", "some", "nobody", "nobody to judge", "not stated"]

_SIGNALS = """
with nights as (
    select max(as_of_date) as before from signal_coverage where as_of_date < $as_of_date
)
select
    coalesce(signal_registry.signal_id, tonight.signal_id) as signal_id,
    signal_registry.title,
    signal_registry.family,
    signal_registry.tactic,
    signal_registry.subject_type,
    signal_registry.status,
    signal_registry.signal_version,
    signal_registry.hypothesis_sign,
    signal_registry.minimum_support,
    signal_registry.misses,
    tonight.computable_count,
    tonight.partly_count,
    tonight.not_computable_count,
    before.computable_count as computable_count_before,
    performance.fired_count,
    performance.reviewed_count,
    performance.precision,
    performance.precision_lower,
    performance.precision_upper
from signal_registry
full outer join (from signal_coverage where as_of_date = $as_of_date) as tonight on signal_registry.signal_id = tonight.signal_id
left join (from signal_coverage where as_of_date = (select before from nights)) as before
    on coalesce(signal_registry.signal_id, tonight.signal_id) = before.signal_id
left join (
    from signal_performance
    where group_kind = 'all'
    qualify row_number() over (partition by signal_id order by ruleset_version desc) = 1
) as performance
    on coalesce(signal_registry.signal_id, tonight.signal_id) = performance.signal_id
where signal_registry.status is distinct from 'retired'
order by 1
"""


class SignalCoverage(BaseModel):
    """One signal on the release's as-of date; counts are of its subjects, None where the release does not say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    signal_id: str
    title: str | None
    family: str | None
    tactic: str | None
    subject_type: str | None
    status: str | None
    signal_version: int | None
    hypothesis_sign: int | None
    minimum_support: float | None
    misses: str | None
    computable_count: int | None
    partly_count: int | None
    not_computable_count: int | None
    computable_count_before: int | None
    fired_count: int | None
    reviewed_count: int | None
    precision: float | None
    precision_lower: float | None
    precision_upper: float | None

    @property
    def label(self) -> str:
        """Its title, or its id in words."""
        return self.title or name(self.signal_id.removeprefix("sig_"))

    @property
    def subjects(self) -> str:
        """What it is about, in the plural."""
        return f"{self.subject_type or 'subject'}s"

    @property
    def subject_count(self) -> int | None:
        """All subjects it was asked of tonight."""
        counts = (self.computable_count, self.partly_count, self.not_computable_count)
        return None if all(one is None for one in counts) else sum(one or 0 for one in counts)

    @property
    def computable_share(self) -> float | None:
        """Share of its subjects it could be computed for, 0 to 1; None without a subject."""
        return (self.computable_count or 0) / self.subject_count if self.subject_count else None

    @property
    def state(self) -> State:
        """For whom it could be computed tonight."""
        if self.subject_count is None:
            return "not stated"
        if self.computable_share is None:
            return "nobody to judge"
        return "nearly all" if self.computable_share >= NEARLY_ALL else "some" if self.computable_share > 0 else "nobody"

    @property
    def is_lost(self) -> bool:
        """Whether it could be computed for somebody the night before and for nobody tonight."""
        return bool(self.computable_count_before) and self.state == "nobody"

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """What was measured of its needs at its present version."""
        return tuple(need for need in signal_needs() if need.signal_id == self.signal_id and need.version == self.signal_version)

    def why(self, landed: frozenset[str] | None) -> list[str]:
        """Return why it could not be computed for all, a line a cause; `landed` are the landing tables that were delivered."""
        lines: list[str] = []
        subject = self.subject_type or "subject"
        if self.not_computable_count:
            lines.append(f"No input for {plural(self.not_computable_count, subject)}. {self._needed(landed)}")
        if self.partly_count:
            least = "" if self.minimum_support is None else f" (it asks for {number(self.minimum_support)})"
            lines.append(f"Too little support for {plural(self.partly_count, subject)}{least}.")
        return lines

    def _needed(self, landed: frozenset[str] | None) -> str:
        needed = [need for need in self.needs if need.kept_share <= NEEDED]
        if places := _places(needed or self.needs, landed):
            return f"{'Needs' if needed else 'Reaches fewer without'} {listed(places)}."
        if any(need.signal_id == self.signal_id for need in signal_needs()):
            return "Its needs were measured at another version."
        return "It was found to need nothing that may be absent."


def _places(needs: Sequence[Need], landed: frozenset[str] | None) -> list[str]:
    """Return landing tables with the columns that are needed of each, and whether it was never delivered."""
    columns: dict[str, list[str]] = {}
    for need in needs:
        columns.setdefault(need.table, []).extend([need.column] if need.column else [])
    return [
        _place(table, names, is_absent=landed is not None and table not in landed) for table, names in sorted(columns.items())
    ]


def _place(table: str, columns: Sequence[str], *, is_absent: bool) -> str:
    named = f"{table} ({', '.join(columns)})" if columns else table
    return f"{named}, which was never delivered" if is_absent else named


def read_signals(release: Release) -> tuple[SignalCoverage, ...]:
    """Return every signal that is not retired, by id."""
    return tuple(SignalCoverage(**row) for row in release.rows(_SIGNALS))
