"""A night that is killed, starved of disk or given a damaged warehouse comes to the content of one that was not.

Here one night is run once. It stops at dozens of points, and each time what a kill would leave is copied and judged: readers see
one whole release, and the first steps of a restart bring the warehouse to exactly where the night began. From there on a restart
is the same night. With the mark `faults` every fault is done for real and to its end, as for the page of `make reliability`.
"""

import json
import shutil
import subprocess
from pathlib import Path

import polars as pl
import pytest

from orchestration.landing.files import RunPlan
from orchestration.night import steps
from orchestration.publishing.manifest import read_manifest
from orchestration.publishing.reading import records
from orchestration.publishing.releases import current_release, release_faults
from orchestration.settings import Home
from orchestration.warehouse import transform
from tests.faults.bench import (
    FIRST,
    NIGHT,
    Bench,
    Reader,
    copied,
    first_night,
    land,
    make_bench,
    read_whole,
    reading,
    run,
    run_stopping,
)
from tests.faults.trials import FAULTS, Fault, NotTriedError, kills, mounted

from .conftest import stillwatch

pytestmark = pytest.mark.slow
Fingerprint = tuple[RunPlan, dict[str, tuple[int, int]]]


def restart(home: Home, landing: Path) -> Fingerprint:
    """Do what a restart does first, and return its plan and the content of all tables that a night adds to."""
    plan = steps.plan(home, landing, NIGHT, NIGHT)
    steps.prepare(home, plan)
    tables = {*transform.rewind_columns(transform.parse_project(home)), "computed.actor_members", "computed.actor_events"}
    with steps.warehouse(home) as connection:
        found = {
            table: connection.execute(f"select count(*), sum(hash(rows)::hugeint) from {table} as rows").fetchall()[0]
            for table in sorted({*tables, "computed.review_queue", "meta.nights"})
        }
    return plan, found


