"""The SQL that reads just what an adapter declares of a relation.

Belongs here: selects of PostgreSQL and DuckDB, made from the declaration. What is not declared is never selected, so that content
stays where it is.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from orchestration.adapters.relations import Relation, RelationColumn


def quoted(name: str) -> str:
    """Return an identifier in double quotes."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | Path) -> str:
    """Return a text in single quotes."""
    return "'" + str(text).replace("'", "''") + "'"


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
            inside = [_inside_database(root, path, column) for path in column.paths]
            taken.append(f"coalesce({', '.join(inside)}) as {quoted(name)}")
        elif own:
            taken.append(f"given.{quoted(own)}{'::text' if column.type == 'JSON' else ''} as {quoted(name)}")
    # each look into a large JSON value would unpack it anew; what an expression returned is unpacked for all of them
    unpacked = ", ".join(f"given.{quoted(root)}::jsonb || '{{}}'::jsonb as {quoted(root)}" for root in roots)
    lateral = f"\ncross join lateral (select {unpacked} offset 0) as unpacked" if roots else ""
    columns = ",\n    ".join(taken)
    return f"select\n    {columns}\nfrom {quoted(schema)}.{quoted(table)} as given{lateral}"


def _inside_database(root: str, path: Sequence[str], column: RelationColumn) -> str:
    steps = literal("{" + ",".join(map(quoted, path)) + "}")
    if not column.counted:
        return f"unpacked.{quoted(root)} #>> {steps}"
    found = f"unpacked.{quoted(root)} #> {steps}"
    count = f"jsonb_array_length({found})"
    if column.uncounted_roles:
        roles = " || ".join(f"@.role == {quoted(role)}" for role in column.uncounted_roles)
        count += f" - jsonb_array_length(jsonb_path_query_array({found}, {literal(f'$[*] ? ({roles})')}))"
    return f"case when jsonb_typeof({found}) = 'array' then {count} end"


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
        lists = [f"case json_type({text}, {path}) when 'ARRAY' then {text} end" for path in paths]
        inside = [_counted(found, path, column) for found, path in zip(lists, column.paths, strict=True)]
    else:
        # one expression for all columns, so that a text is parsed once a row
        paths = relation.paths_within(column.within)
        values = f"json_extract_string({_json(root, kind)}, [{', '.join(literal(_json_path(path)) for path in paths)}])"
        inside = [f"nullif({values}[{paths.index(path) + 1}], '')" for path in column.paths]
    return f"coalesce({', '.join(inside)})" if len(inside) > 1 else inside[0]


def _counted(text: str, path: Sequence[str], column: RelationColumn) -> str:
    """Return how many entries a list inside a JSON text has, without those of the roles that do not count."""
    count = f"json_array_length({text}, {literal(_json_path(path))})"
    if not column.uncounted_roles:
        return count
    roles = f"json_extract_string({text}, {literal(_json_path(path) + '[*].role')})"
    listed = ", ".join(map(literal, column.uncounted_roles))
    return f"{count} - len(list_filter({roles}, lambda role: role in ({listed})))"


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
