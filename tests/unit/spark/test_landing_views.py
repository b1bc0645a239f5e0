"""The text of the landing views on Spark; what Spark makes of it is tried in tests/spark."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl

from orchestration.contract import landing_contract
from orchestration.landing.files import LandedFile
from orchestration.spark.landing_views import landing_view_sql

DAY = date(2026, 3, 1)
TABLE = landing_contract().tables["api_keys"]


def _landed(landing: Path, name: str, frame: pl.DataFrame) -> LandedFile:
    path = landing / "api_keys" / f"arrived_on={DAY}" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(path)
    return LandedFile(table="api_keys", relative_path=str(path.relative_to(landing)), partition_on=DAY, arrived_on=DAY)


def test_an_absent_table_is_a_select_of_nothing() -> None:
    sql = landing_view_sql(TABLE, Path("/landing"), [])
    assert sql.startswith("select cast(null as string) as api_key_id") and sql.endswith("where false")


def test_files_of_one_schema_are_read_together_and_a_whole_folder_by_its_name(tmp_path: Path) -> None:
    """A statement that lists thousands of files is planned for as long as they are read."""
    frame = pl.DataFrame({"api_key_id": ["k"], "account_id": ["a"]})
    files = [_landed(tmp_path, f"part-{number}.parquet", frame) for number in range(3)]
    assert landing_view_sql(TABLE, tmp_path, files).count("parquet.`") == 1
    assert landing_view_sql(TABLE, tmp_path, files).endswith(f"from parquet.`{tmp_path}/api_keys/arrived_on={DAY}`")
    assert "part-2" not in landing_view_sql(TABLE, tmp_path, files[:2])


def test_a_fraction_where_the_contract_has_an_integer_is_rounded_as_on_duckdb(tmp_path: Path) -> None:
    table = landing_contract().tables["usage_requests"]
    path = tmp_path / "usage_requests" / f"arrived_on={DAY}" / "a.parquet"
    path.parent.mkdir(parents=True)
    pl.DataFrame({"request_id": ["r"], "input_tokens": [2.5], "output_tokens": [3], "request_top_p": [0.5]}).write_parquet(path)
    file = LandedFile(table="usage_requests", relative_path=str(path.relative_to(tmp_path)), partition_on=DAY, arrived_on=DAY)
    sql = landing_view_sql(table, tmp_path, [file])
    assert "rint(input_tokens) as input_tokens" in sql
    assert " output_tokens," in sql and "rint(output_tokens)" not in sql and "rint(request_top_p)" not in sql


def test_files_that_count_for_another_day_stand_apart(tmp_path: Path) -> None:
    """A late file lies in the partition of its own day; others say their day by where they lie."""
    frame = pl.DataFrame({"api_key_id": ["k"], "account_id": ["a"]})
    usual, late = (_landed(tmp_path, name, frame) for name in ("a.parquet", "b.parquet"))
    late = late.model_copy(update={"arrived_on": DAY + timedelta(days=1)})
    sql = landing_view_sql(TABLE, tmp_path, [usual, late])
    assert sql.count("union all") == 1
    assert "date '2026-03-02' as arrived_on" in sql and "regexp_extract" in sql


def test_a_column_delivered_in_several_types_stands_in_one(tmp_path: Path) -> None:
    """Spark's union would force one side into the other's type, and fail on the first value that is none."""
    files = [
        _landed(tmp_path, "a.parquet", pl.DataFrame({"api_key_id": ["k"], "created_at": ["not a time"]})),
        _landed(tmp_path, "b.parquet", pl.DataFrame({"api_key_id": ["k"], "created_at": [1]})),
        _landed(tmp_path, "c.parquet", pl.DataFrame({"api_key_id": ["k"]})),
    ]
    sql = landing_view_sql(TABLE, tmp_path, files)
    assert sql.count("union all") == 2
    assert sql.count("cast(created_at as string) as created_at") == 2
    assert sql.count("cast(null as string) as created_at") == 1
