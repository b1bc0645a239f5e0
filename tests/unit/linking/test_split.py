"""Where a component comes apart, where it holds, and that its shape alone decides."""

import itertools
import random
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.linking.split import Subgraph, split_graph
from orchestration.linking.thresholds import LinkingSettings

Pairs = set[tuple[int, int]]


def _groups(pairs: Pairs, weight: float = 7.0) -> list[list[int]]:
    nodes = np.array(sorted({node for pair in pairs for node in pair}), dtype=np.int64)
    ends = np.array(sorted(pairs), dtype=np.int64)
    left, right = np.searchsorted(nodes, ends[:, 0]), np.searchsorted(nodes, ends[:, 1])
    groups = split_graph(Subgraph(nodes, left, right, np.full(len(ends), weight)), LinkingSettings())
    return [group.tolist() for group in groups]


def _clique(nodes: Iterable[int]) -> Pairs:
    return set(itertools.combinations(nodes, 2))


def _sparse(nodes: range, mean_degree: float, seed: int) -> Pairs:
    """A random connected graph: a path, and random pairs up to the mean degree."""
    draw = random.Random(seed)
    share = (mean_degree - 2) / (len(nodes) - 1)
    return {pair for pair in itertools.combinations(nodes, 2) if pair[1] == pair[0] + 1 or draw.random() < share}


@pytest.mark.parametrize(("left", "right"), [(7, 7), (12, 12), (20, 20), (40, 8)])
def test_dense_groups_over_one_chance_pair_come_apart(left: int, right: int) -> None:
    sides = [list(range(left)), list(range(left, left + right))]
    assert _groups(_clique(sides[0]) | _clique(sides[1]) | {(0, left)}) == sides


@pytest.mark.parametrize("size", [3, 5])
def test_small_groups_over_one_pair_hold(size: int) -> None:
    assert len(_groups(_clique(range(size)) | _clique(range(size, 2 * size)) | {(0, size)})) == 1


@pytest.mark.parametrize(("size", "mean_degree"), [(60, 6), (200, 6), (600, 8)])
def test_a_sparse_campaign_without_a_bottleneck_holds(size: int, mean_degree: float) -> None:
    assert len(_groups(_sparse(range(size), mean_degree, seed=1))) == 1


def test_a_campaign_of_cards_tied_to_each_other_holds() -> None:
    draw = random.Random(5)
    cards = [range(5 * number, 5 * number + 5) for number in range(40)]
    ties = {tuple(sorted((draw.choice(a), draw.choice(b)))) for a in cards for b in draw.sample(cards, 3) if a != b}
    assert len(_groups(set().union(*map(_clique, cards), ties))) == 1


def test_a_chain_of_campaigns_comes_apart_link_by_link() -> None:
    parts = [range(30 * number, 30 * number + 30) for number in range(6)]
    bridges = {(part[3], part[3] + 30) for part in parts[:-1]}
    found = _groups(set().union(*(_sparse(part, 12, seed=part[0]) for part in parts), bridges))
    assert found == [list(part) for part in parts]


@settings(max_examples=60, deadline=None)
@given(st.sets(st.tuples(st.integers(0, 30), st.integers(0, 30)).filter(lambda p: p[0] < p[1]), min_size=1, max_size=90))
def test_groups_are_a_partition_within_components_and_names_do_not_matter(pairs: Pairs) -> None:
    found = _groups(pairs)
    nodes = sorted(node for group in found for node in group)
    assert nodes == sorted({node for pair in pairs for node in pair})
    assert found == sorted(found)
    assert _groups({(a * 7 + 100, b * 7 + 100) for a, b in pairs}) == [[node * 7 + 100 for node in group] for group in found]
    apart = {(a + 50, b + 50) for a, b in _clique(range(8))}
    assert _groups(pairs | apart) == [*found, list(range(50, 58))]
