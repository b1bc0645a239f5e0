"""What the working warehouse keeps no longer than its class allows.

Belongs here: which relations hold usage with a re-identifiable column, and dropping what is too old from them. Releases are not
touched. Rows of accounts that a case rests on are kept: leakage, networks and comparisons of old cases are measured from them.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import duckdb

from orchestration.privacy.classes import USAGE_RETENTION_DAYS, data_classes

_CASE_ACCOUNTS = ("main.actions", "main.int_measurement__unit_members")


def usage_relations(manifest: Any) -> list[str]:
    """Return the relations (schema.name) of dbt's manifest that expire, in text order.

    They are appended night by night, unpublished, keyed by account and activity day, and have a column of a class whose
    retention is counted in days.
    """
    expiring = {name for name, found in data_classes().items() if found.retention != "release"}
    return sorted(
        f"{node.schema}.{node.name}"
        for node in manifest.nodes.values()
        if node.resource_type == "model"
        and node.config.materialized == "incremental"
        and "published" not in node.config.meta
        and {"account_key", "activity_date"} <= set(node.columns)
        and any(column.config.meta.get("class") in expiring for column in node.columns.values())
    )


def expired_rows(as_of: date, days: int = USAGE_RETENTION_DAYS) -> str:
    """Return the condition of what expired by a day, in SQL that every engine of the models reads."""
    kept = " union all ".join(f"select account_id from {relation}" for relation in _CASE_ACCOUNTS)
    return (
        f"activity_date < date '{as_of - timedelta(days=days)}' and account_key not in (select account_keys.account_key "
        f"from main.int_accounts__assign_keys as account_keys where account_keys.account_id in ({kept}))"
    )


def drop_expired(
    connection: duckdb.DuckDBPyConnection,
    relations: Sequence[str],
    as_of: date,
    days: int = USAGE_RETENTION_DAYS,
    *,
    dry_run: bool = False,
) -> dict[str, int]:
    """Delete usage of more than `days` days before `as_of`, in one transaction; return the rows by relation.

    With `dry_run` nothing is deleted.
    """
    expired = expired_rows(as_of, days)
    dropped: dict[str, int] = {}
    connection.execute("begin")
    try:
        for relation in relations:
            counted = connection.execute(f"select count(*) from {relation} where {expired}").fetchall()
            dropped[relation] = int(counted[0][0])
            if not dry_run:
                connection.execute(f"delete from {relation} where {expired}")
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    return dropped
