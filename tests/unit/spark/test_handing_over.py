"""What Python computed reaches Spark as files: a history by its dates, the rest whole."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.landing.files import RunPlan
from orchestration.spark.handing_over import COMPUTED, LISTS, hand_over
from tests.unit.spark.cursor import remembering

FIRST, SECOND = date(2026, 3, 1), date(2026, 3, 2)


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    opened = duckdb.connect()
    opened.execute("create schema computed; create schema reference")
    opened.execute("create table computed.leads (as_of_date date, lead_id varchar, due_at timestamp)")
    opened.execute("create table reference.domains (domain varchar)")
    return opened


def _plan(day: date) -> RunPlan:
    return RunPlan(landing=Path("landing"), as_of_from=day, as_of_to=day, arrived_from=day, files=())


def _held(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[tuple[object, ...]]:
    return connection.execute(f"select * from read_parquet('{folder}/*.parquet') order by all").fetchall()


def test_a_table_without_rows_has_its_columns(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    spark, cursor = remembering()
    hand_over(connection, spark, tmp_path, _plan(FIRST), COMPUTED)
    assert _held(connection, tmp_path / "computed" / "leads") == []
    view = next(sql for sql in cursor.told if "view computed.leads" in sql)
    assert "select as_of_date, lead_id, cast(due_at as timestamp) as due_at from parquet.`" in view


def test_columns_are_those_of_todays_code(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """The folder outlives a working warehouse that was built again."""
    spark, _ = remembering()
    hand_over(connection, spark, tmp_path, _plan(FIRST), COMPUTED)
    connection.execute("alter table computed.leads add column severity varchar")
    hand_over(connection, spark, tmp_path, _plan(FIRST), COMPUTED)
    described = connection.execute(f"describe select * from '{tmp_path}/computed/leads/columns.parquet'").fetchall()
    assert [row[0] for row in described] == ["as_of_date", "lead_id", "due_at", "severity"]


def test_a_history_keeps_other_dates_and_loses_those_that_were_rewound(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    spark, _ = remembering()
    folder = tmp_path / "computed" / "leads"
    connection.execute(f"insert into computed.leads values ('{FIRST}', 'a', null), ('{SECOND}', 'b', null)")
    hand_over(connection, spark, tmp_path, _plan(SECOND), COMPUTED)
    assert [row[1] for row in _held(connection, folder)] == ["a", "b"]
    before = (folder / f"{FIRST}.parquet").stat().st_mtime_ns
    connection.execute(f"update computed.leads set lead_id = 'c' where as_of_date = '{SECOND}'")
    hand_over(connection, spark, tmp_path, _plan(SECOND), COMPUTED)
    assert [row[1] for row in _held(connection, folder)] == ["a", "c"]
    assert (folder / f"{FIRST}.parquet").stat().st_mtime_ns == before
    connection.execute(f"delete from computed.leads where as_of_date = '{SECOND}'")
    hand_over(connection, spark, tmp_path, _plan(SECOND), COMPUTED)
    assert [row[1] for row in _held(connection, folder)] == ["a"]


def test_a_list_is_written_whole(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    spark, _ = remembering()
    for domains in (["x.example"], ["y.example", "z.example"]):
        connection.execute("delete from reference.domains")
        connection.executemany("insert into reference.domains values (?)", [[domain] for domain in domains])
        hand_over(connection, spark, tmp_path, _plan(FIRST), LISTS)
        assert _held(connection, tmp_path / "reference" / "domains") == [(domain,) for domain in domains]
