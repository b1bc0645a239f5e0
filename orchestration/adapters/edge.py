"""From an adapter's rows to landed columns: networks told, ids hashed, types as in the contract.

Belongs here: the SQL that puts keyed values in place of raw ones. Raw values live in this connection's memory alone; it has no
place to write them to.
"""

from collections.abc import Sequence
from importlib.resources import files

import duckdb

from orchestration.adapters.edge_key import EdgeKey
from orchestration.adapters.selects import literal, quoted
from orchestration.contract import INDICATOR_KINDS, Column, Table, landing_contract


def edge_connection(key: EdgeKey, memory_limit: str) -> duckdb.DuckDBPyConnection:
    """Return a connection that can hash ids: in memory, in UTC, without a place to spill raw values to."""
    connection = duckdb.connect(config={"memory_limit": memory_limit})
    connection.execute("set temp_directory = ''")
    connection.execute("set timezone = 'UTC'")
    connection.execute("set enable_progress_bar = false")
    for side, pad in key.pads().items():
        connection.execute(f"set variable edge_{side}_pad = cast($1 as blob)", [pad])
    connection.execute(files("orchestration.adapters").joinpath("keyed.sql").read_text(encoding="utf-8"))
    return connection


def hashed_select(table: Table, given: str, columns: Sequence[str]) -> str:
    """Return the select of a landing table's columns from raw rows, ids hashed by what they name; ValueError for others."""
    foreign = set(columns) - {column.name for column in table.columns}
    if foreign:
        raise ValueError(f"a mapping yields {', '.join(sorted(foreign))}, which the landing table does not have")
    taken = [f"    {_landed(column)} as {column.name}" for column in table.columns if column.name in set(columns)]
    return "select\n" + ",\n".join(taken) + f"\nfrom {given}"


def _landed(column: Column) -> str:
    if column.id_kind is not None:
        function = "keyed_number" if column.type == "BIGINT" else "keyed_text"
        value = f"nullif(trim(cast({column.name} as varchar)), '')"
        return f"{function}({literal(column.id_kind)}, {value})"
    if column.id_kind_column is not None:
        return _indicator(column.name, column.id_kind_column)
    if column.type == "TIMESTAMP":
        return f"cast(try_cast({column.name} as timestamptz) as timestamp)"
    return f"try_cast({column.name} as {column.type})"


def _indicator(value: str, kind_column: str) -> str:
    """Return the keyed value of an indicator by its type; one of a type that names nobody alone passes."""
    numbers = {
        column.id_kind for table in landing_contract().tables.values() for column in table.columns if column.type == "BIGINT"
    }
    cases = [
        f"when {kind_column} = {literal(kind)} then "
        + (
            f"cast(keyed_number({literal(id_kind)}, {value}) as varchar)"
            if id_kind in numbers
            else f"keyed_text({literal(id_kind)}, {value})"
        )
        for kind, id_kind in INDICATOR_KINDS.items()
    ]
    return f"case {' '.join(cases)} else cast({value} as varchar) end"


def describe(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, str]:
    """Return the columns of a relation with their types."""
    return describe_select(connection, f"select * from {quoted(name)}")


def describe_select(connection: duckdb.DuckDBPyConnection, statement: str) -> dict[str, str]:
    """Return the columns of a select with their types."""
    return {str(row[0]): str(row[1]) for row in connection.execute(f"describe {statement}").fetchall()}
