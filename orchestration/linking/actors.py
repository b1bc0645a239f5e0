"""Actors from links: components over strong pairs, split where they hold more than one operator.

Belongs here: the grouping of one as-of date. Ids that last from date to date are given in `ids.py`.
"""

import math

import numpy as np
import polars as pl

from orchestration.linking.split import Subgraph, split_graph
from orchestration.linking.thresholds import LinkingSettings

GROUP_SCHEMA = {
    "account_key": pl.Int64,
    "account_id": pl.String,
    "group": pl.Int64,
    "membership_strength": pl.Float64,
    "link_kind_count": pl.Int64,
    "nonbehavioural_kind_count": pl.Int64,
}
_ROUNDED_UP = 0.001
"""More than rounding a pair's weight to four places can add to it."""


def find_actors(links: pl.DataFrame, accounts: pl.DataFrame, population: int, settings: LinkingSettings) -> pl.DataFrame:
    """Return the members of every group of two accounts or more, in `GROUP_SCHEMA`.

    `links`: account_key_a, account_key_b, link_kind, evidence_source, weight, is_behavioural. `accounts`: account_key,
    account_id. `population`: accounts there are as of the date, which the weights' rarity is relative to. The
    partition depends on account ids and links only, never on keys or the order of rows: nodes are numbered by id. Links of
    pairs below `least_pair_weight` change nothing and may be left out.
    """
    named = _with_ids(links, accounts)
    pairs = _strong_pairs(named, population, settings)
    if pairs.is_empty():
        return pl.DataFrame(schema=GROUP_SCHEMA)
    labels = _split_components(pairs, settings)
    members = labels.filter(pl.len().over("group") >= 2)
    return _describe(members, named, pairs).join(accounts, on="account_id").select(*GROUP_SCHEMA).cast(GROUP_SCHEMA)  # pyright: ignore[reportArgumentType]


def least_pair_weight(population: int, settings: LinkingSettings) -> float:
    """Return the weight below which no pair of accounts joins, whatever its links are: those of all kinds added up.

    A pair never weighs more than that sum. Nearly all pairs weigh less, so whoever reads links for `find_actors` may leave them
    out and gets the same groups.
    """
    return min(_asked_weights(population, settings)) - _ROUNDED_UP


def _asked_weights(population: int, settings: LinkingSettings) -> tuple[float, float]:
    """Return the least weights of a pair of two kinds or more, and of a pair of one identity.

    The prior odds that two accounts are one operator's fall as 1 / population (Fellegi and Sunter, 1969), so what is asked
    for rises with its logarithm.
    """
    prior = math.log(max(population, 1))
    return max(settings.least_weight, prior - settings.two_kind_margin), max(
        settings.least_weight, prior - settings.one_kind_margin
    )


def _with_ids(links: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    ids = accounts.select("account_key", "account_id")
    return (
        links.join(ids.rename({"account_key": "account_key_a", "account_id": "id_a"}), on="account_key_a")
        .join(ids.rename({"account_key": "account_key_b", "account_id": "id_b"}), on="account_key_b")
        .select(
            pl.min_horizontal("id_a", "id_b").alias("id_a"),
            pl.max_horizontal("id_a", "id_b").alias("id_b"),
            "link_kind",
            "evidence_source",
            "weight",
            "is_behavioural",
        )
        .sort("id_a", "id_b", "link_kind")
    )


def _strong_pairs(named: pl.DataFrame, population: int, settings: LinkingSettings) -> pl.DataFrame:
    """Return id_a, id_b, weight of pairs that join: two independent sources that weigh enough together, or one rare identity."""
    two_kind_weight, one_kind_weight = _asked_weights(population, settings)
    total, strongest = pl.col("weight").sum(), pl.col("weight").max()
    by_source = named.group_by("id_a", "id_b", "evidence_source", maintain_order=True).agg(
        (strongest + settings.dependent_share * (total - strongest)).alias("weight"),
        pl.col("weight").filter(~pl.col("is_behavioural")).max().fill_null(0).alias("identity"),
    )
    summed = by_source.group_by("id_a", "id_b", maintain_order=True).agg(
        total.round(4),
        pl.len().alias("sources"),
        (total - strongest).round(4).alias("second_weight"),
        pl.col("identity").max().alias("strongest_identity"),
        (pl.col("identity").sort_by("weight").last() > 0).alias("rests_on_identity"),
    )
    is_seconded = pl.col("rests_on_identity") | (pl.col("second_weight") >= settings.second_weight)
    two_kinds = (pl.col("sources") >= 2) & is_seconded & (pl.col("weight") >= two_kind_weight)
    one_kind = pl.col("strongest_identity") >= one_kind_weight
    return summed.filter(two_kinds | one_kind).select("id_a", "id_b", "weight").sort("id_a", "id_b")


def _split_components(pairs: pl.DataFrame, settings: LinkingSettings) -> pl.DataFrame:
    """Return account_id and group; groups are numbered by their smallest member, so that the numbers mean only themselves."""
    names = pl.concat([pairs["id_a"], pairs["id_b"]]).unique().sort()
    ids = names.to_numpy()
    left, right = (np.searchsorted(ids, pairs[end].to_numpy()) for end in ("id_a", "id_b"))
    groups = split_graph(Subgraph(np.arange(len(ids)), left, right, pairs["weight"].to_numpy()), settings)
    return pl.DataFrame(
        {
            "account_id": names.gather(np.concatenate(groups)),
            "group": np.repeat(np.arange(len(groups)), [len(group) for group in groups]),
        }
    )


def _describe(members: pl.DataFrame, named: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Add how firmly and by how many independent kinds each member hangs in its group.

    Strength = 1 - exp(-(sum of the member's strong pair weights inside the group) / 10): two strong pairs give about 0.63.
    """
    group_of = members.select("account_id", "group")
    inside = (
        named.join(pairs.select("id_a", "id_b"), on=["id_a", "id_b"], how="semi")
        .join(group_of.rename({"account_id": "id_a", "group": "group_a"}), on="id_a")
        .join(group_of.rename({"account_id": "id_b", "group": "group_b"}), on="id_b")
        .filter(pl.col("group_a") == pl.col("group_b"))
    )
    ends = pl.concat(
        [
            inside.select(pl.col(end).alias("account_id"), "evidence_source", "weight", "is_behavioural")
            for end in ("id_a", "id_b")
        ]
    )
    # sums of decimals with four places, rounded, do not depend on the order they were added in
    described = ends.group_by("account_id").agg(
        pl.col("weight").sum().round(4).alias("total"),
        pl.col("evidence_source").n_unique().alias("link_kind_count"),
        pl.col("evidence_source").filter(~pl.col("is_behavioural")).n_unique().alias("nonbehavioural_kind_count"),
    )
    return (
        members.join(described, on="account_id", how="left")
        .with_columns(
            (1 - (-pl.col("total").fill_null(0) / 10).exp()).round(6).alias("membership_strength"),
            pl.col("link_kind_count").fill_null(0),
            pl.col("nonbehavioural_kind_count").fill_null(0),
        )
        .sort("group", "account_id")
    )
