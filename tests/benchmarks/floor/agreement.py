"""Whether the script made what the night published: row by row, exact but for floats.

Belongs here: which columns are held against each other, and how near two floats are the same.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

KEYS = {
    "account_days": ("account_id", "activity_date", "surface", "partner"),
    "account_features": ("as_of_date", "account_id"),
    "account_links": ("as_of_date", "account_id_a", "account_id_b", "link_kind"),
}
NEAR = 1e-9
"""The most by which two floats differ in parts of the greater, or of one where that is smaller."""


def compared_columns(mart: str, found: Path) -> list[str]:
    """Return the columns that the script makes of a mart, beside its keys."""
    return [name for name, _ in _described(found) if name not in KEYS[mart]]


def differences(mart: str, found: Sequence[Path], published: Path, only_found: bool = False) -> list[str]:
    """Return what differs, a line for each column and for rows on one side only; empty when the marts agree.

    `found` is read so that a later file's row takes an earlier one's place. `only_found` passes over published rows
    that the files do not hold: account_days of one night are a few of those published.
    """
    keys, columns = KEYS[mart], compared_columns(mart, found[-1])
    floats = {name for name, kind in _described(found[-1]) if kind == "DOUBLE"}
    listed = " union all ".join(f"select *, {order} as file_order from '{path}'" for order, path in enumerate(found))
    keyed = ", ".join(keys)
    checks = ", ".join(
        f"count_if(in_both and {_differs(f'made.{name}', f'told.{name}', name in floats)}) as {name}" for name in columns
    )
    # a release shows the nights before as well
    of_made_dates = " where as_of_date in (select as_of_date from made)" if "as_of_date" in keys else ""
    query = f"""
        with
        made as (
            select *, true as is_made from ({listed})
            qualify row_number() over (partition by {keyed} order by file_order desc) = 1
        ),
        told as (select *, true as is_told from read_parquet('{published}/*.parquet'){of_made_dates}),
        joined as (select made, told, made.is_made and told.is_told as in_both
                   from made full join told using ({keyed}))
        select
            count(*) as row_count,
            count_if(told is null or told.is_told is null) as only_made,
            count_if(made is null or made.is_made is null) as only_told,
            {checks}
        from joined
    """
    with duckdb.connect() as connection:
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description or []]
        counts = dict(zip(names, cursor.fetchall()[0], strict=True))
    row_count = counts.pop("row_count")
    if only_found:
        counts.pop("only_told")
    if not row_count:
        return [f"{mart}: no rows at all"]
    return [f"{mart}.{name}: {count} of {row_count} rows" for name, count in counts.items() if count]


def _described(file: Path) -> list[tuple[str, str]]:
    with duckdb.connect() as connection:
        return [(row[0], row[1]) for row in connection.execute(f"describe from '{file}'").fetchall()]


def _differs(one: str, other: str, is_float: bool) -> str:
    if is_float:
        near = f"abs({one} - {other}) <= {NEAR} * greatest(1, abs({one}), abs({other}))"
        return f"({one} is null) <> ({other} is null) or not coalesce({near}, true)"
    return f"{one} is distinct from {other}"
