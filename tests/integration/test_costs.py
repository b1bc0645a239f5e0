"""What a night costs, counted instead of timed: nodes, files and rows read, bytes written. `make bench` has the seconds.

The limits are what was found when they were written and a little more: whoever goes over one has made every night dearer, and
says why in the change that raises it.
"""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from orchestration.night.running import run_nights
from orchestration.settings import Home
from tests.benchmarks.counting import Done, counted, written_bytes
from tests.benchmarks.traffic import Traffic

FIRST = date(2026, 1, 1)
USUAL, ACCOUNTS = 600, 60
NODES = 188
FILES_OPENED = 16
"""By one model: eight files of requests arrive a night, and what is passed over is looked for twice in them."""


class Provider:
    """A landing folder and a home that nights are run in, by number of the day."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = Home(root=folder / "home")
        self.traffic = Traffic(landing=folder / "landing", accounts=ACCOUNTS, requests=USUAL, first_day=FIRST)

    def through(self, first: int, last: int) -> None:
        """Deliver days and run their nights in one run."""
        for number in range(first, last + 1):
            self.traffic.deliver(self.day(number))
        run_nights(self.home, self.traffic.landing, self.day(first), self.day(last))

    def night(self, number: int, requests: int = USUAL) -> tuple[Done, int]:
        """Deliver a day and return what its night did, and the bytes it published anew."""
        self.traffic.deliver(self.day(number), requests)
        with counted(self.folder) as done:
            published = run_nights(self.home, self.traffic.landing, self.day(number), self.day(number))
        return done, written_bytes(published.folder)

    def day(self, number: int) -> date:
        """The day of a number, from 0."""
        return FIRST + timedelta(days=number)


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Done, int]]:
    """The night after 30 days, after 44, and after 44 over a day twice as large."""
    provider = Provider(tmp_path_factory.mktemp("costs"))
    provider.through(0, 29)
    found = {"after 30": provider.night(30)}
    provider.through(31, 43)
    kept = provider.folder / "kept"
    shutil.copytree(provider.home.root, kept, symlinks=True)
    found["after 44"] = provider.night(44)
    shutil.rmtree(provider.home.root)
    shutil.copytree(kept, provider.home.root, symlinks=True)
    shutil.rmtree(provider.traffic.landing / "usage_requests" / f"arrived_on={provider.day(44)}")
    found["twice as large"] = provider.night(44, 2 * USUAL)
    return found


def test_a_night_runs_the_same_few_nodes_whatever_its_history(nights: dict[str, tuple[Done, int]]) -> None:
    """Views, seeds and tests of single columns are not among them."""
    counts = {name: done.nodes for name, (done, _) in nights.items()}
    assert counts["after 30"] == counts["after 44"] == counts["twice as large"]
    assert max(counts["after 44"].values()) == 1
    assert len(counts["after 44"]) <= NODES


def test_a_night_opens_the_files_of_its_day_alone(nights: dict[str, tuple[Done, int]]) -> None:
    """As often after 44 days as after 30: every model reads the arrival day's partition and no other."""
    after_30, after_44 = nights["after 30"][0], nights["after 44"][0]
    assert after_30.files == after_44.files
    read = [count for count in after_44.files.values() if count]
    assert read
    assert max(read) <= FILES_OPENED


def test_rows_read_and_bytes_published_are_flat_in_history(nights: dict[str, tuple[Done, int]]) -> None:
    """Fourteen more days of history are a tenth at most; what a release shares with the one before costs it nothing."""
    (after_30, wrote_30), (after_44, wrote_44) = nights["after 30"], nights["after 44"]
    assert 0 < after_44.rows.total() <= 1.1 * after_30.rows.total()
    assert 0 < wrote_44 <= 1.1 * wrote_30


def test_a_day_twice_as_large_reads_at_most_twice_as_much(nights: dict[str, tuple[Done, int]]) -> None:
    """And more than the usual one, or nothing was counted."""
    (usual, wrote), (double, wrote_double) = nights["after 44"], nights["twice as large"]
    assert usual.rows.total() < double.rows.total() <= 2 * usual.rows.total()
    assert wrote_double <= 2 * wrote
