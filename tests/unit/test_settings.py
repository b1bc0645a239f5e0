"""What a home takes from the environment."""

from pathlib import Path

import pytest

from orchestration.settings import Home


def test_the_memory_limit_is_the_environments_where_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator lowers it without a change of code."""
    monkeypatch.delenv("STILLWATCH_MEMORY_LIMIT", raising=False)
    assert Home(root=Path("home")).memory_limit == "3GB"
    monkeypatch.setenv("STILLWATCH_MEMORY_LIMIT", "1500MB")
    assert Home(root=Path("home")).memory_limit == "1500MB"
