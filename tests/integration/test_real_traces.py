"""Real requests go through the night, and nobody is accused on the strength of what the traces do not say."""

from pathlib import Path

import duckdb
import pytest

from orchestration.night.running import run_nights
from orchestration.settings import Home

from .real_traces import DAY, land_traces

TRACES = Path(__file__).parents[3] / "shared" / "data" / "traces"


@pytest.mark.real_data
@pytest.mark.skipif(not TRACES.is_dir(), reason=f"needs the real traces at {TRACES}")
def test_real_traces_are_published_and_raise_no_score_selected_lead(tmp_path: Path) -> None:
    landed = land_traces(TRACES, tmp_path / "landing")
    published = run_nights(Home(root=tmp_path / "home"), tmp_path / "landing", DAY, DAY)
    with duckdb.connect(str(published.folder / "marts.duckdb"), read_only=True) as marts:
        assert marts.execute("select sum(request_count) from account_days").fetchall() == [(landed,)]
        assert marts.execute("select count(*) from review_queue where selection in ('score', 'audit_flagged')").fetchall() == [
            (0,)
        ]
        # what the traces do not say is unknown, never 0
        unknown = marts.execute(
            "select count(single_turn_share_28d), count(top_template_share_28d), count(hosting_share_28d) from account_features"
        ).fetchall()
        assert unknown == [(0, 0, 0)]
        uncovered = marts.execute(
            "select count(*) from signal_coverage where computable_count = 0 and not_computable_count = 2"
        ).fetchall()
        assert uncovered[0][0] >= 15
