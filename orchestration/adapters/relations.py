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
    "VARCHAR", "BIGINT", "INTEGER", "DOUBLE", "BOOLEAN", "TIMESTAMP", "EPOCH_SECONDS", "EPOCH_NANOSECONDS", "JSON"
]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RelationColumn(_Frozen):
    """One value that is taken: a column as it is, or the first of `paths` that is there inside the JSON column `within`.

    What is `counted` is a list inside JSON of which only the number of entries is taken.
    """

    type: RelationType = "VARCHAR"
    required: bool = False
    within: str | None = None
    paths: tuple[tuple[str, ...], ...] = ()
    counted: bool = False
    meaning: str = ""

    @property
    def sql_type(self) -> str:
        """The type in DuckDB."""
        return "TIMESTAMP" if self.type.startswith("EPOCH") else self.type


class Relation(_Frozen):
    """A table or export of a system. `table` is its name there; `moment` the column by which it is read piece by piece.

    `view` names a view of the database that holds just the declared columns, each under its own name; where it is there it is
    read in place of the table, so that no rights on columns with content are needed (`grants.py`).
    `objects` are JSON texts, one a line, of which every column is a path inside `json`; `unpack` names the SQL file that makes
    such lines from larger ones (`raw_` and the relation's name). `never` lists columns that may hold content, so that a test can
    look for them.
    """

    table: str
    view: str | None = None
    required: bool = False
    moment: str | None = None
    objects: bool = False
    unpack: str | None = None
    columns: dict[str, RelationColumn]
    never: tuple[str, ...] = ()

    def roots(self) -> list[str]:
        """Return the columns of the system that are touched, each once."""
        return list(dict.fromkeys(column.within or name for name, column in self.columns.items()))


class Adapter(_Frozen):
    """One adapter: its relations by the name they have in its SQL, and the relation that each landing table is made of first.

    A landing table is left out where that relation is absent. `accounts` says what it knows of accounts: an `extract` of all, a
    `supplement` to what another system says, or mere `sightings` of accounts in use. `mappings` and `unpackings` hold the SQL by
    landing table and by name; `preparation` is SQL that runs before any mapping, over the relations that are not read by time. A
    `closed` adapter refuses columns that it does not declare. `leaves_out` names by landing table the id without which a row says
    nothing, such as a request that no account sent; such rows are left out and counted.
    """

    name: str
    title: str
    relations: dict[str, Relation]
    lands: dict[str, str]
    mappings: dict[str, str]
    unpackings: dict[str, str] = {}
    preparation: str = ""
    leaves_out: dict[str, str] = {}
    closed: bool = False
    accounts: Literal["extract", "supplement", "sightings"] = "extract"

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
        name for name, column in relation.columns.items() if column.required and (column.within or name).lower() not in there
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
        root, own = there.get((column.within or name).lower()), there.get(name.lower())
        if column.within and root:
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


def narrow_select(relation: Relation, present: Mapping[str, str], given: str) -> str:
    """Return DuckDB's select of the declared columns, in their types, from `given`: an absent one is NULL, an empty text too.

    `present` holds the types of what `given` has, by name. A value of `within` that was taken out before stands under its own
    name.
    """
    there = {name.lower(): kind for name, kind in present.items()}
    taken = [f"    {_typed(_value(name, column, there), column)} as {quoted(name)}" for name, column in relation.columns.items()]
    return "select\n" + ",\n".join(taken) + f"\nfrom {given}"


def span_select(relation: Relation, present: Mapping[str, str], given: str, span: tuple[datetime | None, datetime | None]) -> str:
    """Return DuckDB's select of the rows of a span from `given`; a row without its moment belongs to every span."""
    if relation.moment is None or span == (None, None):
        return f"select * from {given}"
    there = {name.lower(): kind for name, kind in present.items()}
    column = relation.columns[relation.moment]
    moment = _typed(_value(relation.moment, column, there), column)
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


def unreadable_select(relation: Relation, present: Mapping[str, str], given: str) -> str:
    """Return DuckDB's select of how many values of each declared column are there and are none of its type."""
    there = {name.lower(): kind for name, kind in present.items()}
    counts = [
        f"    count(*) filter ({value} is not null and {_typed(value, column)} is null) as {quoted(name)}"
        for name, column in relation.columns.items()
        if column.type not in ("VARCHAR", "JSON") and (value := _value(name, column, there)) != "null"
    ]
    return "select\n" + ",\n".join(counts) + f"\nfrom {given}" if counts else ""


def _value(name: str, column: RelationColumn, there: Mapping[str, str]) -> str:
    """Return the value as it lies in the relation, empty text as NULL; `null` where it is absent."""
    if name.lower() in there and (column.within is None or column.within.lower() not in there):
        kind = there[name.lower()]
        return f"nullif({quoted(name)}, '')" if kind == "VARCHAR" else quoted(name)
    if column.within is None or column.within.lower() not in there:
        return "null"
    kind, root = there[column.within.lower()], quoted(column.within)
    text = root if kind in ("VARCHAR", "JSON") else f"cast(to_json({root}) as varchar)"
    # a text that is no JSON has nothing inside; json_extract would end the statement
    valid = f"case when json_valid({text}) then {text} end"
    paths = ["$" + "".join(f'."{key}"' if not key.isdecimal() else f"[{key}]" for key in path) for path in column.paths]
    if column.counted:
        lists = [f"case json_type({valid}, {literal(path)}) when 'ARRAY' then {valid} end" for path in paths]
        inside = [f"json_array_length({given}, {literal(path)})" for given, path in zip(lists, paths, strict=True)]
    else:
        inside = [f"nullif(json_extract_string({valid}, {literal(path)}), '')" for path in paths]
    return f"coalesce({', '.join(inside)})" if len(inside) > 1 else inside[0]


def _typed(value: str, column: RelationColumn) -> str:
    if column.type == "TIMESTAMP":
        # by way of a time with its zone, so that a text with an offset is understood; the connection's own zone is UTC
        return f"cast(try_cast({value} as timestamptz) as timestamp)"
    if column.type == "EPOCH_SECONDS":
        return f"make_timestamp(cast(round(try_cast({value} as double) * 1000000) as bigint))"
    if column.type == "EPOCH_NANOSECONDS":
        return f"make_timestamp(try_cast({value} as bigint) // 1000)"
    return f"try_cast({value} as {column.type})"
