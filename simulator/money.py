"""Billing: charges of a day and credit granted or consumed on it.

Belongs here: who pays when, with which instrument, and what fails. Amounts are minor units.
"""

from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from simulator import catalogue as cat
from simulator import tables
from simulator.blocks import Block
from simulator.people import DAY_US, epoch_us
from simulator.requests import DayPlan
from simulator.streams import I64, combined, salted, uniform

_WALLETS = ("apple_pay", "google_pay")
_KINDS = ("trial", "promotional", "prepaid", "refund", "consumption")
_FAILURES = ("card_declined", "insufficient_funds", "expired_card")
_STATUS = ("succeeded", "failed", "pending")
TRIAL_MINOR = 500


def _cycle(block: Block) -> I64:
    """Return days between two charges: the account's own, else weekly top-ups of operators, fortnightly of prepaid
    instruments, monthly."""
    usual = np.where(_is_operated(block), 7, np.where(block.who["funding_code"] == cat.PREPAID, 14, 28))
    return np.where(block.who["top_up_days"] > 0, block.who["top_up_days"], usual).astype(np.int64)


def _is_operated(block: Block) -> NDArray[np.bool_]:
    return ~np.isin(block.who["role"], ("ordinary", "stolen_key_victim")) & (block.who["organization"] < 0.5)


def charges(block: Block, day: date, day_number: int, gone: set[int]) -> pa.Table:
    """Return the charges of a day; accounts in `gone` (keys) and closed ones pay no more."""
    who = block.who
    account = who["account_key"]
    cycle = _cycle(block)
    since = day_number - who["joined_day"]
    left = np.array([value in gone for value in account.tolist()], dtype=np.bool_)
    due = who["is_paying"] & (since >= 0) & (since % cycle == 0) & (who["closes_day"] >= day_number) & ~left
    spot = np.flatnonzero(due)
    key = combined(account[spot], day_number)
    size = len(spot)
    at = epoch_us(day) + np.floor(uniform(key, "at") * DAY_US).astype(np.int64)
    at = np.where(since[spot] == 0, np.maximum(at, who["created_at"][spot] + 120_000_000), at)
    at = np.minimum(at, epoch_us(day) + DAY_US - 1)
    campaign = who["campaign"][spot] >= 0
    plan = np.array([500, 2000, 5000, 20_000, 90_000])[np.minimum(np.floor(who["tier"][spot]), 4).astype(np.int64)]
    metered = np.floor(block.first["rate"][spot] * cycle[spot] * 3 * (0.7 + 0.6 * uniform(key, "amount"))).astype(np.int64)
    amount = np.where(campaign, 5000, plan + metered)
    operated = _is_operated(block)[spot]
    usual = np.where(operated, 0.09, 0.025)
    failing = np.where(who["declines"][spot] >= 0, who["declines"][spot], usual)
    status = np.where(uniform(key, "status") < failing, 1, 0)
    status = np.where((status == 0) & (uniform(key, "pending") < 0.004), 2, status)
    disputed = (status == 0) & (uniform(key, "dispute") < np.where(operated, 0.02, 0.003))
    refund = (status == 0) & (uniform(key, "refund") < 0.01)
    currency = np.array(who["home"][spot])
    wallet = uniform(account[spot], "wallet")
    columns = {
        "charge_id": tables.ids("ch", salted(key, "charge")),
        "account_id": tables.ids("acct", account[spot]),
        "created_at": tables.times(at),
        "amount": tables.numbers(amount.astype(np.int64)),
        "currency": tables.labels(cat.CURRENCIES, currency),
        "status": tables.labels(_STATUS, status),
        "failure_code": tables.labels(_FAILURES, (uniform(key, "code") * 3).astype(np.int64), status == 1),
        "payment_method_fingerprint": tables.ids("pm", salted(who["payment_key"][spot], "card")),
        "payment_method_funding": tables.labels(cat.FUNDINGS, who["funding_code"][spot]),
        "payment_method_country": tables.labels(cat.COUNTRIES, who["card_country"][spot]),
        "payment_method_wallet_type": tables.labels(_WALLETS, (wallet * 2).astype(np.int64), wallet < 0.2),
        "amount_refunded": tables.numbers(np.where(refund, amount // 2, 0).astype(np.int64)),
        "disputed": tables.numbers(disputed),
        "dispute_reason": tables.labels(("fraudulent", "product_unacceptable"), operated ^ True, disputed),
    }
    return tables.assembled("billing_charges", columns, size)


def credits(block: Block, plan: DayPlan) -> pa.Table:
    """Return credit of a day: trials on the day of joining, prepaid top-ups, and consumption of young trial
    accounts."""
    who, day_number, day = block.who, plan.number, plan.day
    since = day_number - who["joined_day"]
    granted = np.flatnonzero((who["is_trial"] | (who["lookalike_id"] == "hackathon")) & (since == 0))
    spending = np.flatnonzero(who["is_trial"] & (since >= 0) & (since <= 10) & (plan.counts > 0))
    prepaid = np.flatnonzero(who["is_paying"] & (who["funding_code"] == cat.PREPAID) & (since >= 0) & (since % 14 == 1))
    promoted = who["lookalike_id"][granted] == "hackathon"
    spot = np.concatenate([granted, spending, prepaid])
    kind = np.concatenate([np.where(promoted, 1, 0), np.full(len(spending), 4), np.full(len(prepaid), 2)]).astype(np.int64)
    key = combined(combined(who["account_key"][spot], day_number), kind)
    amount = np.where(kind == 4, np.minimum(3 * plan.counts[spot], TRIAL_MINOR), np.where(kind == 2, 2000, TRIAL_MINOR))
    amount = np.where(kind == 1, 5000, amount)
    at = epoch_us(day) + np.where(kind == 4, DAY_US - 2_000_000, np.floor(uniform(key, "at") * DAY_US)).astype(np.int64)
    at = np.where(kind <= 1, np.maximum(who["created_at"][spot] + 1_000_000, epoch_us(day)), at)
    columns = {
        "credit_id": tables.ids("cr", salted(key, "credit")),
        "account_id": tables.ids("acct", who["account_key"][spot]),
        "created_at": tables.times(np.minimum(at, epoch_us(day) + DAY_US - 1)),
        "kind": tables.labels(_KINDS, kind),
        "amount": tables.numbers(amount.astype(np.int64)),
        "currency": tables.labels(("usd",), np.zeros(len(spot), dtype=np.int64)),
    }
    return tables.assembled("billing_credits", columns, len(spot))
