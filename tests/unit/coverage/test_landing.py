import json
from datetime import date
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.cli import cli
from orchestration.coverage.landing import landing_fill, look_ahead
from orchestration.evaluation.copies import copy_worlds
from orchestration.evaluation.masking import mask
from orchestration.landing.files import LandingError

DAY = date(2026, 1, 1)


def deliver(landing: Path, table: str, rows: str, day: date = DAY) -> None:
    folder = landing / table / f"arrived_on={day}"
    folder.mkdir(parents=True, exist_ok=True)
    duckdb.sql(f"copy ({rows}) to '{folder}/part-{len(list(folder.iterdir()))}.parquet'")


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    folder = tmp_path / "landing"
    deliver(folder, "usage_requests", "select 'r1' as request_id, 'a' as account_id, 1::bigint as ip_hash, null::bigint as asn")
    deliver(
        folder, "usage_requests", "select 'r2' as request_id, 'a' as account_id, null::bigint as ip_hash, null::bigint as asn"
    )
    deliver(folder, "accounts", "select 'a' as account_id, 'free' as tier, 5::bigint as email_hash")
    return folder


def test_a_column_is_as_full_as_its_files_say(landing: Path) -> None:
    usage = next(table for table in landing_fill(landing) if table.table == "usage_requests")
    assert (usage.rows, usage.days, usage.first_day) == (2, 1, DAY)
    assert {name: usage.filled[name] for name in ("request_id", "ip_hash", "asn", "country")} == {
        "request_id": 1.0,
        "ip_hash": 0.5,
        "asn": 0.0,
        "country": 0.0,
    }


def test_what_is_empty_is_missed(landing: Path) -> None:
    found = look_ahead(landing)
    assert "usage_requests.asn" in found.missed or "usage_requests.country" in found.missed
    assert "usage_requests.ip_hash" not in found.missed
    assert "billing_charges" in found.missed


def test_the_doctor_says_it_in_words(landing: Path) -> None:
    told = CliRunner().invoke(cli, ["doctor", "--landing", str(landing)], catch_exceptions=False)
    assert told.exit_code == 0
    assert "usage_requests: 2 rows, 2026-01-01 to 2026-01-01, 1 days." in told.output
    assert "filled in part: ip_hash 50%" in told.output
    assert "Not computable:" in told.output
    assert all(len(line) <= 100 for line in told.output.splitlines() if "_" not in line)


def test_the_doctor_says_it_as_json(landing: Path) -> None:
    told = CliRunner().invoke(cli, ["doctor", "--landing", str(landing), "--json"], catch_exceptions=False)
    assert {table["table"] for table in json.loads(told.output)["tables"]} == {"usage_requests", "accounts"}


def test_a_folder_without_accounts_is_a_fault(tmp_path: Path) -> None:
    deliver(tmp_path / "landing", "usage_requests", "select 'r1' as request_id")
    told = CliRunner().invoke(cli, ["doctor", "--landing", str(tmp_path / "landing")])
    assert told.exit_code == 1
    assert "accounts is missing, and no night runs without it." in told.output


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match="does not exist"):
        look_ahead(tmp_path / "nowhere")


def test_a_mask_leaves_out_a_column_or_a_table_and_nothing_else(landing: Path, tmp_path: Path) -> None:
    mask(landing, "usage_requests", "ip_hash", tmp_path / "masked")
    assert "ip_hash" not in duckdb.sql(f"from read_parquet('{tmp_path}/masked/usage_requests/*/*.parquet')").columns
    assert duckdb.sql(f"from read_parquet('{tmp_path}/masked/accounts/*/*.parquet')").fetchall() == [("a", "free", 5, DAY)]
    mask(landing, "accounts", "", tmp_path / "masked")
    assert not (tmp_path / "masked" / "accounts").exists()


def test_copies_share_no_id_and_lack_their_column(landing: Path, tmp_path: Path) -> None:
    copy_worlds(landing, [None, ("usage_requests", "ip_hash")], tmp_path / "copies")
    files = f"read_parquet('{tmp_path}/copies/usage_requests/*/*.parquet', hive_partitioning = false)"
    rows = duckdb.sql(f"select request_id, account_id, ip_hash is not null from {files} order by all").fetchall()
    assert rows == [("r1~0", "a~0", True), ("r1~1", "a~1", False), ("r2~0", "a~0", False), ("r2~1", "a~1", False)]
    accounts = f"read_parquet('{tmp_path}/copies/accounts/*/*.parquet', hive_partitioning = false)"
    assert duckdb.sql(f"select count(distinct email_hash), count(distinct tier) from {accounts}").fetchall() == [(2, 2)]
