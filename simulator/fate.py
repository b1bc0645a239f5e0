"""What enforcement did to each account of a day, as arrays.

Belongs here: turning the consequences, kept by account key, into arrays that requests are cut with.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from simulator import catalogue as cat
from simulator.blocks import NEVER, Block
from simulator.consequences import Consequences
from simulator.people import DAY_US, epoch_us
from simulator.streams import I64, uniform


@dataclass(frozen=True)
class Fate:
    """What enforcement did to each account, as arrays: begin and end (microseconds) of each effect, NEVER for none.

    `stop` is on the provider's own surfaces, `partner` on partners' platforms, `limit` lets a quarter through,
    `cured_at` ends the use of a stolen key.
    """

    stop: tuple[I64, I64]
    partner: tuple[I64, I64]
    limit: tuple[I64, I64]
    cured_at: I64


def _effects(keys: list[int], found: dict[int, tuple[int, int]]) -> tuple[I64, I64]:
    nothing = (int(NEVER), int(NEVER))
    pairs = np.array([found.get(value, nothing) for value in keys], dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def fate_of(accounts: Block, state: Consequences, world_start: date) -> Fate:
    """Return the fate of each account; half of the victims find the theft themselves nine days after it."""
    keys: list[int] = accounts.who["account_key"].tolist()
    stop = _effects(keys, state.intervals("suspension", "termination"))
    partner = _effects(keys, state.intervals("partner_stop"))
    # An account without use on a partner's platform is stopped by the provider alone, whatever surface it turns to.
    alone = ~_uses_partner(accounts) & (partner[0] == NEVER)
    partner = np.where(alone, stop[0], partner[0]), np.where(alone, stop[1], partner[1])
    cured = np.minimum(_effects(keys, state.intervals("cure"))[0], self_reported_at(accounts, world_start))
    return Fate(stop, partner, _effects(keys, state.intervals("limit")), cured)


def self_reported_at(accounts: Block, world_start: date) -> I64:
    """Return when a victim revokes its stolen key without being told (microseconds); NEVER for most accounts."""
    who = accounts.who
    reports = (who["role"] == "stolen_key_victim") & (uniform(who["account_key"], "reports") < 0.5)
    return np.where(reports, epoch_us(world_start) + (who["second_from"] + 9) * DAY_US + DAY_US * 13 // 24, NEVER)


def _uses_partner(accounts: Block) -> NDArray[np.bool_]:
    first = accounts.first
    return (first["surface"] == cat.PARTNER) | ((first["second_surface"] == cat.PARTNER) & (first["second_surface_share"] > 0))
