"""Contracts: accounts that left theirs and were asked about it, and accounts that stayed inside and were not.

Belongs here: figures about contract checks. A breach of a contract is no harvesting, so they stand outside all others.
"""

from datetime import date, timedelta

import polars as pl

from orchestration.evaluation.frames import Published, Truth
from orchestration.evaluation.results import ContractResult
from orchestration.scoring.checks import CONTRACT_CHECK

NIGHTS_TO_ASK = 7


def judge_contracts(published: Published, truth: Truth, last_as_of: date) -> ContractResult:
    """Return how contracted accounts with a request were treated, those that left with one on or after the day they left.

    Breaches whose nights are not over are left out.
    """
    used = published.usage.join(truth.contracts, on="account_id")
    seen = used.filter(pl.col("breached_on").is_null() | (pl.col("activity_date") >= pl.col("breached_on")))
    contracts = truth.contracts.join(seen, on="account_id", how="semi")
    inside = contracts.filter(pl.col("breached_on").is_null())
    asked = published.checks.filter(pl.col("stratum") == CONTRACT_CHECK.stratum).join(contracts, on="account_id")
    breaches = contracts.filter(pl.col("breached_on") <= last_as_of - timedelta(days=NIGHTS_TO_ASK))
    waited = (pl.col("as_of_date") - pl.col("breached_on")).dt.total_days()
    in_time = asked.join(breaches.select("account_id"), on="account_id", how="semi").filter(waited.is_between(0, NIGHTS_TO_ASK))
    return ContractResult(
        breaches=breaches.height,
        asked_in_time=in_time["account_id"].n_unique(),
        inside=inside.height,
        inside_asked=asked.filter(pl.col("breached_on").is_null())["account_id"].n_unique(),
    )
