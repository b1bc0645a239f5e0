"""Who lives in the world besides the campaigns: ordinary users, benign look-alikes, authorised customers, other abuse.

Belongs here: one row of data per kind of account. A profile says what share of all accounts it is, how many accounts
belong together (`group`), which identifiers such a group has in common (`shared`) and the traits that differ from the
defaults.
"""

from dataclasses import dataclass
from typing import Any

from simulator.catalogue import (
    API,
    BUILD,
    CHAT,
    CODING,
    CREATIVE,
    DATA,
    EDUCATION,
    ENTERPRISE,
    FREE,
    LOGIC,
    PARTNER,
    PLUS,
    PREPAID,
    SCALE,
    SMALL,
    SOFTWARE,
    SUPPORT,
    TRANSLATION,
)  # fmt: skip
from simulator.traits import Range, Traits


@dataclass(frozen=True)
class Profile:
    """A kind of account: role and look-alike in the truth, share of all accounts, size of a group and what it
    shares.

    `cover` is the other behaviour, of a share of requests, and `cover_shared` what a group has in common in it; `name` tells
    profiles of one role apart; `breach` is the limit of a contract that is left; with `moves` the second account of each
    pair begins when the first ends.
    """

    role: str
    lookalike_id: str | None
    share: float
    traits: Traits
    group: int = 1
    shared: frozenset[str] = frozenset()
    one_operator: bool = False
    joins: Range | None = None
    cover: Traits | None = None
    cover_share: float = 0.0
    cover_shared: frozenset[str] = frozenset()
    name: str = ""
    breach: str | None = None
    moves: bool = False


def _ordinary(share: float, **traits: float | Range) -> Profile:
    return Profile("ordinary", None, share, traits)


def _alike(
    lookalike_id: str,
    share: float,
    group: int = 1,
    shared: str = "",
    one_operator: bool = False,
    *,
    joins: Range | None = None,
    role: str = "ordinary",
    moves: bool = False,
    **traits: Any,
) -> Profile:
    return Profile(role, lookalike_id, share, traits, group, frozenset(shared.split()), one_operator, joins, moves=moves)


_COMPANY: dict[str, Any] = {
    "organization": 1,
    "tier": SCALE,
    "surface": API,
    "network": 4,
    "kyc": 0.8,
    "freeform": 0.15,
    "use": 1,
    "nat": 0,
}

ORDINARY: tuple[Profile, ...] = (
    _ordinary(0.46, rate=(0.5, 10), surface=CHAT, tier=(0, 2)),
    _ordinary(
        0.16, rate=(1, 24), surface=API, tier=BUILD, use=1, freeform=0.35, popular=0.4, turns=2, keys=(1, 3),
        tools=(0, 1.4), temperature=(0, 1), second_surface=CHAT, second_surface_share=0.3,
    ),
    _ordinary(
        0.15, rate=(4, 50), surface=CODING, tier=(1, 3), use=1, turns=12, pause=35, tools=12, cache=0.8, input=8.5,
        topic=SOFTWARE, popular=0.5, freeform=0.45,
    ),
    _ordinary(
        0.07, rate=(5, 90), turns=3, end_users=(5, 200), keys=(1, 4), system=1, templates=(2, 9), **_COMPANY,
    ),
    _ordinary(
        0.03, rate=(10, 120), turns=3, end_users=(0, 60), keys=(1, 6), system=1, templates=(2, 12), partner=(0, 3),
        generate_share=0.3, **(_COMPANY | {"surface": PARTNER, "tier": ENTERPRISE}),
    ),
)  # fmt: skip
"""Shares need not add to one: they are weights over the accounts that nobody else claims."""

