"""What enforcement did to accounts: stopped, limited, cured of a thief, and who came back.

Belongs here: the state that later days need and its files in the truth folder. Times are microseconds since 1970, UTC.
"""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from simulator.outside import Row

Kind = Literal["suspension", "termination", "partner_stop", "limit", "cure"]
Interval = tuple[int, int]
_EFFECTS = pa.schema([("account_key", pa.uint64()), ("kind", pa.string()), ("begins", pa.int64()), ("ends", pa.int64())])
_RETURNS = pa.schema(
    [("wave", pa.string()), ("number", pa.int64()), ("former_key", pa.uint64()), ("created_at", pa.int64()),
     ("surface", pa.int64()), ("shared", pa.string())]
)  # fmt: skip
_JOURNAL = pa.schema([("arrives_on", pa.date32()), ("lead_id", pa.string()), ("table", pa.string()), ("row", pa.string())])
_LEADS = pa.schema([("lead_id", pa.string()), ("release_id", pa.string()), ("planned_for", pa.date32())])


@dataclass(frozen=True)
class Return:
    """An account that a stopped operator opens again: whose successor it is, when, where, and which identifiers it
    keeps."""

    wave: str
    number: int
    former_key: int
    created_at: int
    surface: int
    shared: tuple[str, ...]


@dataclass
class Consequences:
    """Everything decided so far; grows when a release is reacted to, and is kept in the truth folder."""

    effects: list[tuple[int, Kind, int, int]] = field(default_factory=list[tuple[int, Kind, int, int]])
    returns: list[Return] = field(default_factory=list[Return])
    journal: list[tuple[date, str, str, Row]] = field(default_factory=list[tuple[date, str, str, Row]])
    leads: dict[str, tuple[str, date]] = field(default_factory=dict[str, tuple[str, date]])

    def intervals(self, *kinds: Kind) -> dict[int, Interval]:
        """Return by account key the last interval of these kinds."""
        return {account: (begins, ends) for account, kind, begins, ends in self.effects if kind in kinds}

    def statuses(self, moment: int) -> dict[int, Kind]:
        """Return by account key whether it is suspended or terminated at a moment."""
        return {
            account: kind
            for account, kind, begins, ends in self.effects
            if kind in ("suspension", "termination") and begins <= moment < ends
        }

    def begun(self, low: int, high: int, *kinds: Kind) -> set[int]:
        """Return keys of accounts with an effect of these kinds that begins in [low, high)."""
        return {account for account, kind, begins, _ in self.effects if kind in kinds and low <= begins < high}

    def rows(self, table: str, day: date) -> list[Row]:
        """Return the landing rows of a table that arrive on a day, in the order in which they were planned."""
        return [row for arrives_on, _, name, row in self.journal if name == table and arrives_on == day]


def load(truth: Path) -> Consequences:
    """Read the consequences of a truth folder; empty where none were written."""
    if not (truth / "reactions.parquet").exists():
        return Consequences()
    effects, returns, journal, leads = (
        pq.read_table(truth / f"{name}.parquet").to_pylist() for name in ("effects", "returns", "reactions", "leads")
    )
    return Consequences(
        effects=[(row["account_key"], row["kind"], row["begins"], row["ends"]) for row in effects],
        returns=[Return(**(row | {"shared": tuple(row["shared"].split())})) for row in returns],
        journal=[(row["arrives_on"], row["lead_id"], row["table"], json.loads(row["row"])) for row in journal],
        leads={row["lead_id"]: (row["release_id"], row["planned_for"]) for row in leads},
    )


def save(truth: Path, state: Consequences) -> None:
    """Write the consequences into the truth folder."""
    tables = {
        "effects": pa.Table.from_pylist([dict(zip(_EFFECTS.names, effect, strict=True)) for effect in state.effects], _EFFECTS),
        "returns": pa.Table.from_pylist([vars(item) | {"shared": " ".join(item.shared)} for item in state.returns], _RETURNS),
        "reactions": pa.Table.from_pylist(
            [
                {"arrives_on": day, "lead_id": lead, "table": table, "row": json.dumps(row, sort_keys=True)}
                for day, lead, table, row in state.journal
            ],
            _JOURNAL,
        ),
        "leads": pa.Table.from_pylist(
            [{"lead_id": lead, "release_id": release, "planned_for": day} for lead, (release, day) in state.leads.items()],
            _LEADS,
        ),
    }
    for name, table in tables.items():
        pq.write_table(table, truth / f"{name}.parquet", compression="zstd")
