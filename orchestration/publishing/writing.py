"""Files of a release written side by side, each by one thread.

Belongs here: how many are written at once. One thread writes equal rows as equal bytes; several files need not wait for it.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import duckdb

Outcome = TypeVar("Outcome")


def side_by_side(
    connection: duckdb.DuckDBPyConnection, writes: Iterable[Callable[[duckdb.DuckDBPyConnection], Outcome]]
) -> list[Outcome]:
    """Carry out writes, as many at once as the database has threads, and return their outcomes in the order given.

    Each has a connection of its own, whose queries are answered by one thread. What a write raises is raised when all have ended.
    """
    (threads,) = connection.execute("select current_setting('threads')").fetchall()[0]
    connection.execute("set threads = 1")
    try:
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(lambda write: write(connection.cursor()), writes))
    finally:
        connection.execute(f"set threads = {threads}")
