"""A cursor that remembers what it was told and answers queries from a list, in the place of a Spark server."""

from collections.abc import Mapping, Sequence
from typing import Any

from orchestration.spark.statements import Statements


class Remembering:
    """Answers a query that contains a key of `answers` with its rows, and fails with `failures` likewise."""

    def __init__(self, answers: Mapping[str, Sequence[tuple[Any, ...]]], failures: Mapping[str, str] | None = None) -> None:
        self.told: list[str] = []
        self._answers = answers
        self._failures = failures or {}
        self._rows: Sequence[tuple[Any, ...]] = []

    def execute(self, sql: str) -> None:
        self.told.append(sql)
        for part, message in self._failures.items():
            if part in sql:
                raise RuntimeError(message)
        self._rows = next((rows for part, rows in self._answers.items() if part in sql), [])

    def fetchall(self) -> Sequence[tuple[Any, ...]]:
        return self._rows


def remembering(
    answers: Mapping[str, Sequence[tuple[Any, ...]]] | None = None, failures: Mapping[str, str] | None = None
) -> tuple[Statements, Remembering]:
    """Return statements over such a cursor, and the cursor."""
    cursor = Remembering(answers or {}, failures)
    return Statements(cursor), cursor
