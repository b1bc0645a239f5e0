"""Spark's tables as the working warehouse sees them: rows of the files that count, in the declared types."""

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.spark.mirror import mirror
from orchestration.spark.statements import SparkError
from tests.unit.spark.cursor import remembering


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    opened = duckdb.connect()
    opened.execute("set TimeZone = 'UTC'")
    return opened


def _file(connection: duckdb.DuckDBPyConnection, path: Path, query: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    quoted = str(path).replace("'", "''")
    connection.execute(f"copy ({query}) to '{quoted}' (format parquet)")
    return path


def test_rows_are_those_of_the_files_that_iceberg_names(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Files of a commit that was replaced still lie beside them; times with a zone lose it, and declared types are kept."""
    old = _file(connection, tmp_path / "as_of_date=2026-03-01" / "old.parquet", "select 1 as n, now() as seen_at")
    new = _file(
        connection,
        tmp_path / "as_of_date=2026-03-01" / "it's new.parquet",
        "select 2 as n, timestamptz '2026-03-01 10:00+00' as seen_at",
    )
    assert old.exists()
    spark, _ = remembering({"main.t.files": [("t", 0, f"file:{new}")]})
    mirror(connection, spark, ["t"], {"t": {"n": "bigint"}})
    assert connection.execute("select n, seen_at, typeof(n) from main.t").fetchall() == [(2, datetime(2026, 3, 1, 10), "BIGINT")]
    assert [row[0] for row in connection.execute("describe main.t").fetchall()] == ["n", "seen_at"]


def test_a_table_without_files_has_its_columns(connection: duckdb.DuckDBPyConnection) -> None:
    columns = [("id", "string", None), ("seen_at", "timestamp", None), ("share", "decimal(18,6)", None)]
    spark, _ = remembering({"describe table main.t": columns})
    mirror(connection, spark, ["t"], {})
    described = [row[:2] for row in connection.execute("describe main.t").fetchall()]
    assert described == [("id", "VARCHAR"), ("seen_at", "TIMESTAMP"), ("share", "DECIMAL(18,6)")]


def test_nothing_to_mirror_asks_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    spark, cursor = remembering()
    mirror(connection, spark, [], {})
    assert cursor.told == []


def test_rows_deleted_beside_the_data_are_refused(connection: duckdb.DuckDBPyConnection) -> None:
    spark, _ = remembering({"main.t.files": [("t", 1, "file:/tables/t/delete.parquet")]})
    with pytest.raises(SparkError, match=r"main\.t deletes rows by files beside its data.*copy-on-write"):
        mirror(connection, spark, ["t"], {})


def test_rows_that_are_in_no_folder_are_refused(connection: duckdb.DuckDBPyConnection) -> None:
    spark, _ = remembering({"main.t.files": [("t", 0, "s3a://bucket/t/a.parquet")]})
    with pytest.raises(SparkError, match=r"s3a://bucket/t/a\.parquet, and only folders can be read: mount"):
        mirror(connection, spark, ["t"], {})
