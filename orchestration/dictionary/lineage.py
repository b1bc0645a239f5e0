"""The walk through a catalog: what a table reads, what reads it, and the ways to it from the landing tables.

Belongs here: the graph. A step is taken from a node to what it is made from; what stands between two shown nodes is passed over
and counted.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property

from pydantic import BaseModel, ConfigDict

from orchestration.dictionary.catalog import Catalog, Origin

SHOWN = ("mart", "landing", "list", "seed")
"""Kinds of nodes at which the walk from a table stops: what is published, delivered or written by hand."""
PASSED = ("staging", "intermediate", "computed", "signal")
"""Kinds of nodes that it passes over."""


class Input(BaseModel):
    """A shown node that a table reads, and the least number of models between the two."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    origin: Origin
    model_count: int


class Lineage:
    """The graph of one catalog; names of nodes that are made from each other must be known, KeyError otherwise."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.origins: Mapping[str, Origin] = {origin.name: origin for origin in catalog.origins}

    def inputs(self, table: str) -> tuple[Input, ...]:
        """Return the shown nodes that a table reads without another between them: landing tables first, then by name."""
        found = [
            Input(origin=self.origins[name], model_count=len(way) - 2)
            for name, way in self._ways(table, stop_at=SHOWN).items()
            if name != table and self.origins[name].kind in SHOWN
        ]
        return tuple(sorted(found, key=lambda one: (SHOWN.index(one.origin.kind), one.origin.name)))

    def between(self, table: str) -> tuple[Origin, ...]:
        """Return the models and computed tables between a table and its inputs, by kind, group and name."""
        passed = (self.origins[name] for name in self._ways(table, stop_at=SHOWN) if name != table)
        between = (one for one in passed if one.kind not in SHOWN)
        return tuple(sorted(between, key=lambda one: (PASSED.index(one.kind), one.group, one.name)))

    def readers(self, table: str) -> tuple[str, ...]:
        """Return the published tables that read a table without another between them, by name."""
        return tuple(sorted(name for name, read in self._marts.items() if table in read))

    def ways_from_landing(self, table: str) -> tuple[tuple[str, ...], ...]:
        """Return the shortest way from each landing table that a table stands on, as names from the landing table to it."""
        ways = self._ways(table, stop_at=("landing",))
        return tuple(tuple(reversed(ways[name])) for name in sorted(ways) if self.origins[name].kind == "landing")

    def layers(self) -> tuple[tuple[str, ...], ...]:
        """Return the published tables in layers, by group and name: each after all that it reads, close before what reads it."""
        depth: dict[str, int] = {}

        def depth_of(name: str) -> int:
            if name not in depth:
                depth[name] = max((depth_of(above) + 1 for above in self._marts[name]), default=0)
            return depth[name]

        for name in sorted(self._marts, key=depth_of, reverse=True):
            depth[name] = min((depth[below] - 1 for below in self.readers(name)), default=depth[name])
        by_layer: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
        for name in sorted(depth, key=lambda name: (self.origins[name].group, name)):
            by_layer[depth[name]].append(name)
        return tuple(map(tuple, by_layer))

    def steps(self) -> tuple[tuple[str, str], ...]:
        """Return (read, reader) for published tables, without pairs that others join already: the transitive reduction."""
        above: dict[str, set[str]] = {}
        kept: list[tuple[str, str]] = []
        for name in (name for layer in self.layers() for name in layer):
            read = self._marts[name]
            beyond = set[str]().union(*(above[one] for one in read))
            above[name] = set(read) | beyond
            kept += [(one, name) for one in read if one not in beyond]
        return tuple(kept)

    @cached_property
    def _marts(self) -> dict[str, tuple[str, ...]]:
        """The published tables that each published table reads, by name."""
        return {
            table.name: tuple(one.origin.name for one in self.inputs(table.name) if one.origin.kind == "mart")
            for table in self.catalog.tables
        }

    def _ways(self, table: str, stop_at: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return the shortest way from a table to each node that it reaches; none goes beyond a node of a kind in `stop_at`."""
        ways: dict[str, tuple[str, ...]] = {table: (table,)}
        waiting = [table]
        for name in waiting:  # grows while it is walked
            if name != table and self.origins[name].kind in stop_at:
                continue
            for above in self.origins[name].made_from:
                if above not in ways:
                    ways[above] = (*ways[name], above)
                    waiting.append(above)
        return ways
