"""What all tests share: one parsed dbt project a worker, whatever home a test makes."""

import os
from collections.abc import Iterator

import pytest

from orchestration.settings import PROJECT_ROOT

# before any test asks for it, and for the commands that tests start
os.environ.setdefault("STILLWATCH_PARSED", str(PROJECT_ROOT / "var" / "parsed" / os.environ.get("PYTEST_XDIST_WORKER", "alone")))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """Keep a file's tests in one worker, which makes what its modules share once; some files say whom they go with themselves."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(str(item.path.relative_to(PROJECT_ROOT))))
    yield
    # pytest-xdist#1386: with pytest 9.2 the groups are lost without a word, and every worker makes what is shared anew
    if config.getoption("loadgroup", default=False) and not all("@" in item.nodeid for item in items):
        raise pytest.UsageError("pytest-xdist's groups have no effect with this pytest; see pytest in pyproject.toml")
