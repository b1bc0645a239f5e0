"""What all tests share: one parsed dbt project a worker, whatever home a test makes."""

import os

import pytest

from orchestration.settings import PROJECT_ROOT

# before any test asks for it, and for the commands that tests start
os.environ.setdefault("STILLWATCH_PARSED", str(PROJECT_ROOT / "var" / "parsed" / os.environ.get("PYTEST_XDIST_WORKER", "alone")))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a file's tests in one worker, which makes what its modules share once; some files say whom they go with themselves."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(str(item.path.relative_to(PROJECT_ROOT))))
