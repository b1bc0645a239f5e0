"""What an adapter reads: the relations of a system, and of each the columns that are taken.

Belongs here: the declaration, and the SQL that reads just what is declared. What is not declared is never selected, so that
content stays where it is.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from orchestration.adapters.errors import AdapterError

RelationType = Literal[
    "VARCHAR", "BIGINT", "INTEGER", "DOUBLE", "BOOLEAN", "TIMESTAMP", "EPOCH_SECONDS", "EPOCH_NANOSECONDS", "MOMENT", "JSON"
]
"""`MOMENT` is epoch seconds or a timestamp's text, as exports of one system differ."""
SAID_OF_ROWS = frozenset({"left_out", "assumed"})
"""What a mapping may say of a row beside its columns: why it is not landed, and what stands in place of absent values."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RelationColumn(_Frozen):
    """One value that is taken: a column as it is, or the first of `paths` that is there inside the column `within`.

    `within` is JSON, a map or a struct; without `paths` it is a column that the system calls otherwise. `paths_from` is the
    setting of the source that names the keys in place of `paths`. What is `counted` is a list
    inside JSON of which only the number of entries is taken.
    """

    type: RelationType = "VARCHAR"
    required: bool = False
    within: str | None = None
    paths: tuple[tuple[str, ...], ...] = ()
    paths_from: str | None = None
    counted: bool = False
    meaning: str = ""

    @property
    def sql_type(self) -> str:
        """The type in DuckDB."""
        return "TIMESTAMP" if self.type == "MOMENT" or self.type.startswith("EPOCH") else self.type


class Relation(_Frozen):
    """A table or export of a system. `table` is its name there; `moment` the column by which it is read piece by piece.

    `view` names a view of the database that holds just the declared columns, each under its own name; where it is there it is
    read in place of the table, so that no rights on columns with content are needed (`grants.py`).
    `objects` are JSON texts, one a line, of which every column is a path inside `json`; `unpack` names the SQL file that makes
    the relation's columns from larger texts (`texts_` and the relation's name; `getvariable('taken')` are the keys of `within`
    that are taken). Objects of `kinds` may lie in any file of the folder, whatever its name. `also` holds other names of its
    columns, by column; `flat` the beginnings of columns that each hold one value of a `within` that is not there itself. `never`
    lists columns that may hold content, so that a test can look for them.
    """

    table: str
    view: str | None = None
    required: bool = False
    moment: str | None = None
    objects: bool = False
    kinds: tuple[str, ...] = ()
    unpack: str | None = None
    columns: dict[str, RelationColumn]
    also: dict[str, tuple[str, ...]] = {}
    flat: dict[str, tuple[str, ...]] = {}
    never: tuple[str, ...] = ()

    def roots(self) -> list[str]:
        """Return the columns of the system that are touched, each once."""
        return list(dict.fromkeys(column.within or name for name, column in self.columns.items()))

    def names_of(self, root: str) -> tuple[str, ...]:
        """Return the names that a column may have, the first that is there counts."""
        return (root, *self.also.get(root, ()))

    def places_of(self, name: str) -> list[str]:
        """Return the columns any of which holds a declared column's value, or would."""
        column = self.columns[name]
        starts = self.flat.get(column.within or "", ())
        return [*self.names_of(column.within or name), *(start + path[0] for start in starts for path in column.paths)]

    def paths_within(self, root: str) -> list[tuple[str, ...]]:
        """Return all paths that are taken inside a column, each once."""
        taken = [path for column in self.columns.values() if column.within == root for path in column.paths]
        return list(dict.fromkeys(taken))

    def with_paths(self, settings: Mapping[str, Sequence[str]]) -> "Relation":
        """Return the relation with the keys that settings name in place of `paths_from`."""
        columns = {
            name: column.model_copy(update={"paths": tuple((key,) for key in settings[column.paths_from])})
            if column.paths_from
            else column
            for name, column in self.columns.items()
        }
        return self.model_copy(update={"columns": columns})


