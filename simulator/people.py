"""Accounts of one profile: their identifiers, what their group shares, and when they join and leave.

Belongs here: making a block from a profile. Campaigns share identifiers in overlapping groups and have their own
module.
"""

from datetime import date

import numpy as np

from simulator import catalogue as cat
from simulator.blocks import NEVER, Block, texts
from simulator.contracted import INSIDE, LIMITS, breach_columns
from simulator.profiles import Profile
from simulator.streams import U64, combined, generator, key, salted, uniform
from simulator.traits import BEHAVIOUR, IDENTITY, KEYS, Columns, Traits, check, drawn

DAY_US = 86_400_000_000
IDENTIFIERS = ("payment", "device", "phone", "signup", "pattern", "organization", "domain", "email")
_SHARED_TRAITS = {"window": "window_start"}
OWN_DOMAIN = -1
"""Domain code of an account whose mail domain is its own, or its group's."""


def epoch_us(day: date) -> int:
    """Return midnight UTC of a day in microseconds since 1970."""
    return (day - date(1970, 1, 1)).days * DAY_US


def behaviour(traits: Traits, account_key: U64, stream: np.random.Generator, purpose: str) -> Columns:
    """Return traits and keys of one behaviour for accounts; each account has templates, prompts and networks of its
    own."""
    check(traits)
    size = len(account_key)
    columns = drawn(traits, BEHAVIOUR, size, stream)
    for name in KEYS:
        columns[name] = salted(account_key, f"{purpose}.{name}")
    return columns


def _join_days(profile: Profile, size: int, group: U64, window: tuple[int, int], stream: np.random.Generator) -> Columns:
    """Return day numbers of joining: most before the window of days, the others inside it; a burst shares one day."""
    low, high = window
    age = float(profile.traits.get("age_days", IDENTITY["age_days"]))  # pyright: ignore[reportArgumentType]
    before = low - 1 - np.floor(stream.random(size) * age) if low == 0 else np.full(size, low)
    inside = low + np.floor(stream.random(size) * (high - low))
    share = 0.12 if low == 0 else 1.0
    day = np.where(stream.random(size) < share, inside, before)
    if profile.joins is not None:
        first, last = profile.joins
        spot = uniform(group, "join-day") if "day" in profile.shared else stream.random(size)
        day = np.floor(low + first + spot * (last - first))
    leaves = np.where(stream.random(size) < 0.12 * (high - low) / 28, low + stream.random(size) * (high - low), NEVER)
    leaves = np.where(leaves <= day + 1, NEVER, leaves)
    return {"joined_day": day.astype(np.int64), "leaves_day": leaves.astype(np.int64)}


def _countries(group: U64, foreign: int, stream: np.random.Generator) -> tuple[Columns, Columns]:
    size = len(group)
    shares = np.cumsum(np.array(cat.COUNTRY_SHARES, dtype=np.float64))
    home = np.searchsorted(shares / shares[-1], uniform(group, "country"), side="right").astype(np.int64)
    lives = home
    if foreign == 1:
        lives = np.searchsorted(shares / shares[-1], stream.random(size), side="right").astype(np.int64)
    elif foreign == 2:
        lives = np.array(cat.UNSUPPORTED)[stream.integers(0, len(cat.UNSUPPORTED), size)]
    language = np.where(stream.random(size) < 0.85, lives, home)
    return {"home": home, "lives": lives}, {"language_code": language}


