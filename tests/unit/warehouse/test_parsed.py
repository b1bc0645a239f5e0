"""What is kept of the parsed dbt project is taken up as it was, and only while the files it was parsed from stand."""

from importlib.metadata import version
from pathlib import Path

import pytest

from orchestration.settings import PROJECT_ROOT, Home
from orchestration.warehouse import parsed, transform

HOME = Home(root=PROJECT_ROOT / "var" / "conventions")
CHOOSER = Path(transform.__file__)


def test_a_night_takes_up_the_project_that_was_parsed(tmp_path: Path) -> None:
    """With every node, the code of each, and the graph that macros look at."""
    project = transform.project_of_a_night(HOME)
    parsed.keep(project, tmp_path, "new")
    found = parsed.take_up(tmp_path, "new")
    assert found is not None
    assert set(found.nodes) == set(project.nodes)
    assert transform.code_hash(found) == transform.code_hash(project) == transform.code_hash(transform.parse_project(HOME))
    assert transform.published_tables(found) == transform.published_tables(transform.parse_project(HOME))
    assert set(found.flat_graph["nodes"]) == set(project.nodes)


def test_what_was_kept_before_is_replaced(tmp_path: Path) -> None:
    project = transform.project_of_a_night(HOME)
    parsed.keep(project, tmp_path, "old")
    parsed.keep(project, tmp_path, "new")
    assert parsed.take_up(tmp_path, "old") is None
    assert len(list(tmp_path.iterdir())) == 1


def test_a_changed_file_changes_the_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As does another dbt, or another target."""
    before = parsed.digest_of_project("duckdb", CHOOSER)
    assert parsed.digest_of_project("duckdb", CHOOSER) == before
    (tmp_path / "chooser.py").write_text("changed")
    assert parsed.digest_of_project("duckdb", tmp_path / "chooser.py") != before
    on_spark = parsed.digest_of_project("spark", CHOOSER)
    assert on_spark != before
    monkeypatch.setattr(parsed, "version", lambda package: "another" if package == "dbt-spark" else version(package))
    assert parsed.digest_of_project("duckdb", CHOOSER) == before
    assert parsed.digest_of_project("spark", CHOOSER) != on_spark


def test_grains_are_left_to_the_mart_gate_only_where_it_proves_the_same() -> None:
    """A mart by as-of date is judged on the last date alone, and signal_performance by one column more."""
    tests = [node for node in transform.project_of_a_night(HOME).nodes.values() if node.resource_type == "test"]
    tested = {node.name.removeprefix("grain_") for node in tests if node.name.startswith("grain_")}
    assert any(name.startswith("scores_") for name in tested)
    assert any(name.startswith("signal_performance_") for name in tested)
    assert not any(name.startswith(("accounts_account_id", "case_events_")) for name in tested)


def test_dbts_log_holds_what_it_says_and_no_debug_events(tmp_path: Path) -> None:
    home = Home(root=tmp_path)
    transform.run_dbt(
        home, ["list", "--select", "accounts", "--resource-type", "model"], None, project=transform.project_of_a_night(HOME)
    )
    log = (home.logs / "dbt.log").read_text(encoding="utf-8")
    assert "[info ] Running with dbt=" in log
    assert "[debug]" not in log
