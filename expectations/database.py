"""One in-memory DuckDB per gate run, with a view for each table under judgement.

Great Expectations opens its own SQLAlchemy engine from a URL. A *named* in-memory database is one instance for all
connections of the process, so both see the same views and nothing is copied to disk.
"""

import itertools
import os
import shutil
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

_run_numbers = itertools.count(1)

Cell = object


class GateDatabase:
    """A live in-memory database: `url` for Great Expectations, `rows` for our own statements."""

    def __init__(self, url: str, connection: Connection) -> None:
        self.url = url
        self._connection = connection

    def rows(self, sql: str) -> Sequence[Sequence[Cell]]:
        """Run `sql` and return all rows. Raises sqlalchemy.exc.DBAPIError when DuckDB refuses it."""
        try:
            return [tuple(row) for row in self._connection.exec_driver_sql(sql).fetchall()]
        except DBAPIError:
            # else every statement after it fails for this one's sake
            self._connection.rollback()
            raise

    def run(self, sql: str) -> None:
        """Run a statement without a result and commit it, so that other connections see it."""
        try:
            self._connection.exec_driver_sql(sql)
            self._connection.commit()
        except DBAPIError:
            self._connection.rollback()
            raise

    def columns(self, relation: str) -> dict[str, str]:
        """Return the columns of a table or `read_parquet(...)` call with their DuckDB types, in order."""
        return {str(row[0]): str(row[1]) for row in self.rows(f"describe select * from {relation}")}


@contextmanager
def gate_database(memory_limit: str | None, spill: Path | None = None) -> Generator[GateDatabase, None, None]:
    """Open a fresh database for one gate run, which keeps to a limit such as `3GB`, and drop it afterwards.

    What is beyond the limit goes to the folder `spill`. It may hold provider's rows, so what a killed run left goes first.
    """
    url = f"duckdb:///:memory:gate_{os.getpid()}_{next(_run_numbers)}"
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            database = GateDatabase(url, connection)
            database.run("set TimeZone = 'UTC'")
            if memory_limit is not None:
                database.run(f"set memory_limit = {literal(memory_limit)}")
            if spill is not None:
                shutil.rmtree(spill, ignore_errors=True)
                database.run(f"set temp_directory = {literal(str(spill))}")
            yield database
    finally:
        engine.dispose()
        if spill is not None:
            shutil.rmtree(spill, ignore_errors=True)


def quoted(name: str) -> str:
    """Return `name` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def values_of(column: str) -> str:
    """Return the name of the relation that counts the rows of each value of a column: that column and `row_count`."""
    return quoted(f"values_of_{column}")


def literal(text: str) -> str:
    """Return `text` as a SQL string literal."""
    return "'" + text.replace("'", "''") + "'"
