"""A small installation of LiteLLM goes through landing, both gates and nights to a release."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.night.running import run_nights
from orchestration.publishing.manifest import read_manifest
from orchestration.settings import Home

from .installation import Installation
from .landing import Landing

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 5)


@pytest.mark.slow
def test_what_is_landed_passes_the_gates_and_is_published_whole(empty: Installation, tmp_path: Path) -> None:
    empty.make()
    empty.fill("2026-03-01", 5, 10_000)
    landing = Landing(tmp_path / "provider")
    landing.land_from(empty.address(), date(2026, 3, 4))
    landing.land_from(empty.address(), LAST)
    published = run_nights(Home(root=tmp_path / "home"), landing.folder, FIRST, LAST)
    manifest = read_manifest(published.folder)
    assert manifest.quarantined == {}
    assert all(night.success for night in manifest.gate_nights)
    with duckdb.connect(str(published.folder / "marts.duckdb"), read_only=True) as marts:
        totals = "select cast(sum(request_count) as bigint), cast(sum(input_tokens) as bigint) from account_days"
        assert marts.execute(totals).fetchall() == landing.ask("select count(*), cast(sum(input_tokens) as bigint) from landed")
        # the one team that is blocked
        assert marts.execute("select count(*) from accounts where status = 'suspended'").fetchall() == [(1,)]
        unknown = "select count(*) from account_days where account_id not in (select account_id from accounts)"
        assert marts.execute(unknown).fetchall() == [(0,)]
