"""Retention: old usage goes, what a case rests on stays, and nothing half-dropped is left."""

from datetime import date

import duckdb
import pytest

from orchestration.privacy.classes import USAGE_RETENTION_DAYS, data_classes
from orchestration.privacy.retention import drop_expired

AS_OF = date(2026, 12, 1)
RELATIONS = ["main.requests", "main.networks"]


@pytest.fixture
def warehouse() -> duckdb.DuckDBPyConnection:
    """Accounts 1 to 4 with usage of two days each, 2 acted on and 3 compared with."""
    connection = duckdb.connect()
    connection.execute(
        "create table int_accounts__assign_keys as select i as account_key, 'a' || i as account_id from range(1, 5) r(i)"
    )
    connection.execute("create table actions as select 'a2' as account_id")
    connection.execute("create table int_measurement__unit_members as select 'a3' as account_id")
    for table in ("requests", "networks"):
        connection.execute(
            f"create table {table} as select account_key, day as activity_date from int_accounts__assign_keys, "
            f"(values (date '{AS_OF}' - {USAGE_RETENTION_DAYS}), (date '{AS_OF}' - {USAGE_RETENTION_DAYS + 1})) as days(day)"
        )
    return connection


def _left(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, int]]:
    return connection.execute("select account_key, count(*) from requests group by all order by all").fetchall()


def test_usage_past_its_days_goes_but_for_accounts_that_a_case_rests_on(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert drop_expired(warehouse, RELATIONS, AS_OF) == dict.fromkeys(RELATIONS, 2)
    assert _left(warehouse) == [(1, 1), (2, 2), (3, 2), (4, 1)]
    assert drop_expired(warehouse, RELATIONS, AS_OF) == dict.fromkeys(RELATIONS, 0)


def test_a_dry_run_only_counts(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert drop_expired(warehouse, RELATIONS, AS_OF, dry_run=True) == dict.fromkeys(RELATIONS, 2)
    assert _left(warehouse) == [(key, 2) for key in (1, 2, 3, 4)]


def test_a_fault_leaves_everything_as_it_was(warehouse: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.CatalogException):
        drop_expired(warehouse, ["main.requests", "main.missing"], AS_OF)
    assert _left(warehouse) == [(key, 2) for key in (1, 2, 3, 4)]


def test_the_class_states_the_days_that_the_job_keeps() -> None:
    assert data_classes()["re_identifiable"].retention == f"{USAGE_RETENTION_DAYS} days"