class Observed:
    """The night that ran to its end: its points, and what a restart would have made of each."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.landing = land(root)
        self.home = Home(root=root / "home")
        self.points: list[str] = []
        self.lost: list[str] = []
        self.unreadable: list[str] = []
        self.second: subprocess.CompletedProcess[str] | None = None
        self.reader: Reader
        first_night(self.landing, self.home)
        self.base = copied(self.home, root / "base")
        self.wanted = restart(copied(self.home, root / "scratch"), self.landing)

    def night(self, home: Home) -> list[str]:
        return ["nightly", "--landing", str(self.landing), "--home", str(home.root), "--date", str(NIGHT)]

    def look(self, point: str) -> None:
        """Judge what a kill at the point would have left."""
        self.points.append(point)
        killed = copied(self.home, self.root / "scratch")
        if point == "before prepare":
            self.second = run(*self.night(self.home))
        self.unreadable += [f"{point}: {fault}" for fault in read_whole(killed.published, set())]
        if restart(killed, self.landing) != self.wanted:
            self.lost.append(point)


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Observed:
    found = Observed(tmp_path_factory.mktemp("faults"))
    with reading(found.home) as found.reader:
        code = run_stopping(found.night(found.home), found.root / "note", found.look)
    assert code == 0
    return found


def test_killed_anywhere_a_restart_begins_where_the_night_began(observed: Observed) -> None:
    assert len(observed.points) >= 30, observed.points
    assert observed.lost == []
    for point in ("before plan", "after rewind", "before gate_marts", "renamed, not linked", "linked, not finished", "finished"):
        assert point in observed.points
    assert sum(point.startswith("after dbt node") for point in observed.points) >= 10


def test_readers_see_whole_releases_whenever_a_night_is_killed(observed: Observed) -> None:
    assert observed.unreadable == []
    assert observed.reader.errors == []
    assert observed.reader.reads > 10
    first, second = sorted(path.name for path in observed.home.published.glob("2026-*"))
    assert observed.reader.seen == {first, second}
    assert current_release(observed.home.published).name == second


def test_a_second_night_is_refused_by_name_and_disturbs_nothing(observed: Observed) -> None:
    assert observed.second is not None
    assert observed.second.returncode == 1
    assert "another run holds" in observed.second.stderr
    assert "nightly" in observed.second.stderr


def test_a_folder_that_may_not_be_written_is_named_and_left_as_it_is(observed: Observed, tmp_path: Path) -> None:
    home = copied(observed.base, tmp_path / "home")
    try:
        with mounted(home.root, "--bind", "-o", "ro", str(home.root)):
            refused = stillwatch(*observed.night(home), expect=1)
            assert "must be writable" in refused.stderr
            assert "Traceback" not in refused.stderr
            assert read_whole(home.published, set()) == []
    except NotTriedError as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return make_bench(tmp_path_factory.mktemp("bench"))


@pytest.mark.faults
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault(fault: Fault, bench: Bench, tmp_path: Path) -> None:
    try:
        assert fault.attempt(bench, tmp_path).wrong == ()
    except NotTriedError as reason:
        pytest.skip(str(reason))


@pytest.mark.faults
def test_a_night_killed_in_many_runs_comes_to_the_same_release(bench: Bench, tmp_path: Path) -> None:
    assert len(bench.points) > 30
    assert kills(bench)[-1].attempt(bench, tmp_path).wrong == ()


@pytest.mark.faults
def test_a_number_found_wrong_is_restated_and_only_what_depends_on_it_is_computed_again(bench: Bench, tmp_path: Path) -> None:
    home = copied(bench.whole, tmp_path / "home")
    landing = tmp_path / "landing"
    shutil.copytree(bench.landing, landing)
    wrong = current_release(home.published)
    # the provider had halved the output tokens of the second day
    (delivered,) = landing.glob(f"usage_requests/arrived_on={NIGHT}/*.parquet")
    frame = pl.read_parquet(delivered)
    frame.with_columns(pl.col("output_tokens") * 2).write_parquet(delivered)
    words = ["--reason", "output tokens of the second day were delivered halved", "--json"]
    night = ["--landing", str(landing), "--home", str(home.root)]
    done = json.loads(stillwatch("backfill", *night, "--from", str(NIGHT), "--to", str(NIGHT), *words).stdout)
    restated = current_release(home.published)
    assert done["is_new"] and restated.name == done["release_id"] != wrong.name
    manifest, before = read_manifest(restated), read_manifest(wrong)
    assert manifest.supersedes is not None
    assert (manifest.supersedes.release_id, manifest.supersedes.reason) == (wrong.name, words[1])
    kept = {part for part in before.parts if part.as_of_date == FIRST}
    assert kept and kept <= set(manifest.parts)
    # not written again: the very files of the night before the one corrected
    (night_before,) = home.published.glob(f"{FIRST}-*")
    assert all((night_before / part.relative_path).samefile(restated / part.relative_path) for part in kept)
    changed = {part.table for part in manifest.parts if part.as_of_date == NIGHT} - {
        part.table for part in before.parts if part in manifest.parts and part.as_of_date == NIGHT
    }
    assert "account_features" in changed
    assert release_faults(wrong) == []
    stillwatch("rollback", wrong.name, "--home", str(home.root))
    assert current_release(home.published).name == wrong.name


@pytest.mark.faults
def test_an_account_to_be_deleted_is_in_no_byte_of_the_release_made_without_it(bench: Bench, tmp_path: Path) -> None:
    home = copied(bench.whole, tmp_path / "home")
    held = current_release(home.published)
    # an account in use that nobody's case is about
    account = records(
        held, "select account_id from account_features where account_id not in (select account_id from actor_members) limit 1"
    )[0]["account_id"]
    assert account.encode() in b"".join(path.read_bytes() for path in held.rglob("*.duckdb"))
    stillwatch("forget", account, "--request", "request 12", "--home", str(home.root))
    reason = ["--reason", "deletion request 12", "--json"]
    done = json.loads(stillwatch("recover", "--landing", str(bench.landing), "--home", str(home.root), *reason).stdout)
    assert not done["is_same_content"]
    made = current_release(home.published)
    supersedes = read_manifest(made).supersedes
    assert supersedes is not None and supersedes.reason == "deletion request 12"
    assert (
        records(made, "select count(*) as n from accounts")[0]["n"]
        == records(held, "select count(*) as n from accounts")[0]["n"] - 1
    )
    stillwatch("prune", "--yes", "--home", str(home.root))
    assert not held.exists()
    for path in [*home.published.rglob("*"), home.warehouse, home.forgotten, home.pruned]:
        assert not path.is_file() or account.encode() not in path.read_bytes(), path
    for table in made.glob("parquet/*/*.parquet"):
        frame = pl.read_parquet(table).select(pl.selectors.string())
        assert not any(account in str(value) for column in frame.iter_columns() for value in column.unique())
    standing = json.loads(stillwatch("forget", "--home", str(home.root), "--json").stdout)
    assert [(s["request"], s["held_by"]) for s in standing] == [("request 12", [])]