class Adapter(_Frozen):
    """One adapter: its relations by the name they have in its SQL, and the relation that each landing table is made of first.

    A landing table is left out where that relation is absent. `accounts` says what it knows of accounts: an `extract` of all, a
    `supplement` to what another system says, or mere `sightings` of accounts in use. `mappings` and `unpackings` hold the SQL by
    landing table and by name; `objects` is the SQL that finds objects of `kinds` (a list) in `json`, both of `given`, for
    relations with kinds. `macros` is SQL that defines what the others use. `steps` is SQL between the relations that are not read
    by time and the mappings, each a view by its name, in order. `left_out` yields what no mapping sees and why (`about`,
    `row_count`). A `closed` adapter refuses columns that it does not declare.
    """

    name: str
    title: str
    relations: dict[str, Relation]
    lands: dict[str, str]
    mappings: dict[str, str]
    unpackings: dict[str, str] = {}
    macros: str | None = None
    objects: str | None = None
    steps: dict[str, str] = {}
    left_out: str | None = None
    closed: bool = False
    accounts: Literal["extract", "supplement", "sightings"] = "extract"

    def with_paths(self, settings: Mapping[str, Sequence[str]]) -> "Adapter":
        """Return the adapter with the keys that a source's settings name."""
        return self.model_copy(
            update={"relations": {name: relation.with_paths(settings) for name, relation in self.relations.items()}}
        )

    def reads_by_time(self, table: str) -> bool:
        """Whether a landing table is read span by span."""
        return self.relations[self.lands[table]].moment is not None