LOOKALIKES: tuple[Profile, ...] = (
    _alike(
        "evaluation_harness", 0.002, organization=1, tier=SCALE, surface=API, use=3, rate=(60, 160), clock=2,
        window_hours=6, window_start=(0, 18), jitter=0.2, same_daily=1, freeform=0, popular=0, templates=12, sweep=1,
        focus=0, pivot=0.95, turns=1, temperature=0, max_tokens=2048, network=1, logprobs=0.1, weekend=1, active=0.6,
        spread=0.2, kyc=0.7,
    ),
    _alike(
        "academic_reasoning_research", 0.002, organization=1, tier=BUILD, surface=API, use=3, rate=(20, 60),
        reasoning=0.7, thinking=0.7, run=4, temperature_spread=1, temperature=0.7, output=7.0, freeform=0.1,
        popular=0.1, templates=5, topic=LOGIC, network=3, turns=1, kyc=0.8, active=0.4, choices=(1, 4.99),
    ),
    _alike(
        "nightly_etl", 0.004, organization=1, tier=SCALE, surface=API, use=5, rate=(60, 200), clock=2,
        window_start=(0, 5), window_hours=3, jitter=0.3, freeform=0, popular=0.1, templates=2, output=2.8,
        output_sigma=0.3, input=6.8, topic=DATA, focus=0.9, turns=1, model=SMALL, small=0.9, temperature=0, batch=0.7,
        weekend=0.9, network=4, system=1, embedding=0.1, kyc=0.8, spread=0.2, nat=0,
    ),
    _alike(
        "own_product_judge", 0.003, grading=0.4, ring=2, rate=(30, 90), turns=1, end_users=50, system=1, templates=4,
        temperature=0, **_COMPANY,
    ),
    _alike(
        "coding_agents", 0.004, organization=1, tier=SCALE, surface=CODING, rate=(80, 220), clock=1, jitter=0.9,
        turns=20, tools=16, cache=0.9, input=9.2, output=6.2, topic=SOFTWARE, focus=0.85, popular=0.6, freeform=0.4,
        weekend=0.9, network=1, nets=3, hosts=4, use=1, kyc=0.7,
    ),
    _alike(
        "contracted_reseller", 0.001, role="authorised_aggregator", organization=1, tier=ENTERPRISE, surface=API, use=7,
        rate=(150, 300), end_users=400, clock=3, freeform=0.7, popular=0.2, templates=12, network=1, nets=4, hosts=3,
        keys=8, approved=0, kyc=1, declares=1, focus=0.05, languages=1, weekend=0.8, spread=0.1, active=1,
    ),
    _alike(
        "contracted_synthetic_data", 0.001, role="authorised_synthetic_data", organization=1, tier=ENTERPRISE,
        surface=API, use=8, rate=(100, 250), clock=1, jitter=0.4, freeform=0, popular=0, templates=6, turns=1,
        output=7.1, temperature=1.0, max_tokens=4096, network=1, approved=3, kyc=1, declares=1, focus=0.2,
        reasoning=0.3, weekend=1, spread=0.1, active=1,
    ),
    _alike(
        "support_bot", 0.008, organization=1, tier=SCALE, surface=API, use=2, rate=(20, 120), turns=3,
        end_users=(80, 500), system=1, templates=1, freeform=0, popular=0, topic=SUPPORT, focus=0.95, cache=0.8,
        output=4.8, network=4, weekend=0.8, kyc=0.7, nat=0, model=SMALL, small=0.6,
    ),
    _alike(
        "translation_bureau", 0.003, organization=1, tier=BUILD, surface=API, use=6, rate=(25, 90), turns=1,
        templates=2, freeform=0, popular=0, topic=TRANSLATION, focus=0.97, languages=1, output=6.8, output_sigma=0.4,
        input=6.8, network=4, nat=0,
    ),
    _alike("campus_nat", 0.03, 30, "net domain", rate=(1, 8), network=3, hosts=6, nets=2, use=4, tier=(0, 2), nat=0),
    _alike(
        "classroom", 0.012, 18, "net domain prompt template window organization", surface=CHAT, rate=(3, 7), clock=2,
        window_start=(13, 13.01), window_hours=1, repeat=8, freeform=0, popular=0.1, templates=3, network=3, hosts=3,
        nets=1, use=4, active=0.4, weekend=0.02, topic=EDUCATION, focus=0.8, tier=FREE, turns=1, nat=0,
    ),
    _alike(
        "hackathon", 0.012, 24, "net day burst", joins=(2, 20), burst=0.3, surface=API, rate=(4, 30), tier=FREE, trial=1,
        network=3, hosts=5, nets=1, use=1, popular=0.5, freeform=0.3, keys=2, age_days=1, paying=0.05, nat=0, active=0.5,
        weekend=1.2,
    ),
    _alike(
        "agency_one_card", 0.006, 9, "payment organization", True, rate=(4, 40), end_users=20, system=1, templates=3,
        surface=API, tier=BUILD, use=6, network=4, organization=1, kyc=0.6, nat=0,
    ),
    _alike(
        "red_team", 0.0015, organization=1, tier=SCALE, surface=API, use=3, rate=(20, 80), rewriting=0.35, run=3,
        temperature_spread=1, temperature=1, templates=8, freeform=0.3, popular=0, network=2, nets=6, approved=1, kyc=1,
        turns=1,
    ),
    # strangers who run one small tool: its templates, client and settings are theirs too, on data of their own
    _alike(
        "small_tool_users", 0.02, 30, "template agent system", surface=API, rate=(3, 45), tier=BUILD, turns=1, templates=3,
        freeform=0.15, popular=0.1, system=1, temperature=0.2, max_tokens=1024, active=0.6, output=6.0, use=1,
    ),
    _alike("privacy_vpn", 0.03, rate=(1, 10), network=2, nets=5, relay=1, travel=0.4, nat=0),
    _alike("expatriates", 0.02, rate=(1, 12), foreign=1, card_foreign=1, travel=0.15, tier=PLUS),
    _alike(
        "prepaid_users", 0.02, rate=(1, 8), funding=PREPAID, tier=PLUS, kyc=0.05, card_foreign=0.05, declines=0.15,
        top_up_days=5,
    ),
    _alike(
        "grey_market_retail", 0.02, 7, "payment signup pattern", rate=(1, 9), tier=PLUS, funding=PREPAID, foreign=2,
        card_foreign=1, joins=(-60, 20), travel=0.2,
    ),
    _alike(
        "follow_the_sun", 0.003, organization=1, tier=SCALE, surface=CODING, second_surface=API,
        second_surface_share=0.3, rate=(60, 160), clock=3, turns=8, tools=10, network=4, nets=3, hosts=8, travel=0.5,
        kyc=0.8, weekend=0.7, use=1, nat=0,
    ),
    _alike(
        "serverless_backend", 0.003, organization=1, tier=SCALE, surface=API, network=1, nets=8, hosts=8, agents=1,
        rate=(40, 150), turns=2, end_users=(50, 300), system=1, templates=3, freeform=0.1, popular=0.1, kyc=0.7, use=1, nat=0,
    ),
    _alike(
        "story_writer", 0.006, rate=(8, 30), surface=CHAT, tier=PLUS, turns=8, pause=90, topic=CREATIVE, focus=0.9, output=7.6,
        output_sigma=0.4, input=5.5, freeform=0.9, popular=0.05,
    ),
    _alike(
        "early_adopter", 0.003, rate=(10, 60), surface=API, tier=BUILD, use=1, pivot=1, adoption=1, templates=8, freeform=0.3,
        popular=0.3, turns=2,
    ),
    _alike(
        "account_migration", 0.004, 2, "payment device phone organization", True, moves=True, rate=(8, 50), surface=API,
        tier=BUILD, use=1, organization=1, kyc=0.5, templates=4, freeform=0.2, turns=2,
    ),
    _alike(
        "colleagues", 0.006, 10, "organization domain net template system agent", True, organization=1, tier=SCALE, surface=API,
        network=4, rate=(8, 50), turns=2, templates=6, freeform=0.3, popular=0.2, system=1, tools=(0, 3), kyc=0.8, use=1, nat=0,
        weekend=0.3,
    ),
)  # fmt: skip

