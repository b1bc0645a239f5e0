"""Tables of the contract that a provider exports itself: its names and columns, ids and addresses still as they are.

Belongs here: the declaration, made from the contract, since these tables are the contract's own.
"""

from orchestration.adapters.relations import Adapter, Relation, RelationColumn, RelationType
from orchestration.contract import Column, Table, landing_contract

NAME = "own_tables"


def own_tables() -> Adapter:
    """Return the adapter whose relations are the landing tables; each is optional, a column that is none of theirs is refused."""
    tables = landing_contract().tables
    return Adapter(
        name=NAME,
        title="Your own tables",
        relations={name: _relation(name, table) for name, table in tables.items()},
        lands={name: name for name in tables},
        mappings={name: f"select * from {name}" for name in tables},
        closed=True,
    )


def _relation(name: str, table: Table) -> Relation:
    columns = {
        column.name: RelationColumn(type=_type(column), required=column.required, meaning=column.meaning)
        for column in table.columns
    }
    return Relation(table=name, moment=table.event_at if table.delivery == "event" else None, columns=columns)


def _type(column: Column) -> RelationType:
    """Return the type of a value before it is hashed: an id is text, whatever its hash is."""
    if column.is_provider_id:
        return "VARCHAR"
    return "INTEGER" if column.type == "SMALLINT" else column.type
