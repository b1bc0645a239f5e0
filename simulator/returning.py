"""Operators that come back after their accounts were stopped.

Belongs here: who returns when, and the accounts they open. A newcomer keeps two or more identifiers of the account it
replaces; some move to a partner's platform.
"""

from datetime import date

import numpy as np

from simulator import catalogue as cat
from simulator.blocks import NEVER, Block, texts
from simulator.consequences import Return
from simulator.enforcing import Target
from simulator.people import DAY_US, epoch_us
from simulator.streams import U64, combined, generator, key, salted

COMEBACK_SHARE, MEAN_LAG_DAYS, REPLACED_SHARE, MOVES_SHARE = 0.55, 6.0, 0.6, 0.25
IDENTIFIERS = ("payment", "device", "signup", "pattern", "phone")


def planned_returns(case_id: str, operator: int, stopped: list[tuple[Target, int]], seed: int) -> list[Return]:
    """Return the accounts that one operator opens after a case stopped some of its accounts (with when each
    stopped)."""
    stream = generator(seed, "return", case_id, operator)
    if stream.random() >= COMEBACK_SHARE:
        return []
    lag = int(min(60.0, stream.exponential(MEAN_LAG_DAYS)) * DAY_US)
    begins = max(effective for _, effective in stopped) + lag
    moves = stream.random() < MOVES_SHARE
    wave = f"return-{case_id}-{operator:016x}"
    found: list[Return] = []
    for target, _ in stopped:
        if stream.random() >= REPLACED_SHARE and found:
            continue
        # A farmer of trials never pays; a phone is known of too few accounts to count as one of the two.
        kinds = IDENTIFIERS[1:4] if target.role == "trial_farmer" else IDENTIFIERS[:4]
        kept = {kinds[spot] for spot in stream.permutation(len(kinds))[: int(stream.integers(2, 4))].tolist()}
        if stream.random() < 0.3:
            kept.add("phone")
        shared = tuple(sorted(kept))
        opened = begins + int(stream.random() * 3 * DAY_US)
        found.append(Return(wave, len(found), target.key, opened, cat.PARTNER if moves else -1, shared))
    return found


def returned_key(item: Return, seed: int) -> int:
    """Return the key of the account that a return opens in the world of a seed."""
    return int(_account_keys([item], seed)[0])


def _account_keys(returns: list[Return], seed: int) -> U64:
    waves = np.array([key(seed, "account", item.wave) for item in returns], dtype=np.uint64)
    return combined(waves, np.array([item.number for item in returns], dtype=np.int64))


def return_block(wave: str, returns: list[Return], everyone: Block, seed: int, world_start: date) -> Block:
    """Return the accounts of one wave; `everyone` must hold the accounts they replace.

    Raises KeyError when a replaced account is unknown.
    """
    size = len(returns)
    where = {value: spot for spot, value in enumerate(everyone.who["account_key"].tolist())}
    former = np.array([where[item.former_key] for item in returns], dtype=np.int64)
    who = {name: values[former].copy() for name, values in everyone.who.items()}
    first = {name: values[former].copy() for name, values in everyone.first.items()}
    second = {name: values[former].copy() for name, values in everyone.second.items()}
    account_key = _account_keys(returns, seed)
    for name in (*IDENTIFIERS, "email", "domain", "organization"):
        fresh = salted(account_key, name)
        keeps = np.array([name in item.shared for item in returns])
        who[f"{name}_key"] = np.where(keeps, who[f"{name}_key"], fresh)
    for columns in (first, second):
        columns["prompt_key"] = salted(account_key, "prompts")
        # Most operators rent new addresses; the rest of the set-up (templates, tools) comes along.
        moved = generator(seed, "networks", wave).random(size) < 0.7
        columns["net_key"] = np.where(moved, salted(columns["net_key"], wave), columns["net_key"])
    partnered = np.array([item.surface == cat.PARTNER for item in returns])
    first["surface"] = np.where(partnered, cat.PARTNER, first["surface"]).astype(np.float32)
    first["second_surface"] = np.where(partnered, cat.PARTNER, first["second_surface"]).astype(np.float32)
    created = np.array([item.created_at for item in returns], dtype=np.int64)
    joined = (created - epoch_us(world_start)) // DAY_US
    who |= {
        "account_key": account_key, "created_at": created, "joined_day": joined, "active_from": joined,
        "active_to": np.full(size, NEVER), "closes_day": np.full(size, NEVER), "ring_key": np.roll(account_key, 1),
        "is_trial": np.ones(size, dtype=np.bool_),
        "is_paying": who["role"] != "trial_farmer", "role": texts(who["role"]),
        "lookalike_id": texts(who["lookalike_id"]),
    }  # fmt: skip
    return Block(wave, who, first, second)
