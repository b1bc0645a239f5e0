"""A relation's rows out of larger JSON texts, part by part, so that no more of them is held at once.

Belongs here: filling the table, and what is done about a text that is no JSON. How a text is unpacked is the adapter's SQL.
"""

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.adapters.edge import describe
from orchestration.adapters.errors import AdapterError
from orchestration.adapters.inputs import Span
from orchestration.adapters.json_texts import SCHEMA
from orchestration.adapters.relations import Relation
from orchestration.adapters.selects import literal, span_select


class Unpacking:
    """The table `table`, filled from texts. `left_out` counts texts that have no part in it, by what is wrong with them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, name: str, relation: Relation, sql: str, span: Span) -> None:
        self.connection, self.name, self.relation = connection, name, relation
        self.table = f"unpacked_{name}"
        self.left_out: dict[str, int] = {}
        self._holds_rows = False
        self._lines: dict[str, int] = {}
        self._broken: dict[str, list[tuple[int, bool]]] = {}
        keys = dict.fromkeys(path[0] for root in relation.roots() for path in relation.paths_within(root))
        connection.execute(f"set variable taken = cast([{', '.join(map(literal, keys))}] as varchar[])")
        self._give(SCHEMA.empty_table())
        connection.execute(f"create or replace temp view texts_{name} as select json from given_{name}")
        connection.execute(f"create or replace temp view unpacking_{name} as {sql}")
        self._select = span_select(relation, describe(connection, f"unpacking_{name}"), f"unpacking_{name}", span)
        connection.execute(f"create or replace temp table {self.table} as {self._select} limit 0")

    def fill(self, texts: Iterable[pa.Table]) -> None:
        """Unpack all texts. AdapterError for a file of which no text is JSON; one broken text among others is counted."""
        for part in texts:
            self._give(part)
            # a statement of its own: the memory of parsing a large text is free again when it is unpacked
            if self._look_for_broken():
                self._give(self.connection.sql(f"from given_{self.name} where json_valid(json)").to_arrow_table())
            inserted = self.connection.execute(f"insert into {self.table} {self._select}").fetchall()
            self._holds_rows = self._holds_rows or bool(inserted[0][0]) or self._has_rows()
        if not self._holds_rows and self._lines:
            self._count("texts that hold nothing of it, is it another export?", sum(self._lines.values()))
        self._give(SCHEMA.empty_table())
        for file, broken in self._broken.items():
            self._judge(Path(file), broken)

    def _has_rows(self) -> bool:
        return bool(self.connection.execute(f"from unpacking_{self.name} limit 1").fetchall())

    def _give(self, part: pa.Table) -> None:
        self.connection.register(f"given_{self.name}", part)

    def _look_for_broken(self) -> bool:
        is_broken = False
        found = self.connection.execute(
            "select file, count(*), list((line, finished) order by line) filter (not json_valid(json)) "
            f"from given_{self.name} group by file"
        )
        for file, count, broken in found.fetchall():
            self._lines[file] = self._lines.get(file, 0) + count
            if broken:
                self._broken.setdefault(file, []).extend(broken)
                is_broken = True
        return is_broken

    def _judge(self, file: Path, broken: list[tuple[int, bool]]) -> None:
        """Count a file's broken texts: one that a line's end does not follow is still being written, any other is damaged."""
        damaged = [line for line, finished in broken if finished]
        if damaged and len(broken) == self._lines[str(file)]:
            raise AdapterError(
                f"{file} must hold JSON texts, one a line, and none of its {len(broken):,} lines is one (the first is line "
                f"{broken[0][0]}): is it compressed or of another format?"
            )
        if damaged:
            self._count(f"{file.name}, broken lines from line {damaged[0]} on", len(damaged))
        if len(broken) > len(damaged):
            self._count(f"{file.name}, the last line, not yet written to its end", len(broken) - len(damaged))

    def _count(self, what: str, count: int) -> None:
        about = f"{self.relation.table}: {what}"
        self.left_out[about] = self.left_out.get(about, 0) + count
