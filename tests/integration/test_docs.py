"""Every block of commands of README.md and docs/ runs as it stands, and what a page shows of the output is what comes.

Where the program says other things than before, `STILLWATCH_REWRITE_PAGES=1 pytest tests/integration/test_docs.py` puts them into
the pages.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.settings import Home
from tests.pages import Block, commands_of, pages, run, shown_and_printed, write_printed

from .conftest import FOLLOWED_PAGE, SHARES_ENFORCEMENT, whole_copy

pytestmark = SHARES_ENFORCEMENT

ELSEWHERE = {
    "docs/add-a-signal.md": "test_add_a_signal.py",
    "docs/bring-your-data.md": "test_bring_your_data.py",
    "docs/method/lineage.md": "test_lineage.py",
    "docs/metrics.md": "test_metric_layer.py",
}
"""Pages that other modules beside this one follow: they need a world of their own, or what they print is compared there."""
NOT_RUN = {
    ("README.md", "make demo"): "they are all tests and twenty minutes of nights; their commands are those of the other pages",
}
"""Blocks, by page and the beginning of the first line, that no test can run, and why."""
CHANGES = (
    "docs/operating.md",
    "docs/packages.md",
    "docs/exports.md",
    "docs/method/cases.md",
    "docs/method/gates.md",
    "docs/method/privacy.md",
)
"""Pages that write into the home, in the order in which they follow each other on one copy of it."""


def is_run(block: Block) -> bool:
    return not any(block.page == page and block.text.startswith(begins) for page, begins in NOT_RUN)


def blocks(page: str) -> list[Block]:
    """Return the blocks that are run here: but for the first of the followed page, which the home is made by."""
    found = [block for block in commands_of(page) if is_run(block)]
    return found[1:] if page == FOLLOWED_PAGE else found


READS = [page for page in pages() if page not in ELSEWHERE and page not in CHANGES and blocks(page)]


@pytest.fixture(scope="module")
def copied(enforced: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A copy of the home, for the pages that write into it."""
    return whole_copy(enforced, tmp_path_factory.mktemp("copied") / "home")


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A reader with a folder of their own, who named no key and no webhook."""
    yield {"HOME": str(tmp_path)}
    shutil.rmtree(tmp_path)


def told(page: str, home: Home, clone: Path, reader: dict[str, str]) -> None:
    printed = run(blocks(page), clone, reader | {"STILLWATCH_HOME": str(home.root)}).printed
    if os.environ.get("STILLWATCH_REWRITE_PAGES"):
        write_printed(page, printed)
    for shown, said in shown_and_printed(page, printed):
        assert said == shown, f"{page} shows what is printed no more; see the head of this file"


@pytest.mark.parametrize("page", READS)
def test_the_commands_of_a_page_run_and_leave_the_home_as_it_is(
    page: str, enforced: Home, clone: Path, reader: dict[str, str]
) -> None:
    before = files(enforced)
    told(page, enforced, clone, reader)
    assert files(enforced) == before


@pytest.mark.parametrize("page", CHANGES)
def test_the_commands_of_a_page_that_writes_run(page: str, copied: Home, clone: Path, reader: dict[str, str]) -> None:
    told(page, copied, clone, reader)


def files(home: Home) -> dict[str, tuple[int, int]]:
    """Return size and time of every file that a home holds, without what dbt and the commands log."""
    found = (path for path in home.root.rglob("*") if path.is_file() and path.parent != home.logs)
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in found}


def test_what_is_not_run_here_is_run_elsewhere_or_cannot_be() -> None:
    for page, begins in NOT_RUN:
        assert sum(block.text.startswith(begins) for block in commands_of(page)) == 1, (page, begins)
    for page, module in ELSEWHERE.items():
        assert page in (Path(__file__).with_name(module)).read_text(encoding="utf-8"), (page, module)
    assert [page for page in CHANGES if not blocks(page)] == []
