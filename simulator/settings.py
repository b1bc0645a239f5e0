"""What a simulation is told: settings of the world, of its campaigns, and what it answers.

Belongs here: frozen, validated settings and the summary. How they act lives in the modules that use them.
"""

from datetime import date
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

CampaignRole = Literal["distiller_direct", "distiller_via_proxy", "log_harvesting_reseller"]
CampaignFocus = Literal["reasoning", "grading", "agentic_coding", "rewriting"]


class CampaignSettings(BaseModel):
    """One harvesting campaign and its dials.

    `share` is the part of all accounts; `dilution` the part of the members' requests that look ordinary (through a
    proxy: the requests of unrelated customers); `jitter` goes from a strict schedule (0) to uniformly random times (1);
    `rotation` from one set of networks and templates (0) to a new set every day (1); `ageing_days` is how long accounts
    rest between sign-up and first use; `starts_after_days` counts from the first day of the world; `handoff` is the
    part of members that stop and are relieved by others. `identity_share` is the part of members that may share
    identifiers and networks with others; the rest share nothing but behaviour.

    `burst_share` is the part of the harvesting requests in the one hour a day in which all workers set out; `choices` the
    answers sampled for each prompt (None: as the focus has it) and `logprobs_share` the part of requests that ask for
    log-probabilities (best-of-n and distillation on logits); `partner_members` the part of members that work through a
    partner's platform alone; `declined_share` the part of charges that fail, each card tried every other day (None: as
    usual).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: CampaignRole = "distiller_direct"
    focus: CampaignFocus = "reasoning"
    share: float = Field(default=0.04, gt=0, le=0.3)
    requests_per_account_day: float = Field(default=26.0, gt=0, le=2000)
    dilution: float = Field(default=0.1, ge=0, le=0.95)
    jitter: float = Field(default=0.5, ge=0, le=1)
    rotation: float = Field(default=0.3, ge=0, le=1)
    ageing_days: int = Field(default=3, ge=0, le=365)
    starts_after_days: int = Field(default=4, ge=0, le=3650)
    pivot_share: float = Field(default=0.5, ge=0, le=1)
    handoff: float = Field(default=0.15, ge=0, le=0.5)
    partner_share: float = Field(default=0.1, ge=0, le=1)
    identity_share: float = Field(default=1.0, ge=0, le=1)
    burst_share: float = Field(default=0.0, ge=0, le=1)
    choices: int | None = Field(default=None, ge=1, le=64)
    logprobs_share: float = Field(default=0.0, ge=0, le=1)
    partner_members: float = Field(default=0.0, ge=0, le=1)
    declined_share: float | None = Field(default=None, ge=0, le=1)


DEFAULT_CAMPAIGNS: tuple[CampaignSettings, ...] = (
    CampaignSettings(burst_share=0.3),
    CampaignSettings(
        role="distiller_via_proxy",
        focus="agentic_coding",
        share=0.05,
        dilution=0.55,
        jitter=0.8,
        rotation=0.7,
        ageing_days=12,
        starts_after_days=0,
        partner_share=0.25,
        partner_members=0.2,
    ),
    CampaignSettings(
        role="distiller_direct",
        focus="grading",
        share=0.025,
        dilution=0.3,
        jitter=0.9,
        rotation=0.5,
        ageing_days=25,
        starts_after_days=8,
        pivot_share=0.4,
        partner_share=0.0,
        choices=4,
        logprobs_share=0.3,
    ),
)


class SimulatorSettings(BaseModel):
    """What to write, where, and of which world.

    `start` and `days` are the arrival days to write. The world itself (seed, accounts, requests, campaigns, look-alikes
    and its first day) is fixed by the first call on a truth folder; `requests` are per day in total. `lookalike_factor`
    multiplies the share of accounts of every look-alike (0: none), each of which then has `lookalike_least` accounts or
    more. `react_to` is the folder of a published release whose review queue the provider's reviewers work.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    out: Path
    truth: Path
    start: date
    days: int = Field(ge=1, le=3660)
    accounts: int = Field(default=3000, ge=200)
    requests: int = Field(default=60_000, ge=1000)
    seed: int = Field(default=7, ge=0)
    campaigns: tuple[CampaignSettings, ...] = DEFAULT_CAMPAIGNS
    lookalike_factor: float = Field(default=1.0, ge=0, le=20)
    lookalike_least: int = Field(default=0, ge=0, le=1_000_000)
    react_to: Path | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        out, truth = self.out.absolute(), self.truth.absolute()
        if truth == out or truth.is_relative_to(out):
            raise ValueError(
                f"truth must lie outside the landing folder {out}, given {truth}: ground truth may never be delivered; "
                "choose a folder beside it"
            )
        harvested = sum(c.share * self.accounts * c.requests_per_account_day for c in self.campaigns)
        if harvested > 0.7 * self.requests:
            raise ValueError(
                f"campaigns may make at most 70% of {self.requests} requests a day, given {harvested:.0f}: "
                "lower their share or requests_per_account_day, or raise requests"
            )
        if sum(c.share for c in self.campaigns) > 0.6:
            raise ValueError("campaigns may hold at most 60% of the accounts: lower their share")
        return self


class SimulationSummary(BaseModel):
    """What a call wrote: rows per landing table, and the arrival days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: dict[str, int]
    days: tuple[date, ...]
