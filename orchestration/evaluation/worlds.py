"""The worlds that detection is evaluated on: two sets of ten, with other seeds and other draws of the dials.

Belongs here: how a world's settings are drawn. Thresholds may be chosen on `tuning`; `report` is for reporting alone.
Every pair of dilution and identity share stands in each set equally often (4 of 80 campaigns), sizes and rates cover
their ranges evenly (Latin hypercube; McKay, Beckman and Conover 1979), the other dials are drawn at random.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from simulator import CampaignSettings, SimulatorSettings

SetName = Literal["tuning", "report"]
WORLDS, CAMPAIGNS = 10, 8
DILUTIONS = (0.0, 0.1, 0.25, 0.5, 0.75)
IDENTITY_SHARES = (0.0, 0.25, 0.5, 1.0)
ACCOUNTS = 4600
LEAST_LOOKALIKES = 108
"""Accounts of every look-alike in a world: a thousand over ten worlds, with some to spare for those never active."""
RESIDENT_REQUESTS = 69_000
"""Requests a day of everybody but the campaigns; about half of what these accounts would make by their profiles."""
HISTORY_DAYS, REACTION_DAYS = 18, 12
"""Nights before reviewers work the queue, and after: operators take about a week to come back and some days for 100 requests."""
START = date(2026, 3, 1)
_FIRST_SEEDS = {"tuning": 41_000, "report": 209_000}
_DIAL_SEEDS = {"tuning": 20_261, "report": 20_269}
_SIZES, _RATES = (40, 150), (10.0, 60.0)
_STARTS = (2, 10)
_ROLES = ("distiller_direct", "distiller_via_proxy", "log_harvesting_reseller")
_FOCUSES = ("reasoning", "grading", "agentic_coding")

Numbers = npt.NDArray[np.float64]


class WorldPlan(BaseModel):
    """One world to be evaluated: its place (set and number), its seed and its campaigns."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    set_name: SetName
    number: int
    seed: int
    requests: int
    campaigns: tuple[CampaignSettings, ...]
    accounts: int = ACCOUNTS
    lookalike_least: int = LEAST_LOOKALIKES
    start: date = START
    history_days: int = HISTORY_DAYS
    reaction_days: int = REACTION_DAYS

    @property
    def name(self) -> str:
        """`<set>-<number>`, also the name of its result file."""
        return f"{self.set_name}-{self.number}"

    @property
    def reacts_after(self) -> date:
        """The last as-of date before reviewers work the queue."""
        return self.start + timedelta(days=self.history_days - 1)

    @property
    def last_day(self) -> date:
        """The last as-of date of the evaluation."""
        return self.reacts_after + timedelta(days=self.reaction_days)

    def history(self, home: Path) -> SimulatorSettings:
        """Return what to simulate first, into a home."""
        return self._settings(home, self.start, self.history_days, None)

    def reaction(self, home: Path, release: Path) -> SimulatorSettings:
        """Return what to simulate after a release was published, reacting to its queue."""
        return self._settings(home, self.reacts_after + timedelta(days=1), self.reaction_days, release)

    def _settings(self, home: Path, start: date, days: int, release: Path | None) -> SimulatorSettings:
        return SimulatorSettings(
            out=home / "landing",
            truth=home / "truth",
            start=start,
            days=days,
            accounts=self.accounts,
            requests=self.requests,
            seed=self.seed,
            campaigns=self.campaigns,
            lookalike_least=self.lookalike_least,
            react_to=release,
        )


def plan_worlds(set_name: SetName, numbers: Iterable[int]) -> tuple[WorldPlan, ...]:
    """Return the worlds of a set by number (1 to 10); the same for the same set, whichever others are asked for.

    Raises ValueError for a number out of range.
    """
    wanted = sorted(set(numbers))
    if not wanted or wanted[0] < 1 or wanted[-1] > WORLDS:
        raise ValueError(f"a set has the worlds 1 to {WORLDS}, given {wanted}: ask for some of those")
    drawn = _campaigns(_DIAL_SEEDS[set_name])
    return tuple(_world(set_name, number, drawn[(number - 1) * CAMPAIGNS : number * CAMPAIGNS]) for number in wanted)


