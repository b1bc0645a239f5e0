"""Writes of a release go on side by side, each by one thread, and leave the database as it was."""

import threading

import duckdb
import pytest

from orchestration.publishing.writing import side_by_side


def threads_of(connection: duckdb.DuckDBPyConnection) -> int:
    return int(connection.execute("select current_setting('threads')").fetchall()[0][0])


def test_as_many_writes_go_on_at_once_as_the_database_has_threads() -> None:
    with duckdb.connect(config={"threads": 3}) as connection:
        # each waits for the two others, so that one after the other none would end
        meet = threading.Barrier(3)

        def write(of_its_own: duckdb.DuckDBPyConnection) -> int:
            meet.wait(timeout=20)
            return threads_of(of_its_own)

        assert side_by_side(connection, [write, write, write]) == [1, 1, 1]
        assert threads_of(connection) == 3


def test_outcomes_come_in_the_order_given() -> None:
    with duckdb.connect() as connection:
        written = side_by_side(
            connection, [lambda own, n=n: own.execute(f"create table t{n} as select {n}").fetchall()[0][0] + n for n in range(9)]
        )
        assert written == [1 + n for n in range(9)]
        assert connection.execute("select count(*) from duckdb_tables()").fetchall() == [(9,)]


def test_what_a_write_raises_is_raised_and_the_database_gets_its_threads_back() -> None:
    with duckdb.connect(config={"threads": 2}) as connection:
        with pytest.raises(duckdb.CatalogException, match="not_there"):
            side_by_side(connection, [lambda own: own.execute("select 1").fetchall(), lambda own: own.execute("from not_there")])
        assert threads_of(connection) == 2
