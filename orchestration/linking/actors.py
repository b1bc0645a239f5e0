"""Actors from links: components over strong pairs, over-merged ones split.

Belongs here: the grouping of one as-of date. Ids that last from date to date are given in `ids.py`.
"""

import graspologic_native as gn
import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from orchestration.linking.thresholds import LinkingSettings

GROUP_SCHEMA = {
    "account_key": pl.Int64,
    "account_id": pl.String,
    "group": pl.Int64,
    "membership_strength": pl.Float64,
    "link_kind_count": pl.Int64,
    "nonbehavioural_kind_count": pl.Int64,
}


def find_actors(links: pl.DataFrame, accounts: pl.DataFrame, settings: LinkingSettings) -> pl.DataFrame:
    """Return the members of every group of two accounts or more, in `GROUP_SCHEMA`.

    `links`: account_key_a, account_key_b, link_kind, weight, is_behavioural. `accounts`: account_key, account_id. The
    partition depends on account ids and links only, never on keys or the order of rows: nodes are numbered by id.
    """
    named = _with_ids(links, accounts)
    pairs = _strong_pairs(named, settings)
    if pairs.is_empty():
        return pl.DataFrame(schema=GROUP_SCHEMA)
    labels = _split_components(pairs, settings)
    members = labels.filter(pl.len().over("group") >= 2)
    return _describe(members, named, pairs).join(accounts, on="account_id").select(*GROUP_SCHEMA).cast(GROUP_SCHEMA)  # pyright: ignore[reportArgumentType]


def _with_ids(links: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    ids = accounts.select("account_key", "account_id")
    return (
        links.join(ids.rename({"account_key": "account_key_a", "account_id": "id_a"}), on="account_key_a")
        .join(ids.rename({"account_key": "account_key_b", "account_id": "id_b"}), on="account_key_b")
        .select(
            pl.min_horizontal("id_a", "id_b").alias("id_a"),
            pl.max_horizontal("id_a", "id_b").alias("id_b"),
            "link_kind",
            "weight",
            "is_behavioural",
        )
        .sort("id_a", "id_b", "link_kind")
    )


def _strong_pairs(named: pl.DataFrame, settings: LinkingSettings) -> pl.DataFrame:
    """Return id_a, id_b, weight of pairs that join: two kinds that together weigh enough, or one rare identity."""
    identity = pl.col("weight").filter(~pl.col("is_behavioural"))
    summed = named.group_by("id_a", "id_b", maintain_order=True).agg(
        pl.col("weight").sum().round(4),
        pl.len().alias("kinds"),
        identity.max().fill_null(0).alias("strongest_identity"),
    )
    two_kinds = (pl.col("kinds") >= 2) & (pl.col("weight") >= settings.two_kind_weight)
    one_kind = pl.col("strongest_identity") >= settings.one_kind_weight
    return summed.filter(two_kinds | one_kind).select("id_a", "id_b", "weight").sort("id_a", "id_b")


def _split_components(pairs: pl.DataFrame, settings: LinkingSettings) -> pl.DataFrame:
    nodes = pl.concat([pairs["id_a"], pairs["id_b"]]).unique().sort()
    index = {name: position for position, name in enumerate(nodes)}
    a = np.array([index[name] for name in pairs["id_a"]])
    b = np.array([index[name] for name in pairs["id_b"]])
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(len(nodes), len(nodes)))
    _, component = connected_components(graph, directed=False)
    labelled = pairs.with_columns(pl.Series("component", component[a]))
    labels = pl.DataFrame({"account_id": nodes, "component": component})
    sizes = labels.group_by("component").len("accounts").sort("component")
    linked = labelled.group_by("component").len("pairs")
    crowded = sizes.join(linked, on="component").filter(
        (pl.col("accounts") > settings.split_above)
        & (pl.col("pairs") < settings.split_below_density * pl.col("accounts") * (pl.col("accounts") - 1) / 2)
    )
    communities: dict[str, int] = {}
    for wanted in crowded["component"]:
        communities |= _communities(labelled.filter(pl.col("component") == wanted), settings)
    community = pl.Series("community", [communities.get(name, 0) for name in labels["account_id"]])
    # groups are numbered by their smallest member, so that the numbers mean nothing but themselves
    return (
        labels.with_columns(community)
        .with_columns(pl.col("account_id").min().over("component", "community").alias("first"))
        .with_columns((pl.col("first").rank("dense") - 1).cast(pl.Int64).alias("group"))
        .select("account_id", "group")
    )


def _communities(pairs: pl.DataFrame, settings: LinkingSettings) -> dict[str, int]:
    """Split one component with Leiden (Traag et al. 2019; graspologic-native, MIT)."""
    edges = [(a, b, float(w)) for a, b, w in pairs.select("id_a", "id_b", "weight").iter_rows()]
    _, partition = gn.leiden(  # pyright: ignore[reportAttributeAccessIssue] - the package ships no stubs
        edges=edges,
        resolution=settings.resolution,
        randomness=0.001,
        iterations=2,
        use_modularity=True,
        seed=settings.random_seed,
        trials=1,
        starting_communities=None,
    )
    return {str(name): int(label) + 1 for name, label in partition.items()}


def _describe(members: pl.DataFrame, named: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Add how firmly and by how many kinds each member hangs in its group.

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
        [inside.select(pl.col(end).alias("account_id"), "link_kind", "weight", "is_behavioural") for end in ("id_a", "id_b")]
    )
    # sums of decimals with four places, rounded, do not depend on the order they were added in
    described = ends.group_by("account_id").agg(
        pl.col("weight").sum().round(4).alias("total"),
        pl.col("link_kind").n_unique().alias("link_kind_count"),
        pl.col("link_kind").filter(~pl.col("is_behavioural")).n_unique().alias("nonbehavioural_kind_count"),
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
