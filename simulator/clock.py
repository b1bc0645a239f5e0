"""When requests of a day happen.

Belongs here: times of day by kind of clock. Human days follow an hourly profile in local time; machines follow a
schedule that jitter loosens until times are uniformly random.
"""

import numpy as np

from simulator.blocks import Block
from simulator.contracted import GROWTH
from simulator.streams import F64, I64, U64, combined, uniform

DAY_SECONDS = 86_400.0
_HOURLY = np.array(
    [
        1.0,
        0.6,
        0.4,
        0.3,
        0.3,
        0.5,
        1.2,
        2.6,
        4.8,
        6.6,
        7.2,
        7.0,
        5.6,
        6.6,
        7.4,
        7.2,
        6.6,
        5.4,
        4.4,
        4.2,
        4.4,
        4.0,
        3.0,
        1.8,
    ]
)
_CUMULATIVE = np.concatenate([[0.0], np.cumsum(_HOURLY)]) / _HOURLY.sum()
_SHIFTS = np.array([-6.0, 1.0, 9.0])
HUMAN, EVEN, WINDOW, SHIFTS = range(4)


def _human(session: U64, zone: F64) -> F64:
    local = np.interp(uniform(session, "start"), _CUMULATIVE, np.arange(25.0))
    return ((local - zone) % 24.0) * 3600.0


def seconds_of_day(
    traits: dict[str, F64], zone: F64, account_day: U64, rows: U64, *, burst_day: U64, place: I64, count: I64, turn: I64
) -> F64:
    """Return seconds since midnight UTC for each request.

    `account_day`, `burst_day` and `rows` are keys of the account's day, of its group's day and of the request; `place` of
    `count` is its number in the account's day, `turn` its number in the conversation. `traits` holds clock, jitter, burst,
    turns, pause and the window. A share `burst` falls into one hour a day that the whole group has in common.
    """
    session = combined(account_day, place - turn)
    kind = traits["clock"]
    shift_zone = _SHIFTS[(uniform(session, "shift") * 3).astype(np.int64)]
    talked = turn * traits["pause"] * (0.7 + 0.6 * uniform(session, "pace")) + uniform(rows, "think") * traits["pause"] * 0.5
    conversation = _human(session, np.where(kind == SHIFTS, shift_zone, zone)) + talked
    phase = uniform(account_day, "phase")
    regular = (place + 0.15 + 0.7 * phase) / np.maximum(count, 1)
    loose = traits["jitter"] * uniform(rows, "jitter") + (1.0 - traits["jitter"]) * regular
    schedule = np.where(
        kind == WINDOW, traits["window_start"] * 3600.0 + loose * traits["window_hours"] * 3600.0, loose * DAY_SECONDS
    )
    alone = np.where((kind == HUMAN) | (kind == SHIFTS), conversation, schedule) % DAY_SECONDS
    common = (np.floor(24 * uniform(burst_day, "burst-hour")) + uniform(rows, "burst-second")) * 3600.0
    return np.where(uniform(rows, "burst") < traits["burst"], common, alone)


def is_weekend(day_ordinal: int) -> bool:
    """Return whether a proleptic ordinal day is a Saturday or Sunday."""
    return day_ordinal % 7 in (6, 0)


def request_counts(block: Block, day_number: int, weekend: bool, stream: np.random.Generator) -> I64:
    """Return how many requests each account of a block makes on a day; 0 outside its active days."""
    first = block.first
    factor = np.where(weekend, first["weekend"], 1.0).astype(np.float64)
    chance = np.minimum(first["active"] * np.minimum(factor, 1.0), 1.0)
    rate = first["rate"] / first["active"] * np.maximum(factor, 1.0)
    # A thief's requests come on top of the victim's own.
    stolen = (block.who["role"] == "stolen_key_victim") & (day_number >= block.who["second_from"])
    rate = np.where(stolen, rate / (1.0 - block.who["second_share"]), rate)
    rate = np.where(day_number >= block.who["grows_from"], rate * GROWTH, rate)
    spread = first["spread"].astype(np.float64)
    varied = rate * np.exp(spread * stream.standard_normal(block.size) - spread**2 / 2)
    active = stream.random(block.size) < chance
    counts = stream.poisson(varied)
    alive = (block.who["active_from"] <= day_number) & (day_number <= block.who["active_to"])
    return np.where(active & alive, counts, 0).astype(np.int64)
