from pathlib import Path

import duckdb
import pytest

from orchestration.evaluation.reaching import read_reach
from tests.unit.evaluation.conftest import on


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """Two nights of two signals; the views still know an older night, the evidence does not."""
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create table signal_registry as select * from (values ('sig_a', 10.0, 'active'), ('sig_b', 1.0, 'shadow'), "
            "('sig_gone', 1.0, 'retired')) as signals (signal_id, minimum_support, status)"
        )
        connection.execute(
            "create table int_signals__evidence (as_of_date date, subject_type varchar, subject_id varchar, signal_id varchar)"
        )
        # `y` and `z` could not be computed
        connection.executemany(
            "insert into int_signals__evidence values (?, 'account', ?, 'sig_a')", [(on(1), "x"), (on(2), "x")]
        )
        for name in ("sig_a", "sig_b"):
            connection.execute(
                f"create table {name} (as_of_date date, subject_id varchar, value double, excess double, support double)"
            )
        connection.executemany(
            "insert into sig_a values (?, ?, ?, ?, ?)",
            [
                (on(0), "old", 9.0, 99.0, 999.0),
                (on(1), "x", 1.0, 0.5, 20.0),
                (on(2), "x", 1.0, 0.75, 30.0),
                (on(2), "y", 1.0, 5.0, 9.0),
                (on(2), "z", 1.0, None, 500.0),
            ],
        )
    return path


def test_reach_is_of_the_run_alone_and_says_who_was_computable_and_how_near_it_came(warehouse: Path) -> None:
    found = read_reach(warehouse)
    assert found.computable.rows() == [("sig_a", "account", "x", on(1))]
    # `y` deviates more and rests on too little, `z` rests on much and has no deviation
    assert found.nearest.rows() == [("sig_a", 3, 2, 30.0, 0.75), ("sig_b", 0, 0, None, None)]


def test_a_warehouse_without_a_run_is_refused(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("delete from int_signals__evidence")
    with pytest.raises(ValueError, match="backfill the world first"):
        read_reach(warehouse)
