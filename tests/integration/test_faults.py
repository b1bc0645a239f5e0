"""A night that is killed, starved of disk or given a damaged warehouse comes to the content of one that was not.

One night is run once. It stops at dozens of points, and each time what a kill would leave is copied and judged: readers see one
whole release, and the first steps of a restart bring the warehouse to exactly where the night began. From there on a restart is
the same night, which whole restarts prove at the points where most could go wrong.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from orchestration.defs.in_process import run_nights
from orchestration.landing.files import RunPlan
from orchestration.night import steps
from orchestration.publishing.manifest import read_manifest
from orchestration.publishing.reading import records
from orchestration.publishing.releases import current_release, release_faults
from orchestration.settings import PROJECT_ROOT, Home
from orchestration.warehouse import transform
from simulator import SimulatorSettings, simulate

from .conftest import START, stillwatch

pytestmark = pytest.mark.slow
NIGHT = START + timedelta(days=1)
KEPT = {"renamed, not linked", "before measure"}
Fingerprint = tuple[RunPlan, dict[str, tuple[int, int]]]


@pytest.fixture(scope="module")
def small_landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("small")
    simulate(SimulatorSettings(out=root / "landing", truth=root / "truth", start=START, days=2, accounts=200, requests=1000))
    return root / "landing"


class Reader(threading.Thread):
    """Reads the current release again and again: every file as its manifest says, every table of one night."""

    def __init__(self, published: Path) -> None:
        super().__init__(daemon=True)
        self.published, self.seen, self.errors, self.reads, self._stop_asked = (
            published,
            set[str](),
            list[str](),
            0,
            threading.Event(),
        )

    def run(self) -> None:
        while not self._stop_asked.is_set():
            try:
                self.errors += read_whole(self.published, self.seen)
            except Exception as error:
                self.errors.append(repr(error))
            self.reads += 1
            time.sleep(3)

    def finish(self) -> None:
        self._stop_asked.set()
        self.join()


def read_whole(published: Path, seen: set[str]) -> list[str]:
    release = current_release(published)
    manifest = read_manifest(release)
    seen.add(manifest.release_id)
    faults = release_faults(release)
    dates = records(release, "select distinct as_of_date from scores union select distinct as_of_date from review_queue")
    if [row["as_of_date"] for row in dates] != [manifest.as_of_date]:
        faults.append(f"{release.name} mixes nights: {dates}")
    return faults


@contextmanager
def reading(home: Home) -> Iterator[Reader]:
    reader = Reader(home.published)
    reader.start()
    try:
        yield reader
    finally:
        reader.finish()


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


def copied(source: Path, target: Path) -> Home:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("dbt", "dagster", "logs"))
    return Home(root=target)


class Observed:
    """The night that ran to its end: the point names, what a restart would have made of each, and the homes kept."""

    def __init__(self) -> None:
        self.points: list[str] = []
        self.lost: list[str] = []
        self.unreadable: list[str] = []
        self.second: subprocess.CompletedProcess[str] | None = None
        self.homes: dict[str, Home] = {}
        self.base: Home
        self.home: Home
        self.reader: Reader


@pytest.fixture(scope="module")
def observed(small_landing: Path, tmp_path_factory: pytest.TempPathFactory) -> Observed:
    root = tmp_path_factory.mktemp("faults")
    found = Observed()
    found.home = Home(root=root / "home")
    run_nights(found.home, small_landing, START, START)
    found.base = copied(found.home.root, root / "base")
    scratch = root / "scratch"
    wanted = restart(copied(found.home.root, scratch), small_landing)
    note = root / "note"
    command = [sys.executable, "-m", "tests.integration.stopping", str(note), "nightly", "--landing", str(small_landing)]
    night = [*command, "--home", str(found.home.root), "--date", str(NIGHT)]
    with reading(found.home) as found.reader, subprocess.Popen(night, cwd=PROJECT_ROOT) as process:
        while True:
            _, status = os.waitpid(process.pid, os.WUNTRACED)
            if not os.WIFSTOPPED(status):
                process.returncode = os.waitstatus_to_exitcode(status)
                break
            point = note.read_text(encoding="utf-8")
            found.points.append(point)
            killed = copied(found.home.root, scratch)
            if point in KEPT:
                found.homes[point] = copied(scratch, root / point.replace(" ", "-").replace(",", ""))
            if point == "before prepare":
                second = [sys.executable, "-m", "orchestration.cli", *night[4:]]
                found.second = subprocess.run(second, capture_output=True, text=True, check=False)
            found.unreadable += [f"{point}: {fault}" for fault in read_whole(killed.published, set())]
            if restart(killed, small_landing) != wanted:
                found.lost.append(point)
            os.kill(process.pid, signal.SIGCONT)
    assert process.returncode == 0
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


def test_killed_between_rename_and_link_the_release_is_linked_by_the_next(observed: Observed, small_landing: Path) -> None:
    home = observed.homes["renamed, not linked"]
    assert current_release(home.published).name.startswith(str(START))
    outcome = run_json_nightly(home, small_landing)
    assert not outcome["is_new"]
    assert current_release(home.published).name == current_release(observed.home.published).name


def run_json_nightly(home: Home, landing: Path) -> dict[str, object]:
    done = stillwatch("nightly", "--landing", str(landing), "--home", str(home.root), "--date", str(NIGHT), "--json")
    return json.loads(done.stdout)


BACK_TO_2019 = """
import sys, time
real_time, shift = time.time, 1_555_555_555 - time.time()
time.time = lambda: real_time() + shift
sys.argv = ["stillwatch", *sys.argv[1:]]
from orchestration import cli
cli.main()
"""


@pytest.mark.faults
def test_killed_and_then_out_of_disk_and_then_back_in_time(observed: Observed, small_landing: Path, tmp_path: Path) -> None:
    size = sum(path.stat().st_size for path in observed.homes["before measure"].root.rglob("*") if path.is_file())
    with small_disk(tmp_path / "disk", size + (8 << 20)) as disk:
        home = copied(observed.homes["before measure"].root, disk / "home")
        night = ["nightly", "--landing", str(small_landing), "--home", str(home.root), "--date", str(NIGHT)]
        with reading(home) as reader:
            full = stillwatch(*night, expect=1)
            # logs that cannot be written complain before it; the last word is what to do
            assert "disk is full" in full.stderr.splitlines()[-1], full.stderr
            assert current_release(home.published).name.startswith(str(START))
            subprocess.run(["mount", "-o", "remount,size=2g", str(disk)], check=True)
            done = subprocess.run(
                [sys.executable, "-c", BACK_TO_2019, *night], capture_output=True, text=True, check=False, cwd=PROJECT_ROOT
            )
            assert done.returncode == 0, done.stderr
        assert reader.errors == []
        assert reader.reads > 2
        assert current_release(home.published).name == current_release(observed.home.published).name
        assert release_faults(current_release(home.published)) == []


@contextmanager
def small_disk(where: Path, size: int) -> Iterator[Path]:
    where.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(where)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a disk that can be filled needs the right to mount one")
    try:
        yield where
    finally:
        subprocess.run(["umount", "-l", str(where)], check=True)


def test_a_folder_that_may_not_be_written_is_named_and_left_as_it_is(
    observed: Observed, small_landing: Path, tmp_path: Path
) -> None:
    home = copied(observed.base.root, tmp_path / "home")
    mounted = subprocess.run(["mount", "--bind", "-o", "ro", str(home.root), str(home.root)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("a read-only folder for root needs the right to mount one")
    try:
        refused = stillwatch("nightly", "--landing", str(small_landing), "--home", str(home.root), "--date", str(NIGHT), expect=1)
        assert "must be writable" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert read_whole(home.published, set()) == []
    finally:
        subprocess.run(["umount", "-l", str(home.root)], check=True)


@pytest.mark.faults
def test_a_damaged_warehouse_is_named_and_recovered_to_the_same_content(
    observed: Observed, small_landing: Path, tmp_path: Path
) -> None:
    home = copied(observed.home.root, tmp_path / "home")
    whole = home.warehouse.read_bytes()
    spoilt = bytearray(whole)
    for at in range(3 * 4096, len(spoilt), 1 << 16):
        spoilt[at] ^= 0xFF
    night = ["nightly", "--landing", str(small_landing), "--home", str(home.root), "--date", str(NIGHT)]
    for damaged in (whole[: len(whole) // 3], bytes(spoilt)):
        home.warehouse.write_bytes(damaged)
        refused = stillwatch(*night, expect=1)
        assert "stillwatch recover" in refused.stderr, refused.stderr
    with reading(home) as reader:
        done = json.loads(stillwatch("recover", "--landing", str(small_landing), "--home", str(home.root), "--json").stdout)
    assert done["is_same_content"]
    assert done["night_count"] == 2
    assert reader.errors == []
    assert reader.seen == {done["release_id"]}


@pytest.mark.faults
def test_a_number_found_wrong_is_restated_and_only_what_depends_on_it_is_computed_again(
    observed: Observed, small_landing: Path, tmp_path: Path
) -> None:
    home = copied(observed.home.root, tmp_path / "home")
    landing = tmp_path / "landing"
    shutil.copytree(small_landing, landing)
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
    kept = {part for part in before.parts if part.as_of_date == START}
    assert kept and kept <= set(manifest.parts)
    # not written again: the very files of the release before
    assert all((wrong / part.relative_path).samefile(restated / part.relative_path) for part in kept)
    changed = {part.table for part in manifest.parts if part.as_of_date == NIGHT} - {
        part.table for part in before.parts if part in manifest.parts and part.as_of_date == NIGHT
    }
    assert "account_features" in changed
    assert release_faults(wrong) == []
    stillwatch("rollback", wrong.name, "--home", str(home.root))
    assert current_release(home.published).name == wrong.name


@pytest.mark.faults
def test_an_account_to_be_deleted_is_in_no_byte_of_the_release_made_without_it(
    observed: Observed, small_landing: Path, tmp_path: Path
) -> None:
    home = copied(observed.home.root, tmp_path / "home")
    held = current_release(home.published)
    # an account in use that nobody's case is about
    account = records(
        held, "select account_id from account_features where account_id not in (select account_id from actor_members) limit 1"
    )[0]["account_id"]
    assert account.encode() in b"".join(path.read_bytes() for path in held.rglob("*.duckdb"))
    stillwatch("forget", account, "--request", "request 12", "--home", str(home.root))
    reason = ["--reason", "deletion request 12", "--json"]
    done = json.loads(stillwatch("recover", "--landing", str(small_landing), "--home", str(home.root), *reason).stdout)
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
