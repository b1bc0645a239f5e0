"""Customers under contract who leave it: when, by which limit, and what the contract says.

Belongs here: the terms of a contract and the first day outside it. Use beyond a contract is no harvesting; the truth names it
apart from every other role.
"""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from simulator import tables
from simulator.blocks import NEVER, Block
from simulator.catalogue import FRONTIER_OFFSETS, MODELS, OLD
from simulator.streams import I64
from simulator.traits import Columns

LIMITS = ("dates", "surfaces", "models", "volume")
DATES, SURFACES, MODELS_LIMIT, VOLUME = range(len(LIMITS))
INSIDE = -1
"""Code of an account that has no contract or stays inside it."""
MONTHLY_DAYS = 45.0
"""A customer buys half as much again as thirty days of its use."""
GROWTH = 6.0
"""Factor by which use grows over the agreed volume: a new product of the customer's own, nothing hidden."""


def breach_columns(limit: int, leaves: I64) -> Columns:
    """Return breach (code), breach_on (first day outside) and grows_from (day number) for accounts that leave on a day each.

    What lies outside begins with the day, but for two limits: an unnamed model can only be used once it is released, and a
    volume is exceeded when the growing use has used the window's part of it up (28 of 30 days of the month).
    """
    size = len(leaves)
    never = np.full(size, NEVER)
    on = leaves
    if limit == MODELS_LIMIT:
        on = np.maximum(leaves, FRONTIER_OFFSETS[0] + 1)
    elif limit == VOLUME:
        on = leaves + np.ceil(np.maximum(MONTHLY_DAYS * 28 / 30 - leaves, 0) / GROWTH).astype(np.int64)
    return {
        "breach": np.full(size, limit, dtype=np.int64),
        "breach_on": never if limit == INSIDE else on.astype(np.int64),
        "grows_from": leaves.astype(np.int64) if limit == VOLUME else never,
    }


def scopes(block: Block) -> list[str]:
    """Return the scope of each account's contract, in the form that the landing contract states."""
    monthly = (block.first["rate"] * MONTHLY_DAYS).astype(np.int64).tolist()
    named = "models=" + ",".join(MODELS[:OLD]) + ";"
    return [
        f"surfaces=api,partner_cloud;{named if limit == MODELS_LIMIT else ''}requests_per_month={volume}"
        for limit, volume in zip(block.who["breach"].tolist(), monthly, strict=True)
    ]


def write_contracts(truth: Path, start: date, accounts: Block) -> None:
    """Write contracts.parquet: every account under contract, the limit it leaves and its first day outside, or NULL."""
    who = accounts.who
    held = np.flatnonzero(who["approved"] >= 0)
    limits, days = who["breach"][held].tolist(), who["breach_on"][held].tolist()
    table = pa.table(
        {
            "account_id": tables.ids("acct", who["account_key"][held]),
            "breached_limit": pa.array([None if code == INSIDE else LIMITS[code] for code in limits], pa.string()),
            "breached_on": pa.array(
                [None if code == INSIDE else start + timedelta(days=day) for code, day in zip(limits, days, strict=True)],
                pa.date32(),
            ),
        }
    )
    pq.write_table(table, truth / "contracts.parquet", compression="zstd")
