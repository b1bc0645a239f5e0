"""The analyst's habits on a real release: the notebook and the library of analyses."""

import importlib.util
import re
from typing import Any

import duckdb
import pytest

from orchestration.publishing.analyses import FOLDER, analysis_sql, list_analyses
from orchestration.publishing.reading import query_release
from orchestration.settings import PROJECT_ROOT

from .conftest import SHARES_NIGHTS, Nights

pytestmark = SHARES_NIGHTS


def test_the_notebook_holds_the_queue_and_the_first_leads_reasons(three_nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLWATCH_HOME", str(three_nights.home.root))
    spec = importlib.util.spec_from_file_location("tonight", PROJECT_ROOT / "notebooks" / "tonight.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    _, held = module.app.run()
    _, [(count, first)] = query_release(
        three_nights.home.current, "select count(*), arg_min(subject_id, priority) from review_queue"
    )
    assert held["leads"].height == count
    assert held["subject_id"] == first
    _, [(log_odds,)] = query_release(three_nights.home.current, f"select log_odds from scores where subject_id = '{first}'")
    assert sum(reason["contribution"] for reason in held["told"]) == pytest.approx(float(log_odds), abs=1e-9)
    assert held["by_night"].height >= 1


@pytest.mark.parametrize("name", [analysis.name for analysis in list_analyses()])
def test_an_analysis_says_the_same_of_a_release_and_of_the_warehouse_it_came_from(three_nights: Nights, name: str) -> None:
    # as dbt compiles it: every mart, and all of its nights, is the warehouse's table
    compiled = re.sub(r"\{\{ (?:ref|history)\('(\w+)'\) \}\}", r"\1", (FOLDER / f"{name}.sql").read_text(encoding="utf-8"))
    columns, of_release = query_release(three_nights.home.current, analysis_sql(name))
    with duckdb.connect(str(three_nights.home.warehouse), read_only=True) as warehouse:
        found = warehouse.execute(compiled)
        assert [column[0] for column in found.description or ()] == columns
        of_warehouse: list[tuple[Any, ...]] = found.fetchall()
    assert of_release == of_warehouse
