"""Where requests come from: addresses, prefixes, autonomous systems, countries and clients.

Belongs here: network traits turned into hashed addresses. Carrier NATs and campus prefixes are shared by many accounts.
"""

import numpy as np

from simulator import catalogue as cat
from simulator.streams import I64, U64, combined, salted, uniform
from simulator.traits import Columns

CONSUMER, HOSTING, VPN, CAMPUS, OFFICE = range(5)
_NAT_PREFIXES = 3


def _pick(table: tuple[int, ...], keys: U64, purpose: str) -> I64:
    return np.array(table)[(uniform(keys, purpose) * len(table)).astype(np.int64)]


def addresses(traits: Columns, lives: I64, account: U64, account_day: U64, rows: U64, *, day: int) -> Columns:
    """Return ip_hash and ip_prefix_hash (unsigned keys), asn and the code of the country for each request."""
    kind = traits["network"]
    mobile = (uniform(rows, "nat") < traits["nat"]) & (kind == CONSUMER)
    epoch = np.where(traits["net_epoch"] > 0, day // np.maximum(traits["net_epoch"], 1), 0).astype(np.int64)
    which = np.floor(traits["nets"] * uniform(rows, "net") ** 2).astype(np.int64)
    # Most days an account stays on the prefix that it began the day with.
    steady = np.floor(traits["nets"] * uniform(account_day, "net") ** 2).astype(np.int64)
    which = np.where(uniform(rows, "roam") < 0.25, which, steady)
    prefix = combined(combined(traits["net_key"], epoch), which)
    carrier = lives * 1000 + np.floor(uniform(account, "carrier") * _NAT_PREFIXES).astype(np.int64)
    prefix = np.where(mobile, combined(np.full(len(rows), np.uint64(4242)), carrier), prefix)
    hosts = np.maximum(traits["hosts"], 1)
    host = np.floor(uniform(account_day, "host") * hosts).astype(np.int64)
    host = np.where(uniform(rows, "move") < 0.15, np.floor(uniform(rows, "host") * hosts).astype(np.int64), host)
    host = np.where(mobile, np.floor(uniform(account_day, "nat-host") * 64).astype(np.int64), host)
    consumer = cat.FIRST_RESIDENTIAL_ASN + lives * cat.RESIDENTIAL_PER_COUNTRY
    consumer = consumer + np.floor(uniform(account, "provider") * cat.RESIDENTIAL_PER_COUNTRY).astype(np.int64)
    net = traits["net_key"]
    asn = np.where(kind == HOSTING, _pick(cat.HOSTING_ASNS, prefix, "asn"), consumer)
    asn = np.where(kind == VPN, _pick(cat.VPN_ASNS, net, "asn"), asn)
    asn = np.where(kind == CAMPUS, _pick(cat.CAMPUS_ASNS, net, "asn"), asn)
    away = combined(account_day, (uniform(rows, "trip") * 2).astype(np.int64))
    travels = uniform(away, "travels") < traits["travel"] * 0.5
    abroad = (uniform(away, "abroad") * (len(cat.COUNTRIES) - 4)).astype(np.int64)
    exit_country = (uniform(prefix, "exit") * 8).astype(np.int64)
    country = np.where((kind == HOSTING) | (kind == VPN), exit_country, np.where(travels, abroad, lives))
    return {"ip": combined(prefix, host), "prefix": prefix, "asn": asn, "country": country}


def agents(traits: Columns, account: U64, rows: U64, surface: I64) -> U64:
    """Return keys of user agents: a few popular ones shared by thousands, or the operator's own tool."""
    spot = np.where(uniform(rows, "second-agent") < 0.1, uniform(rows, "agent"), uniform(account, "agent"))
    popular = surface * 100 + np.floor(cat.POPULAR_AGENTS * spot**2).astype(np.int64)
    shared = combined(np.full(len(rows), np.uint64(99)), popular)
    return np.where(traits["own_agent"] > 0.5, salted(traits["agent_key"], "tool"), shared)
