"""The registers of the provider: the daily extract of accounts, API keys and contracts.

Belongs here: rows made from a block of accounts for one arrival day. Keys and contracts that are older than the world
arrive on its first day.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from simulator import catalogue as cat
from simulator import contracted, tables
from simulator.blocks import Block
from simulator.fate import Fate
from simulator.people import DAY_US, OWN_DOMAIN, epoch_us
from simulator.requests import REPLACEMENT_KEY
from simulator.streams import combined, salted, signed, uniform
from simulator.traits import APPROVED_USES

_STATUS = ("active", "suspended", "terminated", "closed")
_KYC = ("none", "pending", "verified", "failed")
_DOMAINS = (*cat.MAIL_DOMAINS, cat.RELAY_DOMAIN, *cat.DISPOSABLE_DOMAINS)
SUSPENDED, TERMINATED, CLOSED = 1, 2, 3


def _domains(block: Block) -> pa.Array:
    code = block.who["domain"]
    own = tables.ids("d", salted(block.who["domain_key"], "domain-name"))
    known = tables.labels(_DOMAINS, np.maximum(code, 0)).to_pylist()
    words = own.to_pylist()
    return pa.array([word[:10] + ".example" if c == OWN_DOMAIN else k for c, k, word in zip(code, known, words, strict=True)])


def ended(block: Block, day_number: int, stopped: Mapping[int, str]) -> NDArray[np.int64]:
    """Return the code of each account's status at the end of a day; `stopped` names the effect by account key."""
    closed = np.where(block.who["closes_day"] <= day_number, CLOSED, 0)
    keys = block.who["account_key"].tolist()
    code = {"suspension": SUSPENDED, "termination": TERMINATED}
    forced = np.fromiter((code.get(stopped.get(value, ""), 0) for value in keys), dtype=np.int64, count=len(keys))
    return np.where(forced > 0, forced, closed)


def accounts(block: Block, day: date, day_number: int, stopped: Mapping[int, str]) -> pa.Table:
    """Return the extract of a day: accounts created by its end, with their status at that moment."""
    who = block.who
    key = who["account_key"]
    organization = who["organization"] > 0.5
    tier = np.minimum(np.floor(who["tier"]), 4).astype(np.int64)
    approved = who["approved"].astype(np.int64)
    agreed = approved >= 0
    declared = np.where(who["declared_volume"] > 0, np.floor(block.first["rate"] * 30 * (0.6 + uniform(key, "declares"))), 0)
    group = who["group_key"]
    referred = (uniform(key, "referred") < who["referred"]) & (np.roll(group, 1) == group)
    private = uniform(key, "no-phone") < 0.35
    columns = {
        "account_id": tables.ids("acct", key),
        "created_at": tables.times(who["created_at"]),
        "account_type": tables.labels(("individual", "organization"), organization.astype(np.int64)),
        "tier": tables.labels(cat.TIERS, tier),
        "status": tables.labels(_STATUS, ended(block, day_number, stopped)),
        "email_domain": _domains(block),
        "email_hash": tables.numbers(signed(who["email_key"])),
        "phone_hash": tables.numbers(signed(who["phone_key"]), ~private),
        "device_hash": tables.numbers(signed(who["device_key"]), uniform(key, "no-device") > 0.06),
        "signup_ip_hash": tables.numbers(signed(who["signup_key"])),
        "signup_asn": tables.numbers(_signup_asn(block)),
        "signup_country": tables.labels(cat.COUNTRIES, who["signup_country"]),
        "declared_country": tables.labels(cat.COUNTRIES, who["home"], uniform(key, "no-country") > 0.03),
        "declared_use": tables.labels(cat.USES, np.floor(who["use"]).astype(np.int64), uniform(key, "no-use") > 0.3),
        "declared_monthly_volume": tables.numbers(declared.astype(np.int64), declared > 0),
        "rate_limit_rpm": tables.numbers(np.array(cat.TIER_RPM, dtype=np.int32)[tier]),
        "email_pattern_hash": tables.numbers(signed(_patterns(block))),
        "organization_hash": tables.numbers(signed(who["organization_key"]), organization),
        "terms_version": tables.labels(("2025-06", "2026-01"), (who["joined_day"] > -120).astype(np.int64)),
        "terms_accepted_at": tables.times(who["created_at"]),
        "kyc_status": tables.labels(_KYC, who["kyc_code"]),
        "contract_id": tables.ids("ctr", salted(key, "contract"), agreed),
        "approved_use": tables.labels(APPROVED_USES, np.maximum(approved, 0), agreed),
        "referred_by_account_id": tables.ids("acct", np.roll(key, 1), referred),
    }
    table = tables.assembled("accounts", columns, block.size)
    return table.filter(pa.array(who["created_at"] < epoch_us(day) + DAY_US))


