"""A backtest on a real home: the champion comes out as published, a challenger changes what it should, nothing else moves."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from .conftest import LAST, SHARES_NIGHTS, START, Nights, run_json, stillwatch

pytestmark = SHARES_NIGHTS


@pytest.fixture(scope="module")
def home(three_nights: Nights) -> Path:
    """A home with three published nights."""
    return three_nights.home.root


def backtest(home: Path, challenger: Path) -> dict[str, object]:
    return run_json(["backtest", "--home", str(home), "--challenger", str(challenger), "--from", str(START), "--to", str(LAST)])


def test_a_higher_prior_gains_leads_and_the_home_stays_as_it_is(home: Path, tmp_path: Path) -> None:
    (tmp_path / "score_priors.csv").write_text("subject_type,prior_log_odds\naccount,-1.5\nactor,0.5\n", encoding="utf-8")
    before = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(home.rglob("*")) if _is_kept(path)}
    found = backtest(home, tmp_path)
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        rows = connection.execute("select count(*) from main.scores").fetchall()[0][0]
    assert found["reproduced"]["score_rows"] == rows > 0  # type: ignore[index]
    leads = found["leads"]
    assert isinstance(leads, dict)
    assert leads["challenger"] > leads["champion"]
    assert len(leads["gained"]) == leads["challenger"] - leads["champion"]
    assert found["challenger_version"] == f"{found['champion_version']}-challenger"
    assert {change["column"] for change in found["changes"]} == {"prior_log_odds"}  # type: ignore[attr-defined]
    assert found == backtest(home, tmp_path)
    assert {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in before} == before
    assert not list(home.glob(".backtest-*"))


def test_a_calibration_can_be_tried_before_it_is_adopted(home: Path, tmp_path: Path) -> None:
    header = (Path(__file__).parents[2] / "seeds/signals/score_calibration.csv").read_text(encoding="utf-8")
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        ((version,),) = connection.execute("select distinct ruleset_version::varchar from main.score_priors").fetchall()
    row = f"actor,{version},distillation,4.0,0.9,0.3,0.1,0.2,50,70,r,2026-04-11,try\n"
    (tmp_path / "score_calibration.csv").write_text(header + row, encoding="utf-8")
    stability = backtest(home, tmp_path)["stability"]
    assert isinstance(stability, list)
    moved = {entry["subject_type"]: entry["champion_to_challenger"] for entry in stability}
    assert moved["account"] == 0
    assert moved["actor"] > 0.2


def test_what_cannot_be_backtested_is_one_line_and_exit_code_2(home: Path, tmp_path: Path) -> None:
    (tmp_path / "signal_families.csv").write_text("family,cap\nno_family,1\n", encoding="utf-8")
    common = ["backtest", "--home", str(home), "--challenger", str(tmp_path), "--from", str(START), "--to"]
    unknown = stillwatch(*common, str(LAST), expect=2)
    assert "unknown family 'no_family'" in unknown.stderr.splitlines()[-1]
    beyond = stillwatch(*common, str(LAST + timedelta(days=9)), expect=2)
    assert f"the finished nights of {home} are {START} to {LAST}" in beyond.stderr


def test_without_verdicts_nothing_is_recommended(home: Path, tmp_path: Path) -> None:
    shown = json.loads(stillwatch("calibrate", "--home", str(home), "--json").stdout)
    assert {each["refusal"] for each in shown["calibrations"]} == {
        "needs 30 more violations (0 of 30) and 30 more others (0 of 30)"
    }
    refused = stillwatch("calibrate", "--home", str(home), "--write", str(tmp_path / "out"), expect=2)
    assert "nothing was written" in refused.stderr


def _is_kept(path: Path) -> bool:
    return path.is_file() and (path.name == "warehouse.duckdb" or "published" in path.parts)
