"""Members of a harvesting campaign: behaviour by role and focus, and identifiers shared in small overlapping groups.

Belongs here: what a campaign's dials do. Volumes follow the public record (about 26 requests an account and day in the
campaign disclosed in June 2026, half of the traffic moved to a new model within 24 hours in that of February 2026).
"""

from datetime import date

import numpy as np

from simulator import catalogue as cat
from simulator.blocks import NEVER, Block, texts
from simulator.people import DAY_US, IDENTIFIERS, OWN_DOMAIN, behaviour, epoch_us, identity
from simulator.settings import CampaignSettings
from simulator.streams import U64, combined, generator, key, salted
from simulator.traits import Columns, Traits

_FOCUS: dict[str, dict[str, float | tuple[float, float]]] = {
    "reasoning": {
        "reasoning": 0.85, "pairing": 0.3, "thinking": 0.8, "output": 7.2, "topic": cat.MATHS, "span": 6, "sweep": 1,
        "focus": 0, "temperature": 0.7, "max_tokens": 8192,
    },
    "grading": {
        "grading": 0.5, "ring": 1, "rewriting": 0.08, "output": 5.6, "topic": cat.LOGIC, "span": 12, "sweep": 1,
        "focus": 0, "temperature": 0.2, "max_tokens": 2048, "choices": 2,
    },
    "agentic_coding": {
        "reasoning": 0.15, "thinking": 0.5, "output": 7.0, "topic": cat.SOFTWARE, "span": 3, "sweep": 1, "focus": 0,
        "tools": 5, "temperature": 1.0, "max_tokens": 16384,
    },
    # harmless phrasings of delicate questions, a set of its own in the disclosure of February 2026; its share is an assumption
    "rewriting": {
        "rewriting": 0.6, "reasoning": 0.05, "output": 6.0, "topic": cat.HISTORY, "span": 5, "focus": 0.4, "temperature": 0.9,
        "max_tokens": 2048,
    },
}  # fmt: skip
_CUSTOMERS: Traits = {
    "surface": cat.API, "clock": 3, "turns": 3, "freeform": 0.75, "popular": 0.2, "focus": 0.05, "end_users": 30,
    "languages": 1, "network": 1, "nets": 4, "nat": 0, "travel": 0.5,
}  # fmt: skip
_PLAIN_USE: Traits = {
    "surface": cat.API,
    "clock": 0,
    "turns": 3,
    "freeform": 0.6,
    "popular": 0.35,
    "network": 1,
    "nat": 0,
}
_SHARING = {"payment": 0.6, "device": 0.5, "signup": 0.6, "pattern": 0.5, "phone": 0.2}
"""Part of the members that shares an identifier of each kind with a few others; the rest has one of its own."""


def _overlapping(own: U64, share: float, stream: np.random.Generator) -> U64:
    """Return keys where a random part of the members shares values in groups of two to six, others keep their own."""
    size = len(own)
    order = stream.permutation(size)
    taking = order[: round(share * size)]
    group = np.repeat(np.arange(len(taking)), stream.integers(2, 7, len(taking)))[: len(taking)]
    shared = own.copy()
    if len(taking):
        _, first = np.unique(group, return_index=True)
        shared[taking] = own[taking[first]][group]
    return shared


def member_count(campaign: CampaignSettings, accounts: int) -> int:
    """Return how many accounts a campaign holds, at least six."""
    return max(6, round(campaign.share * accounts))


def _main_traits(campaign: CampaignSettings) -> Traits:
    epoch = 0 if campaign.rotation == 0 else max(1, round(1 / campaign.rotation))
    sampling = {} if campaign.choices is None else {"choices": campaign.choices}
    return _FOCUS[campaign.focus] | sampling | {
        "burst": campaign.burst_share, "logprobs": campaign.logprobs_share,
        "rate": campaign.requests_per_account_day, "spread": 0.08, "active": 1, "weekend": 1, "clock": 1,
        "jitter": campaign.jitter, "turns": 1, "surface": cat.API, "second_surface": cat.PARTNER,
        "second_surface_share": campaign.partner_share, "small": 0, "adoption": 0.9, "pivot": campaign.pivot_share,
        "templates": 10, "echo": 0, "freeform": 0, "popular": 0.02, "cache": 0.03, "input": 6.0, "input_sigma": 0.35,
        "output_sigma": 0.5, "network": 1, "hosts": 2, "net_epoch": epoch,
        "template_epoch": 0 if campaign.rotation == 0 else 3 * epoch, "nat": 0, "stream": 0, "keys": (1, 2.5),
        "throttle": 0.012, "top_p": 0.95,
    }  # fmt: skip


