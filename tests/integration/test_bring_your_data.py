"""docs/bring-your-data.md, followed word for word: LiteLLM on a real server, Stripe's objects in a folder, a first queue."""

import json
import os
import re
import sys
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.coverage.landing import look_ahead
from orchestration.settings import PROJECT_ROOT
from simulator import SimulatorSettings, simulate
from tests.pages import commands_of, run
from tests.postgres import Postgres
from tests.unit.adapters.litellm.installation import Installation

from .told_world import copy_statement, tell

PAGE = "docs/bring-your-data.md"
FIRST, DAYS, ACCOUNTS, REQUESTS = date(2026, 3, 1), 29, 600, 4000
"""Four weeks of history and the night that the page goes on to."""


@pytest.mark.slow
def test_the_page_leads_from_litellm_and_stripe_to_a_first_queue(tmp_path: Path, database: Postgres) -> None:
    home = tmp_path / "user"
    litellm = Installation(psql=database.psql, socket=database.socket, name=database.name)
    litellm.make_tables()
    world = SimulatorSettings(
        out=tmp_path / "landing", truth=tmp_path / "truth", start=FIRST, days=DAYS, accounts=ACCOUNTS, requests=REQUESTS, seed=3
    )
    simulate(world, lambda _: None)
    files = tell(tmp_path / "landing", tmp_path / "litellm", home / "exports", FIRST + timedelta(days=DAYS - 2))
    litellm.run("".join(copy_statement(table, file) for table, file in files.items()))

    session = run(
        commands_of(PAGE),
        PROJECT_ROOT,
        {
            "HOME": str(home),
            "PATH": f"{litellm.psql.parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHON": sys.executable,
            "LITELLM_ADMIN": litellm.address(),
            "LITELLM_DATABASE": litellm.address("stillwatch"),
        },
    )
    printed = list(session.printed.values())
    assert "templates" in printed[3]
    assert "usage_requests" in printed[4]
    assert re.search(r"litellm: [\d,]+ totals of its usage report that are new", printed[4])
    computable = re.search(r"Of \d+ signals (\d+) computable", printed[5])
    assert computable
    assert int(computable[1]) > 30
    assert "1. actor_" in printed[6]

    # what was simulated is what a release holds, found under the key's ids
    current = home / "stillwatch" / "published" / "current"
    manifest = json.loads((current / "manifest.json").read_text())
    assert manifest["as_of_date"] == "2026-03-29"
    assert manifest["quarantined"] == {}
    landed = f"read_parquet('{home}/stillwatch/landing/usage_requests/*/*.parquet', union_by_name = true)"
    with duckdb.connect(str(current / "marts.duckdb"), read_only=True) as marts:
        counts = "count(distinct request_id), sum(input_tokens)"
        of_landing = marts.execute(f"select {counts} from {landed} where requested_at >= date '2026-03-02'").fetchall()
        assert marts.execute("select sum(request_count), sum(input_tokens) from account_days").fetchall() == of_landing
        unknown = "select count(*) from account_days where account_id not in (select account_id from accounts)"
        assert marts.execute(unknown).fetchall() == [(0,)]
        of_the_night = "from signal_coverage where as_of_date = date '2026-03-29'"
        coverage = dict(marts.execute(f"select signal_id, computable_count {of_the_night}").fetchall())
    # the night and those before it that are still open agree with what LiteLLM counted itself
    [gate] = [gate for gate in manifest["gates"] if gate["gate"] == "marts"]
    reconciled = [finding for finding in gate["findings"] if finding["table"] == "usage_reports"]
    assert [(finding["expectation"], finding["success"]) for finding in reconciled] == [
        (f"the litellm report of 2026-03-{day} and the warehouse agree", True) for day in (26, 27, 28, 29)
    ]
    # what was said of each signal before the first night is what became of it
    outlook = {signal.signal_id: signal.computability for signal in look_ahead(home / "stillwatch" / "landing").signals}
    assert outlook.keys() == coverage.keys()
    assert {signal: coverage[signal] > 0 for signal in outlook} == {
        signal: computability != "not computable" for signal, computability in outlook.items()
    }
    # nothing of what the systems hold in words or addresses came along
    for file in (path for folder in ("landing", "published", "logs") for path in (home / "stillwatch" / folder).rglob("*")):
        if file.is_file():
            assert b"CANARY" not in file.read_bytes(), file
    assert "CANARY" not in "".join(printed) + session.errors
