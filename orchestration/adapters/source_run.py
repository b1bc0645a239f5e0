"""One system in one run: which span of it is read, and its rows as landing tables with an arrival day.

Belongs here: the span, the arrival day of a row, and the way from a system's relations by its mapping to hashed rows.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import duckdb
import pyarrow as pa

from orchestration.adapters.edge import describe, hashed_select
from orchestration.adapters.enrichment import with_fingerprints, with_networks
from orchestration.adapters.errors import AdapterError
from orchestration.adapters.inputs import Database, Dumps, Inputs, Span
from orchestration.adapters.relations import SAID_OF_ROWS, Adapter, Relation, refuse_foreign_columns, require_columns
from orchestration.adapters.selects import (
    empty_select,
    literal,
    named_select,
    narrow_select,
    quoted,
    span_select,
    taken_select,
    unreadable_select,
)
from orchestration.adapters.settings import Source, Sources
from orchestration.adapters.state import SourceState
from orchestration.adapters.unpacking import Unpacking
from orchestration.contract import landing_contract
from orchestration.days import days_between
from orchestration.landing.files import ARRIVED_ON

FINGERPRINTED = "usage_requests"
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
        self.settings: dict[str, tuple[str, ...] | str] = {
            field: value for field in type(source).model_fields if isinstance(value := getattr(source, field), tuple | str)
        }
        self.connection, self.sources, self.source = connection, sources, source
        self.adapter = adapter.with_paths({field: value for field, value in self.settings.items() if isinstance(value, tuple)})
        self.state, self.day = state, day
        self.inputs: Inputs = (
            Dumps(connection, source.folder)
            if source.folder is not None
            else Database(connection, source.address(), source.schema_name)
        )
        self.there = {name: relation for name, relation in self.adapter.relations.items() if self._is_there(name, relation)}
        if not self.there:
            tables = ", ".join(dict.fromkeys(relation.table for relation in adapter.relations.values()))
            raise AdapterError(f"{adapter.title} must have one of {tables}, and {self._place} holds none of them")
        self.watermark = state.watermark
        self.shaped: dict[str, str] = {}
        self.unreadable: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self.assumed: Counter[str] = Counter()
        self.unpacked_whole: set[str] = set()

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
        for field, value in self.settings.items():
            given = literal(value) if isinstance(value, str) else f"cast([{', '.join(map(literal, value))}] as varchar[])"
            self.connection.execute(f"set variable {field} = {given}")
        if self.adapter.macros:
            self.connection.execute(self.adapter.macros)
        tables = [table for table, relation in self.adapter.lands.items() if relation in self.there]
        timed = [table for table in tables if self.adapter.reads_by_time(table)]
        for name, relation in self.adapter.relations.items():
            if name not in self.by_time:
                self._give(name, relation, (None, None))
        self._step()
        for table in tables:
            if table not in timed:
                landed = self._shape(table, first)
                self._let_wait(table, landed)
        for span in self._spans(first):
            for name, relation in self.by_time.items():
                self._give(name, relation, span)
            for table in timed:
                landed = self._shape(table, first)
                self._move_watermark(table, landed)

    def remembered(self, key_id: str) -> SourceState:
        """Return how far the system is landed once this run's rows are in place."""
        through = max(self.day, self.state.landed_through or self.day)
        return SourceState(landed_through=through, watermark=self.watermark, key_id=key_id)

    @property
    def _place(self) -> str:
        return str(self.source.folder or f"schema {self.source.schema_name} of the database")

    def _is_there(self, name: str, relation: Relation) -> bool:
        columns = self.inputs.columns(relation)
        if columns is None:
            if relation.required:
                raise AdapterError(
                    f"{self.adapter.title} must have {relation.table}, and {self._place} holds none of that name that may be read"
                )
            return False
        if relation.kinds:
            taken = self._take_objects(name, relation)
            return self.connection.execute(f"select 1 from {quoted(taken)} limit 1").fetchall() != []
        if not relation.objects and not (relation.unpack and self.inputs.texts(relation, (None, None))):
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
        texts = self.inputs.texts(relation, span) if relation.unpack else None
        if texts is not None:
            raw = self._unpack(name, relation, texts, span)
        elif relation.kinds:
            raw = _taken(name)
        else:
            self.inputs.give(relation, raw, span)
            if relation.also or relation.flat:
                named = f"named_{name}"
                select = named_select(relation, describe(self.connection, raw), raw)
                self.connection.execute(f"create or replace temp view {named} as {select}")
                raw = named
        present = describe(self.connection, raw)
        within = f"({span_select(relation, present, raw, span)}) as within"
        narrow = narrow_select(relation, present, within)
        self.connection.execute(f"create or replace temp view {quoted(name)} as {narrow}")
        counting = unreadable_select(relation, present, within)
        # the open span is that of a first look, and of what is read whole
        if counting and (relation.moment is None or span != (None, None)):
            self._count_unreadable(relation, counting)

    def _take_objects(self, name: str, relation: Relation) -> str:
        """Take what is declared of the objects of a relation's kinds, whatever file they lie in; return the table's name."""
        raw, objects, kinds = f"raw_{name}", f"objects_{name}", ", ".join(map(literal, relation.kinds))
        self.inputs.give(relation, raw, (None, None))
        given = f"select *, [{kinds}] as kinds from {quoted(raw)}"
        self.connection.execute(
            f"create or replace temp view {quoted(objects)} as with given as ({given}) select * from ({self.adapter.objects})"
        )
        # kept, since the files hold all kinds and are read for each
        self.connection.execute(
            f"create or replace temp table {quoted(_taken(name))} as {taken_select(relation, quoted(objects))}"
        )
        return _taken(name)

    def _step(self) -> None:
        """Make the adapter's steps readable by their names, and add up what it leaves out."""
        for name, statement in self.adapter.steps.items():
            self.connection.execute(f"create or replace temp view {quoted(name)} as {statement}")
        if self.adapter.left_out:
            counting = f"select left_out_as, count(*) from ({self.adapter.left_out}) as said group by all"
            self.left_out.update(dict(self.connection.execute(counting).fetchall()))

    def _unpack(self, name: str, relation: Relation, texts: Iterable[pa.Table], span: Span) -> str:
        """Return the table of what a relation's texts hold in a span; what was read whole for a first look is not read again."""
        if name in self.unpacked_whole:
            return f"unpacked_{name}"
        unpacking = Unpacking(self.connection, name, relation, self.adapter.unpackings[str(relation.unpack)], span)
        unpacking.fill(texts)
        self.left_out.update(unpacking.left_out)
        if span == (None, None):
            self.unpacked_whole.add(name)
        return unpacking.table

    def _count_unreadable(self, relation: Relation, counting: str) -> None:
        """Add up the values that are there and are none of their column's type."""
        result = self.connection.execute(counting)
        names = [column[0] for column in result.description or ()]
        # fetched to the end: a result that is not keeps the connection from taking the next table in
        counts = zip(names, result.fetchall()[0], strict=True)
        self.unreadable.update({f"{relation.table}.{column}": int(count) for column, count in counts if count})

    def _shape(self, table: str, first: date) -> str:
        """Add a landing table's rows to its temporary table, hashed and with their arrival day; return that table's name."""
        contract = landing_contract().tables[table]
        raw = f"mapped_{table}"
        self.connection.execute(f"create or replace temp view {raw} as {self.adapter.mappings[table]}")
        raw = self._without_left_out(raw)
        columns = list(describe(self.connection, raw))
        given = with_networks(self.connection, self.sources.networks, raw, columns)
        hashed = hashed_select(contract, given, columns)
        if table == FINGERPRINTED and self.sources.fingerprints is not None:
            hashed = with_fingerprints(self.connection, self.sources.fingerprints, hashed, columns)
        moment = f"cast({contract.event_at} as date)"
        arrived = f"coalesce(least(date '{self.day}', greatest(date '{first}', {moment})), date '{self.day}')"
        rows = f"select *, {arrived} as {ARRIVED_ON} from ({hashed}) as hashed"
        landed = f"{self.adapter.name}_{table}"
        if table in self.shaped:
            self.connection.execute(f"insert into {landed} by name {rows}")
        else:
            self.connection.execute(f"create or replace temp table {landed} as {rows}")
            self.shaped[table] = landed
        return landed

    def _let_wait(self, table: str, landed: str) -> None:
        """Take out what came after the run's day: it would arrive before it was, and is landed by a later run."""
        event_at = landing_contract().tables[table].event_at
        if event_at not in describe(self.connection, landed):
            return
        [row] = self.connection.execute(f"delete from {landed} where {event_at} >= date '{self.day}' + 1").fetchall()
        if row[0]:
            self.left_out[f"{self.adapter.title}, {table} of after {self.day} for a later run"] += int(row[0])

    def _move_watermark(self, table: str, landed: str) -> None:
        event_at = landing_contract().tables[table].event_at
        newest = self.connection.execute(f"select max({event_at}) from {landed}").fetchall()[0][0]
        self.watermark = max((moment for moment in (self.watermark, newest) if moment), default=None)

    def _without_left_out(self, raw: str) -> str:
        """Return what to read in place of `raw`, where the mapping says of rows why they are left out or what it assumed.

        `left_out` is a reason, NULL for a row that is landed; `assumed` a list of what was absent and what stands in its place.
        """
        told = SAID_OF_ROWS & set(describe(self.connection, raw))
        if not told:
            return raw
        judged, kept = f"judged_{raw}", f"kept_{raw}"
        landed = "left_out is null" if "left_out" in told else "true"
        # made once: counting, telling addresses and hashing each read it
        self.connection.execute(f"create or replace temp table {judged} as select * from {raw}")
        if "left_out" in told:
            self.left_out.update(self._count_words(f"select left_out as word from {judged}"))
        if "assumed" in told:
            self.assumed.update(self._count_words(f"select unnest(assumed) as word from {judged} where {landed}"))
        self.connection.execute(
            f"create or replace temp view {kept} as select * exclude ({', '.join(sorted(told))}) from {judged} where {landed}"
        )
        return kept

    def _count_words(self, words: str) -> dict[str, int]:
        """Return how often each word is said."""
        statement = f"select word, count(*) from ({words}) as said where word is not null group by word"
        return {f"{self.adapter.name}: {word}": int(count) for word, count in self.connection.execute(statement).fetchall()}


def _taken(name: str) -> str:
    return f"taken_{name}"
