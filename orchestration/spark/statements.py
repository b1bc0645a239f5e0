"""Statements sent to Spark's Thrift server, outside of dbt.

Belongs here: the connection and its errors. The client is imported when it is asked for: only the `spark` group of
dependencies has it.
"""

import importlib
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from typing import Any

from orchestration.spark.settings import NO_PACKAGES, REQUIRED, SparkSettings

_MISSING = "TABLE_OR_VIEW_NOT_FOUND"


class SparkError(RuntimeError):
    """Spark that cannot be reached or refused a statement; the message says which and what to do."""


class Statements:
    """An open session; statements are carried out one after the other."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def run(self, sql: str, *, unless_missing: bool = False) -> None:
        """Carry out a statement; SparkError with Spark's own words where it fails.

        `unless_missing` passes over one about a table that does not stand yet.
        """
        try:
            self._cursor.execute(sql)
        except Exception as error:
            if unless_missing and _MISSING in str(error):
                return
            raise SparkError(f"Spark refused a statement: {_words(error)}\nStatement: {sql[:500]}") from error

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        self.run(sql)
        return [tuple(row) for row in self._cursor.fetchall()]

    def columns(self, relation: str) -> dict[str, str]:
        """Return the types of a relation's columns by name, as Spark calls them."""
        described = self.rows(f"describe table {relation}")
        names: dict[str, str] = {}
        for name, kind, *_ in described:
            if not name or name.startswith("#"):
                break
            names[name] = kind
        return names


@contextmanager
def statements(settings: SparkSettings | None = None) -> Generator[Statements]:
    """Open a session with the Thrift server of the settings, the environment's unless given."""
    asked = settings or SparkSettings()
    try:
        client = importlib.import_module("pyhive.hive")
    except ImportError as error:
        raise SparkError(NO_PACKAGES) from error
    try:
        connection = client.connect(host=asked.host, port=asked.port, username=asked.user)
    except Exception as error:
        raise SparkError(
            f"no Spark Thrift server answers at {asked.host}:{asked.port} ({_words(error)}): start it, or set "
            "STILLWATCH_SPARK_HOST and STILLWATCH_SPARK_PORT to where it is"
        ) from error
    try:
        yield Statements(connection.cursor())
    finally:
        connection.close()


def check_settings(spark: Statements) -> None:
    """Raise SparkError where the server is not set as a night requires."""
    for name, wanted in REQUIRED.items():
        found = str(spark.rows(f"set {name}")[0][1])
        if found.lower() != wanted.lower():
            raise SparkError(
                f"Spark's setting {name} must be {wanted}, and is {found}: start the Thrift server with --conf {name}={wanted}"
            )


def literal(value: str | date) -> str:
    """Return a text or a day as Spark reads it in a statement."""
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    # backslashes are escapes here, and two literals side by side are joined without the quote between them
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _words(error: Exception) -> str:
    status = getattr(error.args[0], "status", None) if error.args else None
    text = str(getattr(status, "errorMessage", None) or error)
    return " ".join(text.split("\n\tat ", 1)[0].split("== SQL", 1)[0].split())[:1000]