def world_numbers(text: str) -> tuple[int, ...]:
    """Return the numbers that a text such as `1-10` or `1,3,7-9` names, in order.

    Raises ValueError when it is none such.
    """
    found: set[int] = set()
    for part in text.split(","):
        low, dash, high = part.strip().partition("-")
        if not low.isdecimal() or (dash and not high.isdecimal()):
            raise ValueError(f"worlds are numbers and ranges such as 1-10 or 1,3,7-9, given {text!r}")
        found |= set(range(int(low), int(high if dash else low) + 1))
    return tuple(sorted(found))


def _world(set_name: SetName, number: int, campaigns: tuple[CampaignSettings, ...]) -> WorldPlan:
    harvested = sum(campaign.share * ACCOUNTS * campaign.requests_per_account_day for campaign in campaigns)
    return WorldPlan(
        set_name=set_name,
        number=number,
        seed=_FIRST_SEEDS[set_name] + number,
        requests=RESIDENT_REQUESTS + round(harvested),
        campaigns=campaigns,
    )


def _campaigns(seed: int) -> tuple[CampaignSettings, ...]:
    stream = np.random.Generator(np.random.PCG64(seed))
    count = WORLDS * CAMPAIGNS
    cells = list(product(DILUTIONS, IDENTITY_SHARES))
    order = [spot for _ in range(count // len(cells)) for spot in stream.permutation(len(cells)).tolist()]
    sizes, rates = _even(count, *_SIZES, stream), _even(count, *_RATES, stream)
    # drawn from a stream of their own: the dials above keep the values that the seed gave them before these existed
    further = np.random.Generator(np.random.PCG64([seed, 1]))
    tactics = [_tactics(further) for _ in range(count)]
    return tuple(
        CampaignSettings.model_validate(
            {
                "role": _ROLES[int(stream.integers(0, len(_ROLES)))],
                "focus": _FOCUSES[int(stream.integers(0, len(_FOCUSES)))],
                "share": round(float(sizes[spot])) / ACCOUNTS,
                "requests_per_account_day": round(float(rates[spot]), 1),
                "dilution": cells[order[spot]][0],
                "identity_share": cells[order[spot]][1],
                "jitter": round(float(stream.random()), 2),
                "rotation": (0.0, 0.3, 0.7, 1.0)[int(stream.integers(0, 4))],
                "ageing_days": int(stream.integers(0, 31)),
                "starts_after_days": int(stream.integers(_STARTS[0], _STARTS[1] + 1)),
                "pivot_share": round(float(stream.random()), 2),
                "handoff": round(0.3 * float(stream.random()), 2),
                "partner_share": (0.0, 0.1, 0.25)[int(stream.integers(0, 3))],
            }
            | tactics[spot]
        )
        for spot in range(count)
    )


def _tactics(stream: np.random.Generator) -> dict[str, Any]:
    """Return what most campaigns leave alone: bursts, sampling, members at a partner's, cards that fail, a rewriting set."""

    def drawn(*values: float | None) -> float | None:
        return values[int(stream.integers(0, len(values)))]

    focus = {"focus": "rewriting"} if stream.random() < 1 / 6 else {}
    return focus | {
        "burst_share": drawn(0.0, 0.0, 0.2, 0.4),
        "choices": drawn(None, None, None, 4),
        "logprobs_share": drawn(0.0, 0.0, 0.0, 0.5),
        "partner_members": drawn(0.0, 0.0, 0.0, 0.3),
        "declined_share": drawn(None, None, None, 0.5),
    }


def _even(count: int, low: float, high: float, stream: np.random.Generator) -> Numbers:
    """Return `count` numbers, one from each of as many equal slices of the range on the log scale, in random order."""
    spots = (stream.permutation(count) + stream.random(count)) / count
    return np.exp(np.log(low) + spots * (np.log(high) - np.log(low)))
