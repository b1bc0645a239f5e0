"""A block of accounts: arrays of who they are and how they behave.

Belongs here: the container and how blocks are joined. A block is made once from its own stream and never changes, so
that a world that grows leaves the accounts it already had untouched.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.traits import Columns

NEVER = np.int64(2**62)
"""A time or day number that never comes."""


@dataclass(frozen=True)
class Block:
    """Accounts as equal-length arrays.

    `who`: identity, times (microseconds since 1970, UTC) and day numbers (days since the world's first day). `first`:
    traits and keys of the main behaviour. `second`: those of the other behaviour, which a share `second_share` of
    requests follows from day `second_from` on (ordinary cover of a harvester, a thief on a stolen key).
    """

    name: str
    who: Columns
    first: Columns
    second: Columns

    @property
    def size(self) -> int:
        """Number of accounts."""
        return len(self.who["account_key"])


def _stack(parts: list[Columns]) -> Columns:
    names = parts[0].keys()
    for part in parts:
        if part.keys() != names:
            raise KeyError(f"columns must be equal in every part, given a difference of {sorted(names ^ part.keys())}")
    return {name: np.concatenate([part[name] for part in parts]) for name in names}


def joined(name: str, blocks: list[Block]) -> Block:
    """Return the blocks one after another as a block of that name; KeyError when their columns differ."""
    return Block(
        name=name,
        who=_stack([block.who for block in blocks]),
        first=_stack([block.first for block in blocks]),
        second=_stack([block.second for block in blocks]),
    )


def texts(values: list[Any] | NDArray[Any]) -> NDArray[Any]:
    """Return an array of Python strings (or None), the form of text columns in `who`."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
