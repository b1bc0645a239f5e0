"""What changed in a table from one release to another, as SQL.

Belongs here: the select and the id of a change. Both releases are attached, as `now` and, unless it is the first, `before`.
"""

from collections.abc import Collection

from orchestration.exporting.tables import VERSION, ExportedTable, columns_of


def rows_select(table: ExportedTable) -> str:
    """Return the select of a table's rows in the release, in the order of their key."""
    names = ", ".join(column.name for column in columns_of(table))
    return f"select {names} from now.{table.name} order by {', '.join(table.key)}"


def changes_select(table: ExportedTable, release_id: str, since: str | None, held_before: Collection[str]) -> str:
    """Return the select of a table's changes, in the order of their key; without a release before all rows are inserts.

    `held_before` names the columns that the release before had: one that is new counts as NULL there. A change is known by the
    two releases and its key, so that the same step exported twice has the same ids.
    """
    names = [column.name for column in columns_of(table)]
    keys = ", ".join(table.key)
    marks = ", '|', ".join(f"cast({key} as varchar)" for key in table.key)
    change_id = f"sha256(concat('v{VERSION}|{table.name}|{since or ''}|{release_id}|', {marks}))"
    if since is None:
        return f"select {change_id} as change_id, 'insert' as operation, {', '.join(names)} from now.{table.name} order by {keys}"
    told = [name for name in names if name not in (*table.key, *table.passing)]
    # a key is never NULL, so its absence on one side says that the row is
    absent = table.key[0]
    pairs = " or ".join(f"n.{name} is distinct from b.{name}" for name in told)
    kept = ", ".join(
        name if name in table.key else f"case when n.{absent} is null then b.{name} else n.{name} end as {name}" for name in names
    )
    before = ", ".join(name if name in held_before else f"null as {name}" for name in names)
    return (
        f"select {change_id} as change_id, "
        f"case when b.{absent} is null then 'insert' when n.{absent} is null then 'delete' else 'update' end as operation, "
        f"{kept} from now.{table.name} as n full outer join (select {before} from before.{table.name}) as b using ({keys}) "
        f"where b.{absent} is null or n.{absent} is null or {pairs} order by {keys}"
    )