def quoted(name: str) -> str:
    """Return an identifier in double quotes."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | Path) -> str:
    """Return a text in single quotes."""
    return "'" + str(text).replace("'", "''") + "'"


def require_columns(adapter: str, relation: Relation, present: Mapping[str, str]) -> None:
    """Raise AdapterError when a required column is not there; others may be absent, as in older versions of a system."""
    there = {name.lower() for name in present}
    missing = [
        name
        for name, column in relation.columns.items()
        if column.required and not there & {known.lower() for known in relation.places_of(name)}
    ]
    if missing:
        raise AdapterError(
            f"{adapter}: {relation.table} must have the columns {', '.join(missing)}; it has {', '.join(present) or 'none'}. "
            "Is it the table of that name, exported whole?"
        )


def refuse_foreign_columns(adapter: str, relation: Relation, present: Mapping[str, str]) -> None:
    """Raise AdapterError when there are columns that are not declared, which would else be passed over in silence."""
    declared = {root.lower() for root in relation.roots()}
    foreign = [name for name in present if name.lower() not in declared]
    if foreign:
        raise AdapterError(
            f"{adapter}: {relation.table} has the columns {', '.join(foreign)}, which are none of the contract's; "
            "docs/reference/landing.md lists those that are. Rename them or leave them out"
        )


def database_select(schema: str, table: str, relation: Relation, present: Sequence[str]) -> str:
    """Return PostgreSQL's select of what is declared and there; what lies inside JSON is taken out there, as text.

    A value of `within` may also stand under its own name, as a view has it.
    """
    there = {name.lower(): name for name in present}
    taken: list[str] = []
    roots: dict[str, None] = {}
    for name, column in relation.columns.items():
        root = there.get((column.within or name).lower())
        own = there.get(name.lower()) or (root if not column.paths else None)
        if column.paths and root:
            roots[root] = None
            inside = [_inside_database(root, path, column.counted) for path in column.paths]
            taken.append(f"coalesce({', '.join(inside)}) as {quoted(name)}")
        elif own:
            taken.append(f"given.{quoted(own)}{'::text' if column.type == 'JSON' else ''} as {quoted(name)}")
    # each look into a large JSON value would unpack it anew; what an expression returned is unpacked for all of them
    unpacked = ", ".join(f"given.{quoted(root)}::jsonb || '{{}}'::jsonb as {quoted(root)}" for root in roots)
    lateral = f"\ncross join lateral (select {unpacked} offset 0) as unpacked" if roots else ""
    columns = ",\n    ".join(taken)
    return f"select\n    {columns}\nfrom {quoted(schema)}.{quoted(table)} as given{lateral}"


def _inside_database(root: str, path: Sequence[str], counted: bool) -> str:
    steps = literal("{" + ",".join(map(quoted, path)) + "}")
    if not counted:
        return f"unpacked.{quoted(root)} #>> {steps}"
    found = f"unpacked.{quoted(root)} #> {steps}"
    return f"case when jsonb_typeof({found}) = 'array' then jsonb_array_length({found}) end"


def named_select(relation: Relation, present: Mapping[str, str], given: str) -> str:
    """Return DuckDB's select that gives columns the names they are declared under; what is not declared is left out.

    Of a `within` that is not there, columns that hold one of its values each are put together.
    """
    there = {name.lower(): name for name in present}
    taken: list[str] = []
    for root in relation.roots():
        names = [there[name.lower()] for name in relation.names_of(root) if name.lower() in there]
        if names:
            taken.append(f"{quoted(names[0])} as {quoted(root)}")
            continue
        values = {
            path[0]: f"{quoted(path[0])} := {quoted(there[(start + path[0]).lower()])}"
            for start in reversed(relation.flat.get(root, ()))
            for path in relation.paths_within(root)
            if len(path) == 1 and (start + path[0]).lower() in there
        }
        if values:
            taken.append(f"struct_pack({', '.join(values.values())}) as {quoted(root)}")
    return f"select {', '.join(taken) or 'null as nothing'} from {given}"


def narrow_select(relation: Relation, present: Mapping[str, str], given: str) -> str:
    """Return DuckDB's select of the declared columns, in their types, from `given`: an absent one is NULL, an empty text too.

    `present` holds the types of what `given` has, by name. A value of `within` that was taken out before stands under its own
    name.
    """
    there = {name.lower(): kind for name, kind in present.items()}
    taken = [
        f"    {_typed(_value(name, relation, there), column)} as {quoted(name)}" for name, column in relation.columns.items()
    ]
    return "select\n" + ",\n".join(taken) + f"\nfrom {given}"


def span_select(relation: Relation, present: Mapping[str, str], given: str, span: tuple[datetime | None, datetime | None]) -> str:
    """Return DuckDB's select of the rows of a span from `given`; a row without its moment belongs to every span."""
    if relation.moment is None or span == (None, None):
        return f"select * from {given}"
    there = {name.lower(): kind for name, kind in present.items()}
    column = relation.columns[relation.moment]
    moment = _typed(_value(relation.moment, relation, there), column)
    limits = [
        f"{moment} {sign} timestamp {literal(limit.isoformat(sep=' '))}"
        for sign, limit in zip((">=", "<"), span, strict=True)
        if limit
    ]
    return f"select * from {given} where ({' and '.join(limits)}) or {moment} is null"


def empty_select(relation: Relation) -> str:
    """Return DuckDB's select of the declared columns without a row, for a relation that a system does not have."""
    taken = [f"cast(null as {column.sql_type}) as {quoted(name)}" for name, column in relation.columns.items()]
    return f"select {', '.join(taken)} where false"


def taken_select(relation: Relation, given: str) -> str:
    """Return DuckDB's select of what columns of a relation of objects hold, as texts, from `json` of `given`.

    Each text is looked through once, whatever the number of paths. Columns that are no paths are taken as they are.
    """
    paths = list(dict.fromkeys(path for column in relation.columns.values() for path in column.paths))
    listed = ", ".join(literal(_json_path(path)) for path in paths)
    found = f"json_extract_string(json, [{listed}])" if paths else "null"
    taken: list[str] = []
    for name, column in relation.columns.items():
        texts = ", ".join(f"nullif(found[{paths.index(path) + 1}], '')" for path in column.paths)
        taken.append(f"coalesce({texts}) as {quoted(name)}" if texts else quoted(name))
    return f"select {', '.join(taken)} from (select *, {found} as found from {given}) as objects"