_RESOLD = {
    "rate": (15, 60), "surface": API, "tier": BUILD, "end_users": 40, "clock": 3, "freeform": 0.7, "popular": 0.2,
    "focus": 0.05, "network": 1, "nets": 6, "hosts": 2, "own_agent": 1, "languages": 1, "funding": PREPAID, "kyc": 0,
    "foreign": 2, "keys": 4, "weekend": 0.9, "spread": 0.2, "active": 1, "nat": 0, "throttle": 0.03,
}  # fmt: skip

ABUSE: tuple[Profile, ...] = (
    Profile("reseller", None, 0.008, _RESOLD, 8, frozenset(["payment", "net", "agent", "day", "device", "tenant"]), True,
    (-40, 20)),
    Profile(
        "log_harvesting_reseller", None, 0.004, _RESOLD | {"system": 1, "templates": 3, "freeform": 0.4,
        "reasoning": 0.2}, 6,
        frozenset(["payment", "net", "agent", "system", "template", "tenant"]), True, (-60, 5),
    ),
    Profile(
        "trial_farmer", None, 0.01,
        {"rate": (20, 50), "surface": API, "trial": 1, "paying": 0, "disposable": 0.9, "network": 2, "kyc": 0,
        "age_days": 1,
         "freeform": 0.5, "weekend": 1, "relay": 0, "nat": 0, "spread": 0.3, "active": 1},
        12, frozenset(["device", "pattern", "day", "signup"]), True, (0, 26),
    ),
    Profile(
        "stolen_key_victim", None, 0.003, {"rate": (10, 60), "turns": 3, "end_users": 40, "keys": 2, "system": 1,
        **_COMPANY},
        cover={"rate": 1, "surface": API, "clock": 1, "freeform": 0.8, "focus": 0.05, "network": 1, "nets": 20,
        "own_agent": 1,
               "languages": 1, "output": 6.4, "travel": 0.8, "throttle": 0.08, "nat": 0},
        cover_share=0.55,
    ),
    # One hand and one account: the 52,000 examples of Alpaca (Taori and others 2023) cost under 500 dollars, within reach of
    # anybody. That it goes through consumer proxies and samples with log-probabilities are assumptions.
    Profile(
        "distiller_direct", None, 0.001,
        {"rate": (150, 400), "surface": API, "tier": BUILD, "clock": 1, "jitter": 0, "turns": 1, "freeform": 0, "popular": 0,
         "templates": 4, "reasoning": 0.3, "output": 7.2, "max_tokens": 4096, "temperature": 0.7, "top_p": 0.95, "tools": 3,
         "sweep": 1, "focus": 0, "echo": 0, "cache": 0, "nets": 60, "net_epoch": 1, "nat": 0, "own_agent": 1, "kyc": 0,
         "funding": PREPAID, "disposable": 0.5, "spread": 0.1, "active": 1, "weekend": 1, "choices": (1, 8.99), "logprobs": 0.5,
         "stream": 0, "age_days": 12},
        joins=(-3, 14), name="lone_distiller",
    ),
    # A seller of keys: every customer gets a key of one account and comes from home, often from a place that is not served;
    # the account is paid with stolen cards, most of which fail (card testing: Stripe's documentation).
    Profile(
        "reseller", None, 0.001,
        _RESOLD | {"keys": (12, 40), "end_users": 0, "network": 0, "nets": 30, "own_agent": 0, "declines": 0.6, "top_up_days": 2},
        joins=(-40, 10), name="key_seller",
    ),
    # One thief works several stolen keys at once through a reverse proxy that hides them (LLMjacking: Sysdig 2024).
    Profile(
        "stolen_key_victim", None, 0.001, {"rate": (10, 60), "turns": 3, "end_users": 40, "keys": 2, "system": 1, **_COMPANY}, 4,
        cover={"rate": 1, "surface": API, "clock": 1, "freeform": 0.8, "focus": 0.05, "network": 1, "nets": 6, "own_agent": 1,
               "languages": 1, "output": 6.4, "throttle": 0.08, "nat": 0},
        cover_share=0.55, cover_shared=frozenset(["net", "agent"]), name="stolen_key_pool",
    ),
)  # fmt: skip

_AGREED = {str(profile.lookalike_id): dict(profile.traits) for profile in LOOKALIKES if profile.role.startswith("authorised")}
_RESALE, _SYNTHESIS = _AGREED["contracted_reseller"], _AGREED["contracted_synthetic_data"]


def _breach(limit: str, traits: Traits, outside: Traits | None = None) -> Profile:
    """Return customers under contract who leave it; with `outside`, six requests of ten are of that kind from then on."""
    cover = None if outside is None else {**traits, **outside}
    return Profile(
        "contract_breach",
        None,
        0.0005,
        traits,
        joins=(-90, -1),
        cover=cover,
        cover_share=0.6 if cover else 0.0,
        name=f"breach_{limit}",
        breach=limit,
    )


BREACHES: tuple[Profile, ...] = (
    _breach("dates", _SYNTHESIS),
    _breach("surfaces", _RESALE, {"surface": CODING}),
    _breach("models", {**_SYNTHESIS, "adoption": 0}, {"adoption": 1, "pivot": 1}),
    _breach("volume", _RESALE),
)
"""Customers that go on outside the dates, surfaces, models or volume agreed; the shares are assumptions."""
