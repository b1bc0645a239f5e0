"""The rich and the empty release and their pages, made once."""

from pathlib import Path

import pytest

from orchestration.reporting import write_site

from .release_fixture import empty_release, rich_release


@pytest.fixture(scope="session")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rich_release(tmp_path_factory.mktemp("rich") / "release")


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return empty_release(tmp_path_factory.mktemp("empty") / "release")


@pytest.fixture(scope="session")
def rich_page(rich: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_site(rich, tmp_path_factory.mktemp("site"))[0].read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def empty_page(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_site(empty, tmp_path_factory.mktemp("site"))[0].read_text(encoding="utf-8")
