"""The world: every account there is by a given day, and the file that fixes it.

Belongs here: assembling blocks, scaling ordinary use to the requested volume, and `world.json`. The first 28 days of
accounts are one block for each profile; every further 28 days bring a cohort of newcomers; accounts that return after
enforcement are blocks of their own.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from simulator.blocks import Block, joined
from simulator.campaigns import member_count, members
from simulator.people import residents
from simulator.profiles import ABUSE, BREACHES, LOOKALIKES, ORDINARY, Profile
from simulator.settings import SimulatorSettings

COHORT_DAYS = 28
_FIXED = ("accounts", "requests", "seed", "campaigns", "lookalike_factor", "lookalike_least")


@dataclass(frozen=True)
class World:
    """A world fixed by its settings: the first day and the accounts of the first 28 days."""

    settings: SimulatorSettings
    start: date
    scale: float
    base: tuple[Block, ...]

    def day_number(self, day: date) -> int:
        """Return days since the first day of the world; negative before it."""
        return (day - self.start).days

    def accounts_by(self, day: date) -> tuple[Block, ...]:
        """Return the blocks of every account that may have joined by a day, returns after enforcement not included."""
        cohorts = range(1, self.day_number(day) // COHORT_DAYS + 1)
        return self.base + tuple(_cohort(self.settings, self.start, number, self.scale) for number in cohorts)


def _sizes(settings: SimulatorSettings) -> list[tuple[Profile, int, str]]:
    """Return every profile with its number of accounts in the base and its block's name."""
    accounts, factor = settings.accounts, settings.lookalike_factor
    sized = [
        (
            profile,
            max(profile.group, round(factor * profile.share * accounts), settings.lookalike_least),
            str(profile.lookalike_id),
        )
        for profile in LOOKALIKES
        if factor > 0
    ]
    sized += [
        (profile, max(profile.group, round(profile.share * accounts)), profile.name or profile.role)
        for profile in (*ABUSE, *BREACHES)
    ]
    taken = sum(size for _, size, _ in sized) + sum(member_count(c, accounts) for c in settings.campaigns)
    left = max(len(ORDINARY), accounts - taken)
    total = sum(profile.share for profile in ORDINARY)
    return sized + [
        (profile, max(1, round(left * profile.share / total)), f"ordinary-{number}") for number, profile in enumerate(ORDINARY)
    ]


def _scaled(block: Block, scale: float) -> Block:
    first = block.first | {"rate": (block.first["rate"] * np.float32(scale)).astype(np.float32)}
    return Block(block.name, block.who, first, block.second)


def _expected(block: Block) -> float:
    weekly = (5.0 + 2.0 * np.minimum(block.first["weekend"], 1.4)) / 7.0
    return float(np.sum(block.first["rate"] * weekly * (block.who["joined_day"] <= COHORT_DAYS // 2)))


def _cohort(settings: SimulatorSettings, start: date, number: int, scale: float) -> Block:
    window = (number * COHORT_DAYS, (number + 1) * COHORT_DAYS)
    blocks = [
        residents(profile, round(size * 0.12), f"{name}.cohort-{number}", settings.seed, start, window=window)
        for profile, size, name in _sizes(settings)
        if round(size * 0.12) >= profile.group and profile.role == "ordinary"
    ]
    return _scaled(joined(f"cohort-{number}", blocks), scale)


def build_world(settings: SimulatorSettings, start: date) -> World:
    """Return the world of these settings with its first day `start`."""
    people = [
        residents(profile, size, name, settings.seed, start, window=(0, COHORT_DAYS)) for profile, size, name in _sizes(settings)
    ]
    harvested = [members(c, n, settings.accounts, settings.seed, start) for n, c in enumerate(settings.campaigns)]
    left = settings.requests - sum(_expected(block) for block in harvested)
    scale = left / sum(_expected(block) for block in people)
    base = (joined("residents", [_scaled(block, scale) for block in people]), *harvested)
    return World(settings, start, scale, base)


def _fixed(settings: SimulatorSettings) -> dict[str, Any]:
    return json.loads(settings.model_dump_json(include=set(_FIXED)))


def open_world(settings: SimulatorSettings) -> World:
    """Return the world of the truth folder, or fix a new one there.

    Raises ValueError when the folder holds a world of other settings, or days before its first day are asked for.
    """
    path = settings.truth / "world.json"
    fixed = _fixed(settings)
    if path.exists():
        stored = json.loads(path.read_text(encoding="utf-8"))
        # A setting that the file does not name had its default when the world was made.
        known = _fixed(SimulatorSettings.model_validate(settings.model_dump(exclude=set(_FIXED)) | stored["settings"]))
        differing = [name for name in _FIXED if known[name] != fixed[name]]
        if differing:
            given = {name: (known[name], fixed[name]) for name in differing}
            raise ValueError(
                f"{path} fixes another world: (fixed, given) = {given}; use the fixed settings or another truth folder"
            )
        start = date.fromisoformat(stored["start"])
        if settings.start < start:
            raise ValueError(
                f"the world in {path} starts on {start}, given start {settings.start}: ask for that day or a later one"
            )
    else:
        start = settings.start
        settings.truth.mkdir(parents=True, exist_ok=True)
        path.write_text(
            json.dumps({"seed": settings.seed, "start": start.isoformat(), "settings": fixed}, indent=2, sort_keys=True) + "\n",
            encoding="utf-8",
        )
    return build_world(settings, start)
