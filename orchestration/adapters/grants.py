"""The least rights that a role of a PostgreSQL database needs to have a system landed.

Belongs here: the statements, made from the adapter's declaration. What is taken out of a JSON column needs rights on the whole
column, which may hold content; a view that has just those values, and runs with its owner's rights, spares the role that.
"""

from collections.abc import Collection, Sequence

from orchestration.adapters.errors import AdapterError
from orchestration.adapters.relations import Adapter, Relation
from orchestration.adapters.selects import database_select, quoted


def grant_statements(
    adapter: Adapter, role: str, schema: str, without: Collection[str] = (), also: Sequence[Relation] = ()
) -> str:
    """Return SQL for the owner of the tables to run; `without` names tables, or columns as `table.column`, that are not there.

    `also` are relations of the system that are read beside the adapter's own, such as its daily totals.

    AdapterError for a system whose tables lie in no database, and where `without` names what the adapter does not read.
    """
    if adapter.closed or any(relation.objects for relation in adapter.relations.values()):
        raise AdapterError(f"{adapter.title}: its tables must lie in a database to be granted, and are read from files alone")
    relations = [*adapter.relations.values(), *also]
    read = {
        name for relation in relations for name in (relation.table, *(f"{relation.table}.{root}" for root in relation.roots()))
    }
    foreign = set(without) - read
    if foreign:
        raise AdapterError(
            f"what is not there must be a table or table.column of {', '.join(sorted(read))}; given: {', '.join(foreign)}"
        )
    head = [
        f"-- What the role {quoted(role)} needs to land this system, and no more. To be run by the owner of the tables.",
        "-- Where your version lacks a table or column, give the command `--without TABLE` or `--without TABLE.COLUMN`.",
        "begin;",
        f"grant usage on schema {quoted(schema)} to {quoted(role)};",
    ]
    parts = [_granted(relation, quoted(role), schema, without) for relation in relations if relation.table not in without]
    return "\n\n".join(["\n".join(head), *parts, "commit;"])


def _granted(relation: Relation, role: str, schema: str, without: Collection[str]) -> str:
    roots = [root for root in relation.roots() if f"{relation.table}.{root}" not in without]
    if relation.view is None:
        columns = ",\n    ".join(map(quoted, roots))
        return f"grant select (\n    {columns}\n) on {quoted(schema)}.{quoted(relation.table)} to {role};"
    view = f"{quoted(schema)}.{quoted(relation.view)}"
    select = database_select(schema, relation.table, relation, roots)
    # made anew: a view cannot lose or move a column, and its rights go with it
    return f"drop view if exists {view};\ncreate view {view} as\n{select};\ngrant select on {view} to {role};"