def identity(traits: Traits, account_key: U64, group: U64, shared: frozenset[str], stream: np.random.Generator) -> Columns:
    """Return who the accounts are; identifiers named in `shared` are one value for each group."""
    size = len(account_key)
    who = drawn(traits, IDENTITY, size, stream)
    foreign = int(who["foreign"][0]) if size else 0
    places, tongue = _countries(group, foreign, stream)
    who |= places | tongue
    for name in IDENTIFIERS:
        who[f"{name}_key"] = salted(group if name in shared else account_key, name)
    mail = stream.random(size)
    public = stream.integers(0, len(cat.MAIL_DOMAINS), size)
    who["domain"] = np.where(who["organization"] > 0, OWN_DOMAIN, public).astype(np.int64)
    who["domain"] = np.where(mail < who["relay"], len(cat.MAIL_DOMAINS), who["domain"])
    thrown = len(cat.MAIL_DOMAINS) + 1 + stream.integers(0, len(cat.DISPOSABLE_DOMAINS), size)
    who["domain"] = np.where((mail >= who["relay"]) & (mail < who["relay"] + who["disposable"]), thrown, who["domain"])
    if "domain" in shared:
        who["domain"] = np.full(size, OWN_DOMAIN, dtype=np.int64)
    who["funding_code"] = np.where(who["funding"] >= 0, who["funding"], stream.choice(4, size, p=[0.5, 0.4, 0.06, 0.04])).astype(
        np.int64
    )
    abroad = stream.random(size) < who["card_foreign"]
    shift = 1 + np.floor(uniform(group, "card") * (len(cat.COUNTRIES) - 5)).astype(np.int64)
    who["card_country"] = np.where(abroad, (who["lives"] + shift) % len(cat.COUNTRIES), who["home"])
    who["signup_country"] = np.where(np.full(size, foreign == 2), who["lives"], who["home"])
    who["kyc_code"] = np.where(stream.random(size) < who["kyc"], 2, np.where(stream.random(size) < 0.04, 1, 0))
    who["is_trial"] = stream.random(size) < who["trial"]
    who["is_paying"] = stream.random(size) < who["paying"]
    who |= breach_columns(INSIDE, np.zeros(size, dtype=np.int64))
    who["declared_volume"] = np.where(stream.random(size) < who["declares"], 1, -1).astype(np.int64)
    return who


def residents(profile: Profile, size: int, name: str, seed: int, world_start: date, *, window: tuple[int, int]) -> Block:
    """Return `size` accounts of a profile that live in the world's `window` of day numbers (first inclusive, last
    not)."""
    stream = generator(seed, "people", name)
    number = np.arange(size, dtype=np.int64)
    base = np.full(size, key(seed, "account", name), dtype=np.uint64)
    account_key = combined(base, number)
    group = combined(salted(base, "group"), number // profile.group)
    first = behaviour(profile.traits, account_key, stream, "main")
    for shared, trait in _SHARED_TRAITS.items():
        if shared in profile.shared:
            first[trait] = (8 + np.floor(uniform(group, shared) * 8)).astype(np.float32)
    for kind in ("template", "prompt", "system", "net", "agent", "tenant", "burst"):
        if kind in profile.shared:
            first[f"{kind}_key"] = salted(group, f"group.{kind}")
    second = behaviour(profile.cover, account_key, stream, "cover") if profile.cover else dict(first)
    for kind in profile.cover_shared:
        second[f"{kind}_key"] = salted(group, f"cover.{kind}")
    who = identity(profile.traits, account_key, group, profile.shared, stream)
    days = _join_days(profile, size, group, window, stream)
    operator = group if profile.one_operator else account_key
    turn = np.floor(window[0] + 3 + stream.random(size) * 15).astype(np.int64)
    if profile.moves:
        # of two accounts of a customer the first ends on the day on which the second begins
        move = np.floor(window[0] + 5 + 12 * uniform(group, "move")).astype(np.int64)
        is_new = number % 2 == 1
        days = {
            "joined_day": np.where(is_new, move, np.minimum(days["joined_day"], move - 1)),
            "leaves_day": np.where(is_new, NEVER, move),
        }
    if profile.breach is not None:
        who |= breach_columns(LIMITS.index(profile.breach), turn)
        turn = who["breach_on"]
    who |= {
        "account_key": account_key,
        "group_key": group,
        "operator_key": salted(operator, "operator"),
        "created_at": epoch_us(world_start) + days["joined_day"] * DAY_US + (stream.random(size) * DAY_US).astype(np.int64),
        "joined_day": days["joined_day"],
        "closes_day": days["leaves_day"],
        "active_from": days["joined_day"],
        "active_to": days["leaves_day"],
        "second_share": np.full(size, profile.cover_share, dtype=np.float32),
        "second_from": turn if profile.cover else np.zeros(size, dtype=np.int64),
        "ring_key": account_key,
        "campaign": np.full(size, -1, dtype=np.int64),
        "role": texts([profile.role] * size),
        "lookalike_id": texts([profile.lookalike_id] * size),
    }
    return Block(name, who, first, second)
