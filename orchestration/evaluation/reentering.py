"""Accounts opened after enforcement: how long they worked before they were linked to what was stopped.

Belongs here: figures per returned account.
"""

import polars as pl

from orchestration.evaluation.frames import Published, Truth
from orchestration.evaluation.results import ReturnedAccount

REQUESTS = 100


def judge_returned(published: Published, truth: Truth) -> tuple[ReturnedAccount, ...]:
    """Return every returned account that made a request, in order of ids."""
    operators = truth.accounts.select("account_id", "campaign_id", "operator_id")
    returned = truth.returned.select("account_id", "shared").join(operators, on="account_id")
    linked = _first_links(published, returned, truth.enforced.join(operators, on="account_id"))
    counted = (
        published.usage.join(returned, on="account_id")
        .sort("account_id", "activity_date")
        .with_columns(total=pl.col("request_count").cum_sum().over("account_id"))
        .group_by("account_id", "campaign_id", "shared")
        .agg(
            pl.col("request_count").sum().alias("requests"),
            pl.col("activity_date").filter(pl.col("total") >= REQUESTS).min().alias("hundredth_on"),
        )
        .join(linked, on="account_id", how="left")
        .sort("account_id")
    )
    return tuple(
        ReturnedAccount(
            account_id=row["account_id"],
            campaign_id=row["campaign_id"],
            is_new_card="payment" not in row["shared"].split(),
            requests=row["requests"],
            hundredth_on=row["hundredth_on"],
            linked_on=row["linked_on"],
        )
        for row in counted.iter_rows(named=True)
    )


def _first_links(published: Published, returned: pl.DataFrame, enforced: pl.DataFrame) -> pl.DataFrame:
    """Return account_id, linked_on: the first night with a link to, or an actor with, a stopped account of the operator."""
    links = published.links
    turned = links.select("as_of_date", account_id_a="account_id_b", account_id_b="account_id_a")
    members = published.members.select("as_of_date", "actor_id", "account_id")
    together = members.join(returned.select("account_id"), on="account_id", how="semi").join(
        members, on=["as_of_date", "actor_id"], suffix="_b"
    )
    pairs = pl.concat(
        [
            links.select("as_of_date", "account_id_a", "account_id_b"),
            turned,
            together.select("as_of_date", account_id_a="account_id", account_id_b="account_id_b"),
        ]
    )
    return (
        pairs.join(returned.select("account_id", "operator_id"), left_on="account_id_a", right_on="account_id")
        .join(enforced.select("account_id", "operator_id", "enforced_on"), left_on="account_id_b", right_on="account_id")
        .filter(
            (pl.col("account_id_a") != pl.col("account_id_b"))
            & (pl.col("operator_id") == pl.col("operator_id_right"))
            & (pl.col("enforced_on") <= pl.col("as_of_date"))
        )
        .group_by(account_id="account_id_a")
        .agg(pl.col("as_of_date").min().alias("linked_on"))
    )
