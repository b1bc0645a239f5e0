"""The landing views on a real Spark: the rows that DuckDB's views have, whatever the files and wherever they lie."""

from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from orchestration.landing.files import LandedFile, RunPlan
from orchestration.landing.views import create_landing_views
from orchestration.retention.forgetting import Request, digest_of, leave_out_forgotten
from orchestration.spark import landing_views
from orchestration.spark.settings import SparkSettings
from orchestration.spark.statements import statements
from tests.spark.cluster import Cluster

pytestmark = pytest.mark.spark

DAY = date(2026, 3, 1)
_COLUMNS = "api_key_id, account_id, created_at, arrived_on, source_file, source_row"


def _landed(landing: Path, name: str, arrived_on: date, keys: list[str], **columns: list[object]) -> LandedFile:
    relative = f"api_keys/arrived_on={DAY}/{name}"
    path = landing / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame({"api_key_id": keys, "account_id": [f"of {key}" for key in keys], **columns}).write_parquet(path)
    return LandedFile(table="api_keys", relative_path=relative, partition_on=DAY, arrived_on=arrived_on)


def test_rows_and_where_they_come_from_are_duckdbs(spark_cluster: Cluster, tmp_path: Path) -> None:
    landing = tmp_path / "land in+g {1,2} 50%"
    at: list[object] = [datetime(2026, 3, 1, 10), datetime(2026, 3, 1, 10, 0, 0, 123456)]
    files = (
        _landed(landing, "a b.parquet", DAY, ["k1", "it's"], created_at=at),
        _landed(landing, "without+a+column.parquet", DAY, ["k2"]),
        _landed(landing, "late.parquet", DAY + timedelta(days=1), ["k3", "ключ"], created_at=at),
        _landed(landing, "[all null].parquet", DAY, ["gone", "k4"], created_at=[None, None]),
    )
    plan = RunPlan(landing=landing, as_of_from=DAY, as_of_to=DAY, arrived_from=DAY, files=files)
    forgotten = [Request(account_sha256=digest_of("of gone"), request="request 1", by="operator", at="2026-03-01T00:00:00Z")]  # type: ignore[arg-type]
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        create_landing_views(connection, plan)
        leave_out_forgotten(connection, forgotten)
        expected = connection.execute(f"select {_COLUMNS} from landing.api_keys").fetchall()
    with statements(SparkSettings(port=spark_cluster.port)) as spark:
        landing_views.create_landing_views(spark, plan, forgotten)
        columns = _COLUMNS.replace("created_at", "cast(created_at as string)").replace("arrived_on", "cast(arrived_on as string)")
        found = spark.rows(f"select {columns} from landing.api_keys")
        absent = spark.rows("select count(*) from landing.usage_requests")
    assert sorted(found) == sorted(
        tuple(value if value is None or isinstance(value, int) else str(value) for value in row) for row in expected
    )
    assert len(found) == 6 and absent == [(0,)]
