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


def _written(release: Path, folder: Path) -> dict[str, str]:
    return {str(page.relative_to(folder)): page.read_text(encoding="utf-8") for page in write_site(release, folder)}


@pytest.fixture(scope="session")
def rich_site(rich: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return _written(rich, tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def empty_site(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return _written(empty, tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def rich_page(rich_site: dict[str, str]) -> str:
    return rich_site["report.html"]


@pytest.fixture(scope="session")
def empty_page(empty_site: dict[str, str]) -> str:
    return empty_site["report.html"]
