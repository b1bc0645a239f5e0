"""Charges landed from Stripe go through nights, and the newest state of a charge is what a night knows."""

import json
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.night.running import run_nights
from orchestration.settings import Home
from tests.unit.adapters.stripe_exports import DAY, NOON, Export, charge, customer


@pytest.mark.slow
def test_a_charge_that_is_disputed_and_failed_later_counts_from_its_day_on(tmp_path: Path) -> None:
    export = Export(tmp_path)
    own = tmp_path / "own"
    own.mkdir()
    usage = [
        {
            "request_id": f"r{n}", "requested_at": f"2026-01-{10 + n % 2}T{n % 24:02}:00:00Z", "account_id": f"acct_{n % 5}",
            "surface": "api", "operation_name": "chat", "request_model": "m", "input_tokens": 10, "output_tokens": 5,
            "http_status": 200,
        }
        for n in range(100)
    ]  # fmt: skip
    accounts = [{"account_id": f"acct_{n}", "created_at": "2025-01-01", "tier": "paid", "status": "active"} for n in range(5)]
    for name, rows in (("usage_requests", usage), ("accounts", accounts)):
        (own / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    export.more = {"own_tables": {"folder": "own"}}
    owners = [customer("cus_1", "acct_1"), customer("cus_2", "acct_2")]
    paid = charge("ch_2", customer="cus_2", created=NOON + 5)
    export.write([*owners, charge("ch_1", status="pending"), paid]).land()
    later = DAY + timedelta(days=1)
    export.write([*owners, charge("ch_1", status="failed", failure_code="card_declined"), {**paid, "disputed": True}]).land(later)
    home = Home(root=tmp_path / "home")
    known = []
    for day in (DAY, later):
        published = run_nights(home, export.landing, day, day)
        with duckdb.connect(str(published.folder / "marts.duckdb"), read_only=True) as marts:
            sums = "sum(charge_count), sum(failed_charge_count), sum(disputed_charge_count)"
            known += marts.execute(f"select {sums} from account_features where as_of_date = ?", [day]).fetchall()
    assert known == [(2, 0, 0), (2, 1, 1)]