def unreadable_select(relation: Relation, present: Mapping[str, str], given: str) -> str:
    """Return DuckDB's select of how many values of each declared column are there and are none of its type."""
    there = {name.lower(): kind for name, kind in present.items()}
    counts = [
        f"    count(*) filter ({value} is not null and {_typed(value, column)} is null) as {quoted(name)}"
        for name, column in relation.columns.items()
        if column.type not in ("VARCHAR", "JSON") and (value := _value(name, relation, there)) != "null"
    ]
    return "select\n" + ",\n".join(counts) + f"\nfrom {given}" if counts else ""


def _value(name: str, relation: Relation, there: Mapping[str, str]) -> str:
    """Return the value as it lies in the relation, empty text as NULL; `null` where it is absent."""
    column = relation.columns[name]
    if name.lower() in there and (column.within is None or column.within.lower() not in there):
        kind = there[name.lower()]
        return f"nullif({quoted(name)}, '')" if kind == "VARCHAR" else quoted(name)
    if column.within is None or column.within.lower() not in there or (column.paths_from and not column.paths):
        return "null"
    kind, root = there[column.within.lower()], quoted(column.within)
    if not column.paths:
        return f"nullif({root}, '')" if kind == "VARCHAR" else root
    if kind == "MAP(VARCHAR, VARCHAR)":
        inside = [f"nullif({root}[{literal('.'.join(path))}], '')" for path in column.paths]
    elif column.counted:
        text, paths = _json(root, kind), [literal(_json_path(path)) for path in column.paths]
        inside = [f"json_array_length(case json_type({text}, {path}) when 'ARRAY' then {text} end, {path})" for path in paths]
    else:
        # one expression for all columns, so that a text is parsed once a row
        paths = relation.paths_within(column.within)
        values = f"json_extract_string({_json(root, kind)}, [{', '.join(literal(_json_path(path)) for path in paths)}])"
        inside = [f"nullif({values}[{paths.index(path) + 1}], '')" for path in column.paths]
    return f"coalesce({', '.join(inside)})" if len(inside) > 1 else inside[0]


def _json(root: str, kind: str) -> str:
    """Return a column as JSON. A text that is none has nothing inside; json_extract would end the statement."""
    return f"case when json_valid({root}) then {root} end" if kind in ("VARCHAR", "JSON") else f"to_json({root})"


def _json_path(path: Sequence[str]) -> str:
    return "$" + "".join(f'."{key}"' if not key.isdecimal() else f"[{key}]" for key in path)


def _typed(value: str, column: RelationColumn) -> str:
    if column.type == "TIMESTAMP":
        # by way of a time with its zone, so that a text with an offset is understood; the connection's own zone is UTC
        return f"cast(try_cast({value} as timestamptz) as timestamp)"
    if column.type == "EPOCH_SECONDS":
        return _epoch(value)
    if column.type == "MOMENT":
        text = f"cast({value} as varchar)"
        return f"coalesce({_epoch(text)}, cast(try_cast({text} as timestamptz) as timestamp))"
    if column.type == "EPOCH_NANOSECONDS":
        # a time as text stands for itself; by way of text, which cuts nanoseconds off and does not round them
        text = f"cast({value} as varchar)"
        moment = f"cast(try_cast({text} as timestamptz) as timestamp)"
        return f"coalesce(make_timestamp(try_cast({text} as bigint) // 1000), {moment})"
    return f"try_cast({value} as {column.type})"


def _epoch(value: str) -> str:
    return f"make_timestamp(try_cast(round(try_cast({value} as double) * 1000000) as bigint))"
