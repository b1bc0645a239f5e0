"""Groups of accounts that one operator runs, on one date's links."""

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from orchestration.linking.frames import empty_frame
from orchestration.linking.pairs import rank_accounts, rank_links, strong_pairs
from orchestration.linking.settings import LinkingSettings
from orchestration.linking.split import Subgraph, split_component

GROUPS_SCHEMA = {
    "account_key": pl.Int64,
    "account_id": pl.String,
    "group": pl.Int64,
    "membership_strength": pl.Float64,
    "link_kind_count": pl.Int32,
    "nonbehavioural_kind_count": pl.Int32,
}


def find_actors(links: pl.DataFrame, accounts: pl.DataFrame, settings: LinkingSettings | None = None) -> pl.DataFrame:
    """Return one row per account in a group of two or more, columns `GROUPS_SCHEMA`, sorted by group and account_id.

    `links` has `pairs.LINKS_SCHEMA`, one row per pair and kind in either order of the pair; `accounts` has
    `pairs.ACCOUNTS_SCHEMA` and holds every linked account. Groups are connected components over strong pairs, split at
    bottlenecks, numbered from 0 in the order of their smallest account_id; neither row order nor keys change them.

    membership_strength, 0 to 1 with six decimals: 1 - product over the member's strong pairs in its group of
    (1 - logistic(weight - pair_weight)), a noisy-or in which `pair_weight` stands for the prior log-odds against a pair.
    The two counts are the distinct link kinds (of which not behavioural) on those same pairs.

    Raises ValueError for links or accounts that break their schema or name unknown accounts.
    """
    chosen = settings or LinkingSettings()
    ranked = rank_accounts(accounts)
    ranked_links = rank_links(links, ranked)
    pairs = strong_pairs(ranked_links, chosen)
    if pairs.is_empty():
        return empty_frame(GROUPS_SCHEMA)
    grouped = _group_nodes(pairs, chosen)
    inside = (
        pairs.join(grouped.rename({"rank": "rank_a", "group": "group_a"}), on="rank_a")
        .join(grouped.rename({"rank": "rank_b", "group": "group_b"}), on="rank_b")
        .filter(pl.col("group_a") == pl.col("group_b"))
        .select("rank_a", "rank_b", "weight")
        .sort("rank_a", "rank_b")
    )
    strength = _membership_strength(inside, ranked.height, chosen.pair_weight)
    return (
        grouped.join(ranked, on="rank")
        .join(_kind_counts(ranked_links, inside), on="rank")
        .with_columns(pl.lit(strength).gather(pl.col("rank")).alias("membership_strength"))
        .sort("group", "account_id")
        .select(pl.col(column).cast(dtype) for column, dtype in GROUPS_SCHEMA.items())
    )


def _group_nodes(pairs: pl.DataFrame, settings: LinkingSettings) -> pl.DataFrame:
    """Return rank and group for every account in a group of two or more."""
    graph = _compact_graph(pairs)
    size = len(graph.nodes)
    adjacency = coo_array((graph.weight, (graph.left, graph.right)), shape=(size, size))
    component_of = np.asarray(connected_components(adjacency, directed=False)[1], dtype=np.int64)
    groups = [group for component in _components(graph, component_of) for group in split_component(component, settings)]
    kept = sorted((group for group in groups if len(group) >= 2), key=lambda group: int(group[0]))
    return pl.DataFrame(
        {
            "rank": np.concatenate(kept),
            "group": np.repeat(np.arange(len(kept), dtype=np.int64), [len(group) for group in kept]),
        }
    )


def _compact_graph(pairs: pl.DataFrame) -> Subgraph:
    left, right = (pairs.get_column(column).to_numpy() for column in ("rank_a", "rank_b"))
    nodes = np.union1d(left, right)
    return Subgraph(nodes, np.searchsorted(nodes, left), np.searchsorted(nodes, right), pairs.get_column("weight").to_numpy())


def _components(graph: Subgraph, component_of: npt.NDArray[np.int64]) -> list[Subgraph]:
    """Cut the graph into its components in one sort, linear in nodes and edges."""
    node_order = np.argsort(component_of, kind="stable")
    edge_component = component_of[graph.left]
    edge_order = np.argsort(edge_component, kind="stable")
    numbers = np.arange(int(component_of.max()) + 1)
    node_starts = np.searchsorted(component_of[node_order], numbers)
    edge_starts = np.searchsorted(edge_component[edge_order], numbers)
    position = np.empty_like(component_of)
    position[node_order] = np.arange(len(node_order)) - node_starts[component_of[node_order]]
    return [
        Subgraph(graph.nodes[nodes], position[graph.left[edges]], position[graph.right[edges]], graph.weight[edges])
        for nodes, edges in zip(np.split(node_order, node_starts[1:]), np.split(edge_order, edge_starts[1:]), strict=True)
    ]


def _membership_strength(inside: pl.DataFrame, account_count: int, pair_weight: float) -> npt.NDArray[np.float64]:
    """Noisy-or per account rank; sums run in pair order, so that equal inputs give equal bits."""
    log_not_linked = -np.logaddexp(0.0, inside.get_column("weight").to_numpy() - pair_weight)
    total = np.zeros(account_count)
    for column in ("rank_a", "rank_b"):
        total += np.bincount(inside.get_column(column).to_numpy(), weights=log_not_linked, minlength=account_count)
    return np.round(-np.expm1(total), 6)


def _kind_counts(ranked_links: pl.DataFrame, inside: pl.DataFrame) -> pl.DataFrame:
    on_pairs = ranked_links.join(inside.select("rank_a", "rank_b"), on=["rank_a", "rank_b"], how="semi")
    per_account = pl.concat(
        [on_pairs.select(pl.col(column).alias("rank"), "link_kind", "is_behavioural") for column in ("rank_a", "rank_b")]
    )
    return per_account.group_by("rank").agg(
        pl.col("link_kind").n_unique().alias("link_kind_count"),
        pl.col("link_kind").filter(~pl.col("is_behavioural")).n_unique().alias("nonbehavioural_kind_count"),
    )
