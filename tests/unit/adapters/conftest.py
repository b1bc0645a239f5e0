"""The tests' own PostgreSQL server, for every adapter that reads a database."""

from tests.postgres import database, server

__all__ = ["database", "server"]
