"""Many copies of one landing folder in one, each without another column, so that one run measures them all.

Belongs here: the copies. Ids of each copy are its own, so that copies share no link, no actor, no template and no peer; what a
night computes for the subjects of one copy it would compute for them alone, but for limits that grow with the population.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from orchestration.contract import Column, Table, landing_contract

MARK = "~"
"""Stands between an id and the number of its copy."""
_OWN = ("account_id", "case_id", "email_domain", "tier")
"""Columns that name or group accounts, and are no provider's ids by the contract."""


def copy_worlds(landing: Path, masked: Sequence[tuple[str, str] | None], to: Path) -> None:
    """Make at `to` one landing folder of copies of `landing`, the n-th without the n-th masked column (table, column).

    A copy whose mask is None is whole. Tables without accounts are copied once.
    """
    with duckdb.connect() as connection:
        for name, table in landing_contract().tables.items():
            for folder in sorted((landing / name).glob("arrived_on=*")):
                place = to / name / folder.name
                place.mkdir(parents=True)
                given = f"read_parquet('{folder}/*.parquet', union_by_name = true, hive_partitioning = false)"
                there = {str(row[0]) for row in connection.execute(f"describe select * from {given}").fetchall()}
                copies = enumerate(masked) if is_of_accounts(table) else [(0, None)]
                parts = [_copied(table, there, given, number, name, hidden) for number, hidden in copies]
                connection.execute(f"copy ({' union all '.join(parts)}) to '{place}/part.parquet' (format parquet)")


def is_of_accounts(table: Table) -> bool:
    """Whether a table's rows are about accounts, so that each copy has its own."""
    return any(column.name == "account_id" for column in table.columns)


def _copied(table: Table, there: set[str], given: str, number: int, name: str, hidden: tuple[str, str] | None) -> str:
    taken = [
        f"cast(null as {column.type}) as {column.name}"
        if hidden == (name, column.name)
        else f"{_own(column, table, number)} as {column.name}"
        for column in table.columns
        if column.name in there
    ]
    return f"select {', '.join(taken)} from {given}"


def _own(column: Column, table: Table, number: int) -> str:
    """Return the copy's own value of a column where it names something, else the value."""
    if column.type == "VARCHAR" and (column.id_kind or column.name in (table.key, *_OWN)) and is_of_accounts(table):
        return f"{column.name} || '{MARK}{number}'"
    if column.type == "BIGINT" and column.id_kind:
        return f"case when {column.name} is not null then cast(hash({column.name}, {number}) >> 1 as bigint) end"
    return column.name
