"""What each signal needs of the landing contract, as it was measured.

Belongs here: the file of measurements and the judgement of a set of columns by it.
"""

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

from orchestration.contract import landing_contract

FILE = "signal_needs.csv"
NEEDED, PARTLY = 0.05, 0.95
"""Shares of subjects that stay computable without a column, up to which it is needed, and up to which it is missed."""
Computability = Literal["computable", "partly", "not computable"]


class Need(BaseModel):
    """What is left of a signal without one landing column: the share of its subjects that stay computable, 0 to 1.

    `column` is empty where the whole table is absent.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    signal_id: str
    version: int
    table: str
    column: str
    kept_share: float

    @property
    def place(self) -> str:
        """The column with its table, or the table."""
        return f"{self.table}.{self.column}" if self.column else self.table


class SignalOutlook(BaseModel):
    """Whether a signal will be computable, and the columns that decide it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    signal_id: str
    computability: Computability
    missing: tuple[str, ...]


def parse_needs(text: str) -> tuple[Need, ...]:
    """Return the measurements in a CSV text."""
    return tuple(Need.model_validate(row) for row in csv.DictReader(io.StringIO(text)))


def render_needs(needs: Sequence[Need]) -> str:
    """Return measurements as CSV, in order."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(Need.model_fields), lineterminator="\n")
    writer.writeheader()
    for need in sorted(needs, key=lambda need: (need.signal_id, need.table, need.column)):
        writer.writerow(need.model_dump())
    return out.getvalue()


@cache
def signal_needs() -> tuple[Need, ...]:
    """Return the measurements shipped with the package."""
    return parse_needs(files("orchestration.coverage").joinpath(FILE).read_text(encoding="utf-8"))


def outlook(given: Mapping[str, Collection[str]], signals: Sequence[str], needs: Sequence[Need]) -> list[SignalOutlook]:
    """Return for each signal what it will be with the columns of `given`, by table; a table that is not in it is absent.

    A signal that needs a column that is not given is not computable. One that loses some of its subjects without it is partly
    computable. Columns are judged one by one: of two that stand in for each other, neither shows as needed.
    """
    judged: list[SignalOutlook] = []
    for signal in signals:
        missed = [need for need in needs if need.signal_id == signal and not _is_given(need, given)]
        needed = [need.place for need in missed if need.kept_share <= NEEDED]
        partly = [need.place for need in missed if NEEDED < need.kept_share < PARTLY]
        state: Computability = "not computable" if needed else "partly" if partly else "computable"
        judged.append(SignalOutlook(signal_id=signal, computability=state, missing=tuple(needed or partly)))
    return judged


def _is_given(need: Need, given: Mapping[str, Collection[str]]) -> bool:
    if need.table not in given:
        # an optional table's own row says what its absence costs, and not each of its columns again
        return need.column != "" and not landing_contract().tables[need.table].required
    return not need.column or need.column in given[need.table]
