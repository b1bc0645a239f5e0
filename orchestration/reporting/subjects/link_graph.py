"""The drawing of what links a subject's accounts: a numbered node each, and a line for each linked pair.

Belongs here: which accounts are drawn, and where. The places come from a spring layout with a fixed seed, so that the same
links give the same drawing.
"""

from collections.abc import Sequence

import networkx as nx
import numpy as np
from pydantic import BaseModel, ConfigDict

from orchestration.reporting.subjects.subject import Link

_MARGIN, _RADIUS = 20.0, 12.0
_LEAST, _EACH, _HIGHEST = 150.0, 14.0, 440.0
_SPRINGS, _PUSHES = 120, 60


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Node(_Frozen):
    """An account at its place; `is_filled` where its membership is a basis for action."""

    account_id: str
    x: float
    y: float


class Line(_Frozen):
    """A linked pair; `breadth` 1 to 4 by weight among those drawn."""

    link: Link
    x1: float
    y1: float
    x2: float
    y2: float
    breadth: int


class LinkGraph(_Frozen):
    """The drawing `width` by `height` units; `left_out` counts accounts with links that are not drawn.

    Of the pairs among its accounts it holds those without which it would fall apart, and the heaviest others, twice as many
    as accounts at most.
    """

    width: float
    height: float
    radius: float
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    left_out: int


def link_graph_of(links: Sequence[Link], most: int, width: float) -> LinkGraph | None:
    """Return the drawing of the `most` accounts with the heaviest links among them; None where nothing is linked.

    It is as high as they need, and never higher than a screen.
    """
    weight: dict[str, float] = {}
    for link in links:
        for account_id in (link.account_id_a, link.account_id_b):
            weight[account_id] = weight.get(account_id, 0.0) + link.weight
    drawn = sorted(weight, key=lambda account_id: (-weight[account_id], account_id))[:most]
    inside = [link for link in links if link.account_id_a in drawn and link.account_id_b in drawn]
    if not inside:
        return None
    height = min(width, _HIGHEST, _LEAST + _EACH * len(drawn))
    shown = _backbone(inside, 2 * len(drawn))
    places = _places(drawn, shown, width, height)
    heaviest = max(link.weight for link in inside)
    return LinkGraph(
        width=width,
        height=height,
        radius=_RADIUS,
        nodes=tuple(Node(account_id=account_id, x=x, y=y) for account_id, (x, y) in places.items()),
        lines=tuple(_line(link, places, heaviest) for link in reversed(shown)),
        left_out=len(weight) - len(drawn),
    )


def _backbone(links: Sequence[Link], most: int) -> Sequence[Link]:
    """Return the links of the heaviest tree over all accounts, then the heaviest others up to `most`, by weight."""
    graph = nx.Graph()
    for place, link in enumerate(links):
        graph.add_edge(link.account_id_a, link.account_id_b, weight=link.weight, place=place)
    kept: set[int] = {edge["place"] for _, _, edge in nx.maximum_spanning_edges(graph, data=True)}
    for place in range(len(links)):
        if len(kept) >= most:
            break
        kept.add(place)
    return [links[place] for place in sorted(kept)]


def _line(link: Link, places: dict[str, tuple[float, float]], heaviest: float) -> Line:
    (x1, y1), (x2, y2) = places[link.account_id_a], places[link.account_id_b]
    breadth = 1 + round(3 * link.weight / heaviest) if heaviest > 0 else 1
    return Line(link=link, x1=x1, y1=y1, x2=x2, y2=y2, breadth=breadth)


def _places(accounts: Sequence[str], links: Sequence[Link], width: float, height: float) -> dict[str, tuple[float, float]]:
    """Return the place of each account within the drawing's margins, no two nodes over each other where there is room."""
    graph = nx.Graph()
    graph.add_nodes_from(accounts)
    graph.add_weighted_edges_from((link.account_id_a, link.account_id_b, max(link.weight, 0.1)) for link in links)
    laid = nx.spring_layout(graph, seed=1, iterations=_SPRINGS, weight="weight", k=2.0 / len(accounts) ** 0.5)
    at = np.array([laid[account_id] for account_id in accounts])
    room = np.array([width, height]) - 2 * _MARGIN
    spread = np.ptp(at, axis=0)
    at = (at - at.min(axis=0)) / np.where(spread > 0, spread, 1.0) * room + _MARGIN
    for _ in range(_PUSHES):
        at = np.clip(at + _push(at), _MARGIN, np.array([width, height]) - _MARGIN)
    return {account_id: (round(float(x), 1), round(float(y), 1)) for account_id, (x, y) in zip(accounts, at, strict=True)}


def _push(at: np.ndarray) -> np.ndarray:
    """Return by how much each node moves away from those that lie over it."""
    apart = at[:, None, :] - at[None, :, :]
    distance = np.hypot(apart[..., 0], apart[..., 1])
    np.fill_diagonal(distance, np.inf)
    near = np.clip(2 * _RADIUS + 4 - distance, 0.0, None)
    # two nodes at one place are told apart by their order
    direction = (
        apart / np.where(distance > 0, distance, 1.0)[..., None]
        + 1e-3 * np.sign(np.arange(len(at))[:, None] - np.arange(len(at))[None, :])[..., None]
    )
    return (direction * near[..., None]).sum(axis=1) / 2
