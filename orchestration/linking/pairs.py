"""Links of one date folded into weighted pairs of accounts, and the choice of the strong ones.

Accounts are numbered by the rank of their text id, so that no later step can depend on a warehouse key or on row order.
"""

import numpy as np
import polars as pl

from orchestration.linking.frames import conform, require_unique
from orchestration.linking.settings import LinkingSettings

LINKS_SCHEMA = {
    "account_key_a": pl.Int64,
    "account_key_b": pl.Int64,
    "link_kind": pl.String,
    "weight": pl.Float64,
    "is_behavioural": pl.Boolean,
}
ACCOUNTS_SCHEMA = {"account_key": pl.Int64, "account_id": pl.String}


def rank_accounts(accounts: pl.DataFrame) -> pl.DataFrame:
    """Return account_key, account_id and rank (0, 1, ... in the order of the text id), sorted by rank.

    Raises ValueError when a key or an id is NULL or stands twice.
    """
    typed = conform(accounts, ACCOUNTS_SCHEMA, "accounts", required=ACCOUNTS_SCHEMA)
    require_unique(typed, ["account_key"], "accounts")
    require_unique(typed, ["account_id"], "accounts")
    return typed.sort("account_id").with_row_index("rank").with_columns(pl.col("rank").cast(pl.Int64))


def rank_links(links: pl.DataFrame, ranked: pl.DataFrame) -> pl.DataFrame:
    """Return the links with rank_a < rank_b in place of keys, sorted by pair and kind.

    Raises ValueError for an account that is not in `ranked`, a link of an account with itself, a weight that is not finite
    and 0 or more, or a kind given twice for a pair.
    """
    typed = conform(links, LINKS_SCHEMA, "links", required=LINKS_SCHEMA)
    keys = ranked.select("account_key", "rank")
    joined = typed.join(keys.rename({"account_key": "account_key_a", "rank": "left"}), on="account_key_a", how="left").join(
        keys.rename({"account_key": "account_key_b", "rank": "right"}), on="account_key_b", how="left"
    )
    unknown = joined.filter(pl.col("left").is_null() | pl.col("right").is_null())
    if unknown.height:
        raise ValueError(
            f"links may name only accounts that are given; {unknown.height} rows name others, for example "
            f"{unknown.select('account_key_a', 'account_key_b').row(0)}. Add the accounts or drop the links."
        )
    odd = typed.filter(
        ~pl.col("weight").is_finite() | (pl.col("weight") < 0) | (pl.col("account_key_a") == pl.col("account_key_b"))
    )
    if odd.height:
        raise ValueError(
            f"links need two different accounts and a finite weight of 0 or more; {odd.height} rows have not, for example "
            f"{odd.row(0)}. Correct the link query."
        )
    pairs = joined.select(
        pl.min_horizontal("left", "right").alias("rank_a"),
        pl.max_horizontal("left", "right").alias("rank_b"),
        "link_kind",
        "weight",
        "is_behavioural",
    )
    require_unique(pairs, ["rank_a", "rank_b", "link_kind"], "links")
    return pairs.sort("rank_a", "rank_b", "link_kind")


def strong_pairs(ranked_links: pl.DataFrame, settings: LinkingSettings) -> pl.DataFrame:
    """Return rank_a, rank_b, weight of the pairs that one operator explains better than chance, sorted by rank.

    Strong: two or more kinds with `pair_weight` together, or one kind with `single_kind_weight` alone. Each is an additive
    match weight as in Fellegi and Sunter (1969), against a threshold for the prior odds of a pair.
    """
    per_pair = ranked_links.group_by("rank_a", "rank_b", maintain_order=True).agg(
        pl.col("weight").max().alias("heaviest"), pl.len().alias("kind_count")
    )
    # Added one by one in the order of the kinds' names: equal bits whatever the order of the input or of threads.
    pair_index = ranked_links.select(pl.struct("rank_a", "rank_b").rle_id()).to_series().to_numpy()
    totals = np.bincount(pair_index, weights=ranked_links.get_column("weight").to_numpy(), minlength=per_pair.height)
    return (
        per_pair.with_columns(pl.Series("weight", totals, dtype=pl.Float64))
        .filter(
            ((pl.col("kind_count") >= 2) & (pl.col("weight") >= settings.pair_weight))
            | (pl.col("heaviest") >= settings.single_kind_weight)
        )
        .select("rank_a", "rank_b", "weight")
        .sort("rank_a", "rank_b")
    )
