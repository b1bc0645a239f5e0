"""Which engine is ahead is said only of equal answers."""

import polars as pl
import pytest

from tests.benchmarks.peers.__main__ import QUESTIONS, Difference, same_rows, verdict
from tests.benchmarks.peers.engine import sql_of
from tests.benchmarks.peers.in_polars import QUESTIONS as IN_POLARS

ROWS = pl.DataFrame({"account_key": [1, 2, 3], "held_share": [0.5, 0.25, None]})


def test_equal_rows_in_another_order_and_type_are_the_same() -> None:
    """Engines order as they like, count in their own integers, and differ in the last bits of a float."""
    found = ROWS.reverse().with_columns(pl.col("account_key").cast(pl.UInt32), pl.col("held_share") * (1 + 1e-13))
    same_rows("shares", "polars", found.select("held_share", "account_key"), ROWS)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (
            ROWS.with_columns(pl.Series("held_share", [0.5, 0.2500001, None])),
            "polars differs from duckdb in held_share in 1 of 3",
        ),
        (ROWS.with_columns(pl.Series("held_share", [0.5, 0.25, 0.0])), "polars differs from duckdb in held_share in 1 of 3"),
        (ROWS.with_columns(pl.Series("account_key", [1, 2, 4])), "polars differs from duckdb in account_key in 1 of 3"),
        (ROWS.head(2), "polars has 2 rows"),
        (ROWS.select("account_key"), "polars has 3 rows"),
    ],
)
def test_one_other_value_is_a_difference(found: pl.DataFrame, told: str) -> None:
    """No second counts after it."""
    with pytest.raises(Difference, match=told):
        same_rows("shares", "polars", found, ROWS)


@pytest.mark.parametrize(("ratio", "said"), [(0.8, "**behind**"), (0.84, "tied"), (1.2, "tied"), (1.21, "ahead")])
def test_within_a_fifth_is_a_tie(ratio: float, said: str) -> None:
    """The same distance either way."""
    assert verdict(ratio) == said


def test_every_question_is_put_to_every_engine() -> None:
    """A question that one engine lacks would be found out only after the others were timed."""
    assert set(IN_POLARS) == set(QUESTIONS)
    for question in QUESTIONS:
        for engine in ("duckdb", "chdb", "datafusion"):
            assert sql_of(engine, question).strip()
