"""What units share: cases and networks of enforced units, and controls that stand on the network of their own unit."""

from collections.abc import Iterator

import polars as pl

NETWORK = "network"
"""The kind of tie by which a control is left out."""


def shared_things(ties: pl.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield each enforced unit with the cases and networks it holds, for `dependence_of`."""
    own = ties.filter(pl.col("unit_id") == pl.col("member_unit_id"))
    for unit, kind, value in own.select("unit_id", "tie_kind", "tie_value").iter_rows():
        yield unit, f"{kind} {value}"


def without_neighbours(followed: pl.DataFrame, ties: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `followed` (unit_id, member_unit_id, ...) without controls on a network of their own unit.

    What is stopped at a shared proxy moves to its other customers: they are not what the unit would have done.
    """
    networks = ties.filter(pl.col("tie_kind") == NETWORK)
    own = networks.filter(pl.col("unit_id") == pl.col("member_unit_id")).select("unit_id", "tie_value")
    others = networks.filter(pl.col("unit_id") != pl.col("member_unit_id"))
    neighbours = others.join(own, on=["unit_id", "tie_value"]).select("unit_id", "member_unit_id").unique()
    return followed.join(neighbours, on=["unit_id", "member_unit_id"], how="anti")
