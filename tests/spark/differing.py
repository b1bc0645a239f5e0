"""How the rows that Spark made of a model differ from DuckDB's, in words. Belongs here: SQL for DuckDB over two relations."""

from collections.abc import Set

import duckdb

_REASONS = (
    '[{"signal_id": "VARCHAR", "value": "DOUBLE", "baseline": "DOUBLE", "contribution": "DOUBLE", '
    '"resale_contribution": "DOUBLE", "text": "VARCHAR"}]'
)
_WIDER = {("HUGEINT", "BIGINT"), ("UBIGINT", "BIGINT"), ("TIMESTAMP", "TIMESTAMP WITH TIME ZONE")}
"""Types that DuckDB has and Spark holds in another of its own."""


def differences(connection: duckdb.DuckDBPyConnection, ours: str, theirs: str, loose: Set[str]) -> tuple[str, ...]:
    """Return in words how two selects differ: columns, types, rows, values; doubles may differ by a millionth of themselves.

    Of the columns `loose` only the number of values is compared, of `reasons` what the JSON says.
    """
    columns, found = (dict(row[:2] for row in connection.execute(f"describe {each}").fetchall()) for each in (ours, theirs))
    if list(columns) != list(found):
        return (f"columns {[*(set(columns) ^ set(found))] or 'in another order'}",)
    told = [f"{name} is {found[name]}, not {kind}" for name, kind in columns.items() if not _alike(kind, found[name])]
    doubles = [name for name, kind in columns.items() if kind == "DOUBLE"]
    exact = [name for name in columns if name not in doubles and name not in loose]
    _place(connection, (ours, theirs), [*exact, *doubles], "reasons" in columns)
    counts = [counted(connection, f"select * from side_{number}") for number in range(2)]
    if counts[0] != counts[1]:
        told.append(f"{counts[1]} rows, not {counts[0]}")
    for name in sorted(loose):
        values = [counted(connection, f"select distinct {name} from side_{number}") for number in range(2)]
        if values[0] != values[1]:
            told.append(f"{name} has {values[1]} values, not {values[0]}")
    for name in exact:
        told += _unequal(connection, name, f"one.{name} is distinct from other.{name}")
    for name in doubles:
        apart = f"abs(one.{name} - other.{name}) > 1e-6 * greatest(1, abs(one.{name}))"
        told += _unequal(connection, name, f"(one.{name} is null) <> (other.{name} is null) or {apart}")
    return tuple(told)


def counted(connection: duckdb.DuckDBPyConnection, select: str) -> int:
    """Return how many rows a select has."""
    return connection.execute(f"select count(*) from ({select})").fetchall()[0][0]


def _alike(ours: str, theirs: str) -> bool:
    if ours.startswith("DECIMAL") and theirs.startswith("DECIMAL"):
        # sums of decimals have as many digits as an engine likes, but the same ones after the point
        return ours.split(",")[1] == theirs.split(",")[1]
    return ours == theirs or (ours, theirs) in _WIDER


def _place(connection: duckdb.DuckDBPyConnection, selects: tuple[str, str], order: list[str], has_reasons: bool) -> None:
    """Number the rows of both selects in one order, as `side_0` and `side_1`."""
    read = f"* replace (cast(from_json(reasons, '{_REASONS}') as varchar) as reasons)" if has_reasons else "*"
    for number, select in enumerate(selects):
        connection.execute(
            f"create or replace temp table side_{number} as "
            f"select row_number() over (order by {', '.join(order) or '1'}) as place, * from (select {read} from ({select}))"
        ).fetchall()


def _unequal(connection: duckdb.DuckDBPyConnection, name: str, condition: str) -> list[str]:
    count, ours, theirs = connection.execute(
        f"select count(*), cast(min(one.{name}) as varchar), cast(min(other.{name}) as varchar) "
        f"from side_0 as one inner join side_1 as other using (place) where {condition}"
    ).fetchall()[0]
    return [f"{name}: {count} differ, as {theirs!r} for {ours!r}"] if count else []
