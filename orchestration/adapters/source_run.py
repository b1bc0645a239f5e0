"""One system in one run: which span of it is read, and its rows as landing tables with an arrival day.

Belongs here: the span, the arrival day of a row, and the way from a system's relations by its mapping to hashed rows.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import duckdb

from orchestration.adapters.edge import describe, hashed_select
from orchestration.adapters.errors import AdapterError
from orchestration.adapters.inputs import Database, Dumps, Inputs, Span
from orchestration.adapters.networks import TOLD, tell_addresses
from orchestration.adapters.placing import ARRIVED_ON, days_between
from orchestration.adapters.relations import (
    Adapter,
    Relation,
    empty_select,
    literal,
    narrow_select,
    quoted,
    refuse_foreign_columns,
    require_columns,
    span_select,
    unreadable_select,
)
from orchestration.adapters.settings import Source, Sources
from orchestration.adapters.state import SourceState
from orchestration.contract import landing_contract

DEFAULT_OVERLAP_HOURS = 6.0
"""How far behind the newest event a system without a setting of its own is read again."""


class SourceRun:
    """A system's part of a run; `shape` fills `shaped`, names of temporary tables by landing table."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        sources: Sources,
        adapter: Adapter,
        source: Source,
        state: SourceState,
        day: date,
    ) -> None:
        self.connection, self.sources, self.adapter, self.source = connection, sources, adapter, source
        self.state, self.day = state, day
        self.inputs: Inputs = (
            Dumps(connection, source.folder)
            if source.folder is not None
            else Database(connection, source.address(), source.schema_name)
        )
        self.there = {name: relation for name, relation in adapter.relations.items() if self._is_there(relation)}
        self.watermark = state.watermark
        self.shaped: dict[str, str] = {}
        self.unreadable: dict[str, int] = {}
        self.left_out: dict[str, int] = {}

    @property
    def by_time(self) -> dict[str, Relation]:
        """The relations that are read span by span."""
        return {name: relation for name, relation in self.there.items() if relation.moment}

    def first_day(self) -> date | None:
        """Return the first arrival day of this run: that after the last one landed, or the day of the earliest event, if any."""
        if self.state.landed_through is not None:
            return min(self.state.landed_through + timedelta(days=1), self.day)
        moments = [moment for name, relation in self.by_time.items() if (moment := self._earliest(name, relation))]
        return min(min(moments).date(), self.day) if moments else None

    def shape(self, first: date) -> None:
        """Read what is new and shape it, ids hashed. A table is left out where the relation it is made of is absent."""
        for field in type(self.source).model_fields:
            value = getattr(self.source, field)
            if isinstance(value, tuple):
                self.connection.execute(f"set variable {field} = [{', '.join(map(literal, value))}]")
        tables = [table for table, relation in self.adapter.lands.items() if relation in self.there]
        for name, relation in self.adapter.relations.items():
            if name not in self.by_time:
                self._give(name, relation, (None, None))
        if self.adapter.preparation:
            self.connection.execute(self.adapter.preparation)
        for table in tables:
            if not self.adapter.reads_by_time(table):
                self._shape(table, first)
        for span in self._spans(first):
            for name, relation in self.by_time.items():
                self._give(name, relation, span)
            for table in tables:
                if self.adapter.reads_by_time(table):
                    self._shape(table, first)

    def remembered(self, key_id: str) -> SourceState:
        """Return how far the system is landed once this run's rows are in place."""
        through = max(self.day, self.state.landed_through or self.day)
        return SourceState(landed_through=through, watermark=self.watermark, key_id=key_id)

    def _is_there(self, relation: Relation) -> bool:
        columns = self.inputs.columns(relation)
        if columns is None:
            if relation.required:
                place = self.source.folder or f"schema {self.source.schema_name} of the database"
                raise AdapterError(
                    f"{self.adapter.title} must have {relation.table}, and {place} holds none of that name that may be read"
                )
            return False
        if not relation.objects:
            require_columns(self.adapter.title, relation, columns)
        if self.adapter.closed:
            refuse_foreign_columns(self.adapter.title, relation, columns)
        return True

    def _earliest(self, name: str, relation: Relation) -> datetime | None:
        if self.inputs.reads_by_day:
            return self.inputs.earliest(relation)
        self._give(name, relation, (None, None))
        return self.connection.execute(f"select min({quoted(str(relation.moment))}) from {quoted(name)}").fetchall()[0][0]

    def _spans(self, first: date) -> Iterator[Span]:
        """Return the spans that are read one after the other, the last to the end of the run's day."""
        if not self.by_time:
            return iter(())
        overlap = timedelta(hours=getattr(self.source, "overlap_hours", DEFAULT_OVERLAP_HOURS))
        start = self.watermark - overlap if self.watermark else datetime.combine(first, time())
        end = datetime.combine(self.day + timedelta(days=1), time())
        midnights = [datetime.combine(day, time()) for day in days_between(start.date(), self.day)[1:]]
        cuts = [start, *(midnights if self.inputs.reads_by_day else ()), end]
        return pairwise(cuts)

    def _give(self, name: str, relation: Relation, span: Span) -> None:
        """Make a relation readable by its name: declared columns in their types, rows of the span."""
        if name not in self.there:
            self.connection.execute(f"create or replace temp view {quoted(name)} as {empty_select(relation)}")
            return
        raw = f"raw_{name}"
        self.inputs.give(relation, raw, span)
        if relation.unpack:
            unpacked = f"unpacked_{name}"
            self.connection.execute(f"create or replace temp view {unpacked} as {self.adapter.unpackings[relation.unpack]}")
            raw = unpacked
        present = describe(self.connection, raw)
        within = f"({span_select(relation, present, raw, span)}) as within"
        narrow = narrow_select(relation, present, within)
        self.connection.execute(f"create or replace temp view {quoted(name)} as {narrow}")
        counting = unreadable_select(relation, present, within)
        # the open span is that of a first look, and of what is read whole
        if counting and (relation.moment is None or span != (None, None)):
            self._count_unreadable(relation, counting)

    def _count_unreadable(self, relation: Relation, counting: str) -> None:
        """Add up the values that are there and are none of their column's type."""
        result = self.connection.execute(counting)
        names = [column[0] for column in result.description or ()]
        # fetched to the end: a result that is not keeps the connection from taking the next table in
        for column, count in zip(names, result.fetchall()[0], strict=True):
            if count:
                about = f"{relation.table}.{column}"
                self.unreadable[about] = self.unreadable.get(about, 0) + int(count)

    def _shape(self, table: str, first: date) -> None:
        """Add a landing table's rows to its temporary table, hashed and with their arrival day."""
        contract = landing_contract().tables[table]
        raw = f"mapped_{table}"
        self.connection.execute(f"create or replace temp view {raw} as {self.adapter.mappings[table]}")
        columns = list(describe(self.connection, raw))
        given = self._with_networks(raw, columns)
        hashed = hashed_select(contract, given, columns)
        moment = f"cast({contract.event_at} as date)"
        arrived = f"coalesce(least(date '{self.day}', greatest(date '{first}', {moment})), date '{self.day}')"
        landed = f"{self.adapter.name}_{table}"
        rows = f"select *, {arrived} as {ARRIVED_ON} from ({hashed}) as hashed"
        needed = self.adapter.leaves_out.get(table)
        if needed:
            self._count_left_out(table, raw, needed)
            rows += f" where {needed} is not null"
        if table in self.shaped:
            self.connection.execute(f"insert into {landed} by name {rows}")
        else:
            self.connection.execute(f"create or replace temp table {landed} as {rows}")
            self.shaped[table] = landed
        if self.adapter.reads_by_time(table):
            newest = self.connection.execute(f"select max({contract.event_at}) from {landed}").fetchall()[0][0]
            self.watermark = max((moment for moment in (self.watermark, newest) if moment), default=None)

    def _count_left_out(self, table: str, raw: str, needed: str) -> None:
        """Add up the rows that lack the id without which they say nothing."""
        found = self.connection.execute(f"select count(*) from {raw} where nullif(trim({needed}), '') is null").fetchall()
        if found[0][0]:
            about = f"{table}.{needed}"
            self.left_out[about] = self.left_out.get(about, 0) + int(found[0][0])

    def _with_networks(self, raw: str, columns: list[str]) -> str:
        """Return what to read in place of `raw`: addresses in one spelling, and what is told from them; adds to `columns`."""
        given = raw
        for column, (prefix, asn, country) in TOLD.items():
            if column not in columns:
                continue
            texts = self.connection.execute(f"select distinct {column} from {raw} where {column} is not null").fetchall()
            told = f"told_{column}"
            self.connection.register(told, tell_addresses((row[0] for row in texts), self.sources.networks))
            replaced = {column: f"{told}.address"}
            for name, value in ((prefix, "prefix"), (asn, "asn"), (country, "country")):
                if name:
                    replaced[name] = f"coalesce(mapped.{name}, {told}.{value})" if name in columns else f"{told}.{value}"
            kept = [f"mapped.{name}" for name in columns if name not in replaced]
            columns += [name for name in replaced if name not in columns]
            taken = ", ".join([*kept, *(f"{value} as {name}" for name, value in replaced.items())])
            given = f"(select {taken} from {given} as mapped left join {told} on {told}.given = mapped.{column})"
        return given if given == raw else f"{given} as told"