def _set_apart(
    identity_share: float, account_key: U64, who: Columns, behaviours: tuple[Columns, ...], stream: np.random.Generator
) -> None:
    """Give the part 1 - `identity_share` of the members identifiers, networks and clients that nobody else has.

    What they do (templates, prompts, clock) stays the campaign's.
    """
    apart = stream.permutation(len(account_key))[round(identity_share * len(account_key)) :]
    for kind in IDENTIFIERS:
        who[f"{kind}_key"][apart] = salted(account_key[apart], f"apart.{kind}")
    for columns in behaviours:
        for kind in ("net", "agent"):
            columns[f"{kind}_key"][apart] = salted(account_key[apart], f"apart.{kind}")
    # A referral names the member before; none may name one that stands apart, or come from it.
    who["referred"][apart] = 0
    who["referred"][(apart + 1) % len(account_key)] = 0


def members(campaign: CampaignSettings, number: int, accounts: int, seed: int, world_start: date) -> Block:
    """Return the accounts of a campaign; `number` is its place in the settings, which names it."""
    size = member_count(campaign, accounts)
    name = f"campaign-{number}"
    stream = generator(seed, "campaign", name)
    account_key = combined(np.full(size, key(seed, "account", name), dtype=np.uint64), np.arange(size, dtype=np.int64))
    whole = np.full(size, key(seed, "campaign-key", name), dtype=np.uint64)
    first = behaviour(_main_traits(campaign), account_key, stream, "main")
    first["template_key"] = salted(whole, "template")
    first["burst_key"] = salted(whole, "burst")
    # Members draw from several pools of networks and clients, so that no one value is common to all of them.
    for kind, pools in (("net", max(3, size // 4)), ("agent", max(2, size // 12)), ("system", 3)):
        pool = stream.integers(0, pools, size)
        first[f"{kind}_key"] = combined(salted(whole, kind), pool)
    first["nets"] = np.full(size, 3, dtype=np.float32)
    first["own_agent"] = (stream.random(size) < 0.5).astype(np.float32)
    first["partner"] = stream.integers(0, len(cat.PARTNERS), size).astype(np.float32)
    second = behaviour(_PLAIN_USE if campaign.role == "distiller_direct" else _CUSTOMERS, account_key, stream, "cover")
    for kind in ("net_key", "agent_key", "own_agent"):
        second[kind] = first[kind]
    # a proxy routes each of its customers' requests to whichever member is least used
    second["tenant_key"] = salted(whole, "tenant")
    second["end_users"] = second["end_users"] * size / 3
    who = identity(
        {"tier": (cat.PLUS, cat.SCALE), "use": (1, 3), "kyc": 0.04, "trial": 0.5, "paying": 0.9, "disposable": 0.2,
        "relay": 0.05,
         "card_foreign": 0.4, "referred": 0.15},
        account_key, account_key, frozenset(), stream,
    )  # fmt: skip
    for kind, share in _SHARING.items():
        who[f"{kind}_key"] = _overlapping(who[f"{kind}_key"], share, stream)
    who["funding_code"] = stream.choice([cat.PREPAID, cat.DEBIT, cat.CREDIT], size, p=[0.6, 0.2, 0.2])
    domains = stream.integers(0, 4, size)
    own = domains == 0
    who["domain"] = np.where(own, OWN_DOMAIN, who["domain"])
    who["domain_key"] = np.where(own, combined(salted(whole, "domain"), stream.integers(0, 3, size)), who["domain_key"])
    start = campaign.starts_after_days + np.floor(stream.random(size) ** 2 * 4).astype(np.int64)
    batch = stream.integers(0, 3, size)
    joined = campaign.starts_after_days - campaign.ageing_days + np.floor(stream.random(size) * 1.5) + batch * 2 - 2
    joined = np.minimum(joined.astype(np.int64), start)
    stops = np.full(size, NEVER)
    handed = round(campaign.handoff * size) // 2
    hour = campaign.starts_after_days + 7 + stream.integers(0, 12, handed)
    stops[:handed] = hour
    start[handed : 2 * handed] = hour
    joined[handed : 2 * handed] = hour - campaign.ageing_days - 1
    at_partner = generator(seed, "campaign-partner", name)
    if campaign.partner_members > 0:
        through = at_partner.random(size) < campaign.partner_members
        for columns in (first, second):
            columns["surface"] = np.where(through, cat.PARTNER, columns["surface"]).astype(np.float32)
    if campaign.declined_share is not None:
        who["declines"] = np.full(size, campaign.declined_share, dtype=np.float32)
        who["top_up_days"] = np.full(size, 2, dtype=np.float32)
    _set_apart(campaign.identity_share, account_key, who, (first, second), generator(seed, "campaign-apart", name))
    who |= {
        "account_key": account_key,
        "group_key": whole,
        "operator_key": salted(whole, "operator"),
        "created_at": epoch_us(world_start) + joined * DAY_US + (stream.random(size) * 0.3 * DAY_US).astype(np.int64),
        "joined_day": joined,
        "closes_day": np.full(size, NEVER),
        "active_from": start,
        "active_to": stops,
        "second_share": np.full(size, campaign.dilution, dtype=np.float32),
        "second_from": np.zeros(size, dtype=np.int64),
        "ring_key": np.roll(account_key, 1),
        "campaign": np.full(size, number, dtype=np.int64),
        "role": texts([campaign.role] * size),
        "lookalike_id": texts([None] * size),
    }
    return Block(name, who, first, second)
