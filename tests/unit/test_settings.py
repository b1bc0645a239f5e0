"""What a home takes from the environment."""

from pathlib import Path

import pytest

from orchestration.settings import DEFAULT_MEMORY_LIMIT, PROJECT_ROOT, Home, TargetError


def test_the_memory_limit_is_the_environments_where_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator lowers it without a change of code."""
    monkeypatch.delenv("STILLWATCH_MEMORY_LIMIT", raising=False)
    assert Home(root=Path("home")).memory_limit == DEFAULT_MEMORY_LIMIT
    monkeypatch.setenv("STILLWATCH_MEMORY_LIMIT", "1500MB")
    assert Home(root=Path("home")).memory_limit == "1500MB"


def test_dbt_run_by_hand_keeps_to_the_same_memory() -> None:
    """Its profile cannot ask the code, and the runbook tells operators."""
    profile = (PROJECT_ROOT / "profiles.yml").read_text(encoding="utf-8")
    assert f"env_var('STILLWATCH_MEMORY_LIMIT', '{DEFAULT_MEMORY_LIMIT}')" in profile
    assert f"{DEFAULT_MEMORY_LIMIT} unless set" in (PROJECT_ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")


def test_the_models_run_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """One setting, read once for each home; a word that names no target is refused before anything runs."""
    monkeypatch.delenv("STILLWATCH_TARGET", raising=False)
    assert not Home(root=Path("home")).is_on_spark
    monkeypatch.setenv("STILLWATCH_TARGET", "spark")
    assert Home(root=Path("home")).is_on_spark
    assert not Home(root=Path("home"), target="duckdb").is_on_spark
    monkeypatch.setenv("STILLWATCH_TARGET", "release")
    assert not Home(root=Path("home")).is_on_spark
    monkeypatch.setenv("STILLWATCH_TARGET", "sparc")
    with pytest.raises(TargetError, match="must be duckdb or spark, given 'sparc'"):
        Home(root=Path("home"))
