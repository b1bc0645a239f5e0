"""The landing views give the contract's columns whatever the files hold."""

from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from orchestration.contract import landing_contract
from orchestration.landing.files import LandedFile, RunPlan
from orchestration.landing.views import create_landing_views

DAY = date(2026, 3, 1)


def _view(tmp_path: Path, frame: pl.DataFrame | None) -> list[tuple[object, ...]]:
    relative = f"api_keys/arrived_on={DAY}/part-0.parquet"
    files: tuple[LandedFile, ...] = ()
    if frame is not None:
        path = tmp_path / relative
        path.parent.mkdir(parents=True)
        frame.write_parquet(path)
        files = (LandedFile(table="api_keys", relative_path=relative, partition_on=DAY, arrived_on=DAY),)
    plan = RunPlan(landing=tmp_path, as_of_from=DAY, as_of_to=DAY, arrived_from=DAY, files=files)
    with duckdb.connect() as connection:
        create_landing_views(connection, plan)
        names = [row[0] for row in connection.execute("describe landing.api_keys").fetchall()]
        wanted = [column.name for column in landing_contract().tables["api_keys"].columns]
        assert names == [*wanted, "arrived_on", "source_file", "source_row"]
        return connection.execute("select * from landing.api_keys").fetchall()


def test_absent_optional_column_reads_as_null(tmp_path: Path) -> None:
    rows = _view(tmp_path, pl.DataFrame({"api_key_id": ["k"], "account_id": ["a"]}))
    assert rows == [("k", "a", None, None, None, None, DAY, f"api_keys/arrived_on={DAY}/part-0.parquet", 0)]


def test_absent_table_reads_as_no_rows(tmp_path: Path) -> None:
    assert _view(tmp_path, None) == []


def test_zero_rows_in_a_file_is_a_fact(tmp_path: Path) -> None:
    assert _view(tmp_path, pl.DataFrame(schema={"api_key_id": pl.String, "account_id": pl.String})) == []