def _signup_asn(block: Block) -> NDArray[np.int64]:
    who, kind = block.who, block.first["network"]
    spot = (uniform(who["account_key"], "provider") * cat.RESIDENTIAL_PER_COUNTRY).astype(np.int64)
    home = cat.FIRST_RESIDENTIAL_ASN + who["lives"] * cat.RESIDENTIAL_PER_COUNTRY + spot
    hosting = np.array(cat.HOSTING_ASNS)[(uniform(who["signup_key"], "asn") * len(cat.HOSTING_ASNS)).astype(np.int64)]
    vpn = np.array(cat.VPN_ASNS)[(uniform(who["signup_key"], "vpn") * len(cat.VPN_ASNS)).astype(np.int64)]
    campus = np.array(cat.CAMPUS_ASNS)[(uniform(block.first["net_key"], "asn") * len(cat.CAMPUS_ASNS)).astype(np.int64)]
    organized = who["organization"] > 0.5
    hosted = (kind == 1) & ~organized
    return np.where(hosted, hosting, np.where(kind == 2, vpn, np.where(kind == 3, campus, home))).astype(np.int64)


def _patterns(block: Block) -> NDArray[np.uint64]:
    """Return keys of address patterns: most people use one of forty common shapes, operators one of their own."""
    who = block.who
    common = combined(np.full(block.size, np.uint64(7)), (uniform(who["account_key"], "shape") ** 2 * 40).astype(np.int64))
    owned = np.isin(
        who["role"], ("ordinary", "authorised_aggregator", "authorised_synthetic_data", "contract_breach", "stolen_key_victim")
    )
    return np.where(owned & (who["lookalike_id"] != "grey_market_retail"), common, who["pattern_key"])


def api_keys(block: Block, day: date, day_number: int, fate: Fate, ended_keys: set[int]) -> pa.Table:
    """Return keys made on a day, on the first day all older ones, and keys reported stolen or revoked on the day.

    A cure revokes the stolen key and makes another; accounts in `ended_keys` lose all of theirs.
    """
    who, parts = block.who, [tables.assembled("api_keys", {}, 0)]
    low, high = epoch_us(day), epoch_us(day) + DAY_US
    held = np.maximum(np.ceil(np.maximum(block.first["keys"], block.second["keys"])), 1)
    cured = (fate.cured_at >= low) & (fate.cured_at < high)
    lost = np.array([value in ended_keys for value in who["account_key"].tolist()], dtype=np.bool_)
    for number in (*range(int(held.max())), REPLACEMENT_KEY):
        spare = number == REPLACEMENT_KEY
        made = np.where(spare, fate.cured_at, who["created_at"] + 60_000_000 * (number + 1))
        fresh = (made < high) & ((made >= low) | ((day_number == 0) & (not spare)))
        stolen = cured & (number == 0)
        takes = (fresh | stolen | (lost & (made < high))) & (spare | (held > number))
        api_key = combined(who["account_key"][takes], np.full(int(takes.sum()), number, dtype=np.int64))
        told = np.minimum(fate.cured_at, high)[takes]
        gone = np.where(stolen[takes], told, fate.stop[0][takes])
        columns = {
            "api_key_id": tables.ids("key", api_key),
            "account_id": tables.ids("acct", who["account_key"][takes]),
            "created_at": tables.times(made[takes]),
            "revoked_at": tables.times(gone, (stolen | lost)[takes]),
            "reported_compromised_at": tables.times(told - 3_600_000_000, stolen[takes]),
            "last_rotated_at": tables.times(made[takes], uniform(api_key, "rotated") < 0.2),
        }
        parts.append(tables.assembled("api_keys", columns, len(api_key)))
    return pa.concat_tables(parts).combine_chunks()


def contracts(block: Block, day: date, day_number: int) -> pa.Table:
    """Return contracts that begin on a day, on the first day all older ones."""
    who = block.who
    joined = who["joined_day"]
    takes = (who["approved"] >= 0) & ((joined == day_number) | ((day_number == 0) & (joined <= 0)))
    key = who["account_key"][takes]
    begins = who["created_at"][takes]
    scopes = [scope for scope, is_taken in zip(contracted.scopes(block), takes.tolist(), strict=True) if is_taken]
    # an agreement that runs out does so with the day before the first outside it
    runs_out = (who["breach"] == contracted.DATES)[takes]
    outside_on = np.where(runs_out, who["breach_on"][takes], day_number)
    last = epoch_us(day) + (outside_on - day_number) * DAY_US - 1_000_000
    columns = {
        "contract_id": tables.ids("ctr", salted(key, "contract")),
        "account_id": tables.ids("acct", key),
        "approved_use": tables.labels(APPROVED_USES, who["approved"][takes].astype(np.int64)),
        "scope": pa.array(scopes),
        "valid_from": tables.times(begins),
        "valid_to": tables.times(
            np.where(runs_out, last, begins + 3 * 365 * DAY_US), runs_out | (uniform(key, "term") < 0.4)
        ),
    }  # fmt: skip
    return tables.assembled("contracts", columns, len(key))
