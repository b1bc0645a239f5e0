"""Groups in a graph of strong pairs: its components, each split where it holds more than one operator.

Leiden proposes a split and conductance disposes: a component joined at a bottleneck (a chance pair, a shared reseller) comes
apart; a sparse one without a bottleneck stays whole, because a campaign's accounts need not all be linked to each other.
"""

from dataclasses import dataclass

import graspologic_native
import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from orchestration.linking.thresholds import LinkingSettings

LEIDEN_TRIALS = 3
LEIDEN_ITERATIONS = 2

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Subgraph:
    """Nodes (any increasing integers) and their weighted pairs, given as positions in `nodes` and sorted."""

    nodes: IntArray
    left: IntArray
    right: IntArray
    weight: npt.NDArray[np.float64]

    def part(self, chosen: npt.NDArray[np.bool_]) -> "Subgraph":
        """Return the subgraph of the nodes where `chosen`, a mask over `nodes`, is true."""
        position = np.cumsum(chosen) - 1
        inside = chosen[self.left] & chosen[self.right]
        return Subgraph(self.nodes[chosen], position[self.left[inside]], position[self.right[inside]], self.weight[inside])


def split_graph(graph: Subgraph, settings: LinkingSettings) -> list[IntArray]:
    """Return the nodes of each group, every node in one group, in the order of the groups' first nodes.

    Each accepted group is looked at again, since Leiden's modularity overlooks small groups in a large graph (Fortunato and
    Barthelemy, 2007). Ends because every split makes smaller groups.
    """
    groups: list[IntArray] = []
    waiting = _components(graph)
    while waiting:
        part = waiting.pop()
        labels = _bottleneck_labels(part, settings)
        count = int(labels.max()) + 1
        if count == 1:
            groups.append(part.nodes)
        else:
            waiting.extend(part.part(labels == label) for label in range(count))
    return sorted(groups, key=lambda nodes: int(nodes[0]))


def _components(graph: Subgraph) -> list[Subgraph]:
    """Cut the graph into its components in one sort, linear in nodes and pairs."""
    size = len(graph.nodes)
    adjacency = coo_array((graph.weight, (graph.left, graph.right)), shape=(size, size))
    component_of = np.asarray(connected_components(adjacency, directed=False)[1], dtype=np.int64)
    pair_component = component_of[graph.left]
    node_order, pair_order = (np.argsort(of, kind="stable") for of in (component_of, pair_component))
    numbers = np.arange(int(component_of.max(initial=-1)) + 1)
    node_starts = np.searchsorted(component_of[node_order], numbers)
    pair_starts = np.searchsorted(pair_component[pair_order], numbers)
    position = np.empty_like(component_of)
    position[node_order] = np.arange(size) - node_starts[component_of[node_order]]
    return [
        Subgraph(graph.nodes[nodes], position[graph.left[pairs]], position[graph.right[pairs]], graph.weight[pairs])
        for nodes, pairs in zip(np.split(node_order, node_starts[1:]), np.split(pair_order, pair_starts[1:]), strict=True)
    ]


def _bottleneck_labels(graph: Subgraph, settings: LinkingSettings) -> IntArray:
    """Return one group label (0, 1, ... by first node) per node; all 0 when there is no bottleneck."""
    size = len(graph.nodes)
    whole = np.zeros(size, dtype=np.int64)
    is_complete = len(graph.weight) == size * (size - 1) // 2
    if size < settings.min_split_size or is_complete:
        return whole
    labels = _merge_until_bottlenecks(_leiden_labels(graph, settings.random_seed), graph, settings.cut_share)
    return np.unique(_first_positions(labels), return_inverse=True)[1].astype(np.int64)


def _leiden_labels(graph: Subgraph, seed: int) -> IntArray:
    """Traag, Waltman and van Eck (2019), modularity, fed in node order so that one graph has one answer."""
    edges = [
        (str(left), str(right), float(weight))
        for left, right, weight in zip(graph.left.tolist(), graph.right.tolist(), graph.weight.tolist(), strict=True)
    ]
    _, communities = graspologic_native.leiden(  # pyright: ignore[reportAttributeAccessIssue] - the package ships no stubs
        edges, seed=seed, trials=LEIDEN_TRIALS, iterations=LEIDEN_ITERATIONS, use_modularity=True
    )
    return np.array([communities[str(node)] for node in range(len(graph.nodes))], dtype=np.int64)


def _merge_until_bottlenecks(labels: IntArray, graph: Subgraph, limit: float) -> IntArray:
    """Join the community with the highest conductance to its heaviest neighbour until all are at or under `limit`.

    Conductance of S: weight(S, rest) / min(volume(S), volume(rest)), volume being the sum of weighted degrees (Kannan,
    Vempala and Vetta, 2004). Ties go to the community with the earlier node.
    """
    labels = np.unique(_first_positions(labels), return_inverse=True)[1].astype(np.int64)
    count = int(labels.max()) + 1
    between = np.zeros((count, count))
    np.add.at(between, (labels[graph.left], labels[graph.right]), graph.weight)
    between = between + between.T
    alive = list(range(count))
    owner = np.arange(count)
    while len(alive) > 1:
        table = between[np.ix_(alive, alive)]
        volume = table.sum(axis=1)
        cut = volume - np.diag(table)
        conductance = np.round(cut / np.minimum(volume, volume.sum() - volume), 9)
        worst = int(np.argmax(conductance))
        if conductance[worst] <= limit:
            break
        neighbours = table[worst].copy()
        neighbours[worst] = -1.0
        keep, drop = sorted((alive[worst], alive[int(np.argmax(neighbours))]))
        between[keep] += between[drop]
        between[:, keep] += between[:, drop]
        owner[owner == drop] = keep
        alive.remove(drop)
    return owner[labels]


def _first_positions(labels: IntArray) -> IntArray:
    """Name each label by the first position that carries it."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    return first[inverse].astype(np.int64)
