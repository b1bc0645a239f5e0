"""Nights and backfills: equal content, point in time, any order of files, and readers that are never disturbed."""

import random
import re
import shutil
import threading
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.dictionary.catalog import read_catalog
from orchestration.evaluation.frames import read_published, read_truth
from orchestration.evaluation.reaching import read_reach
from orchestration.evaluation.weighing import judge_signals
from orchestration.measurement.settings import MeasurementSettings
from orchestration.night.running import run_nights
from orchestration.publishing.manifest import Manifest, read_manifest
from orchestration.publishing.release import Published
from orchestration.publishing.releases import current_release, point_current_at, release_faults
from orchestration.scoring.settings import QueueSettings
from orchestration.settings import Home

from .conftest import LAST, SHARES_NIGHTS, START, Nights

pytestmark = SHARES_NIGHTS


def _parts(manifest: Manifest) -> dict[tuple[str, str], str]:
    return {(part.table, part.part): part.sha256 for part in manifest.parts}


@pytest.fixture(scope="module")
def nights(three_nights: Nights) -> tuple[Home, list[Manifest]]:
    """A home that ran three nights one by one, and each night's manifest."""
    return three_nights.home, list(three_nights.manifests)


def test_a_release_keeps_the_gates_of_the_nights_before_and_its_settings(nights: tuple[Home, list[Manifest]]) -> None:
    last = nights[1][-1]
    days = [START + timedelta(days=day) for day in range(3)]
    assert [(n.as_of_date, n.gate) for n in last.gate_nights] == [(day, gate) for day in days for gate in ("sources", "marts")]
    assert all(night.success and night.checked_count > 50 for night in last.gate_nights)
    assert last.settings["measurement"]["review_capacity"] == MeasurementSettings().review_capacity
    assert last.settings["review_queue"]["budget"] == QueueSettings().budget


def test_backfill_equals_its_nights_and_uses_only_what_had_arrived(
    nights: tuple[Home, list[Manifest]], landing: Path, tmp_path: Path
) -> None:
    # the nights had four later days' files at hand, the backfill has none
    seen = tmp_path / "landing"
    for partition in landing.glob("*/arrived_on=*"):
        if date.fromisoformat(partition.name.removeprefix("arrived_on=")) <= LAST:
            shutil.copytree(partition, seen / partition.relative_to(landing))
    published = run_nights(Home(root=tmp_path / "home"), seen, START, LAST)
    backfilled, last_night = _parts(read_manifest(published.folder)), _parts(nights[1][-1])
    assert {key for key in backfilled.keys() | last_night if backfilled.get(key) != last_night.get(key)} == set()
    assert published.release_id == nights[1][-1].release_id


def test_a_release_describes_exactly_the_tables_it_holds(nights: tuple[Home, list[Manifest]]) -> None:
    home, manifests = nights
    releases = [home.published / manifest.release_id for manifest in manifests]
    catalog = read_catalog(releases[-1])
    assert catalog is not None
    with duckdb.connect(str(releases[-1] / "marts.duckdb"), read_only=True) as connection:
        held = connection.execute(
            "select table_name, list(column_name order by column_index), list(lower(data_type) order by column_index) "
            "from duckdb_columns() where not internal group by table_name"
        ).fetchall()
    described = {table.name: ([c.name for c in table.columns], [c.type for c in table.columns]) for table in catalog.tables}
    assert described == {name: (columns, types) for name, columns, types in held}
    assert set(described) == set(manifests[-1].tables)
    for table in catalog.tables:
        names = {part.part for part in manifests[-1].parts if part.table == table.name}
        assert {"whole": {"all"}, "night": {str(m.as_of_date) for m in manifests}}.get(table.parts, names) == names, table.name
    # nothing in it changes from night to night
    assert len({(release / "catalog.json").stat().st_ino for release in releases}) == 1
    assert release_faults(releases[-1]) == []


def test_as_of_rows_never_change_afterwards(nights: tuple[Home, list[Manifest]]) -> None:
    for before, after in zip(nights[1], nights[1][1:], strict=False):
        dated = {key: sha for key, sha in _parts(before).items() if key[1] == str(before.as_of_date)}
        assert dated
        assert {key: _parts(after)[key] for key in dated} == dated
        assert after.supersedes is None


def test_order_and_split_of_a_days_files_do_not_matter(
    nights: tuple[Home, list[Manifest]], landing: Path, tmp_path: Path
) -> None:
    shuffled = tmp_path / "landing"
    for path in sorted(landing.glob("*/arrived_on=*/*.parquet")):
        target = shuffled / path.relative_to(landing)
        target.parent.mkdir(parents=True, exist_ok=True)
        frame = pl.read_parquet(path).sample(fraction=1, shuffle=True, seed=11)
        frame[: frame.height // 3].write_parquet(target.with_name("z.parquet"))
        frame[frame.height // 3 :].write_parquet(target.with_name("a.parquet"))
    published = run_nights(Home(root=tmp_path / "home"), shuffled, START, LAST)
    assert _without_file_names(published) == _without_file_names_of(nights[1][-1])


def _without_file_names(published: Published) -> dict[tuple[str, str], str]:
    return _without_file_names_of(read_manifest(published.folder))


def _without_file_names_of(manifest: Manifest) -> dict[tuple[str, str], str]:
    # the quarantine names files and rows, which is what was changed here
    return {key: sha for key, sha in _parts(manifest).items() if key[0] != "quarantine"}


def test_same_night_again_publishes_nothing_and_readers_go_on(nights: tuple[Home, list[Manifest]], landing: Path) -> None:
    home, manifests = nights
    # readers rolled back to an older release are brought forward again, and its missing history is not carried on
    point_current_at(home.published, manifests[0].release_id)
    stop, seen, errors = threading.Event(), set[str](), list[str]()

    def read() -> None:
        while not stop.is_set():
            try:
                release = current_release(home.published)
                with duckdb.connect(str(release / "marts.duckdb"), read_only=True) as connection:
                    connection.execute("select count(*) from scores").fetchall()
                seen.add(release.name)
            except Exception as error:
                errors.append(repr(error))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        published = run_nights(home, landing, LAST, LAST)
    finally:
        stop.set()
        reader.join()
    assert not published.is_new
    assert published.release_id == manifests[-1].release_id
    assert errors == []
    assert seen <= {manifests[0].release_id, manifests[-1].release_id}
    assert current_release(home.published).name == manifests[-1].release_id


def test_late_rows_join_the_day_they_belong_to(nights: tuple[Home, list[Manifest]], landing: Path) -> None:
    home, _ = nights
    days = pl.read_parquet(current_release(home.published) / "parquet/account_days/*.parquet")
    first = days.filter(pl.col("activity_date") == START)["request_count"].sum()
    requests = pl.concat(
        pl.read_parquet(path, columns=["request_id", "requested_at"]) for path in landing.glob("usage_requests/*/*.parquet")
        if date.fromisoformat(path.parent.name.removeprefix("arrived_on=")) <= LAST
    )  # fmt: skip
    wanted = requests.filter(pl.col("requested_at").dt.date() == START)["request_id"].n_unique()
    assert first == wanted
    on_time = pl.concat(pl.read_parquet(p, columns=["request_id"]) for p in landing.glob(f"usage_requests/arrived_on={START}/*"))
    assert on_time["request_id"].n_unique() < wanted


def test_signals_are_weighed_from_what_a_night_leaves(nights: tuple[Home, list[Manifest]], landing: Path) -> None:
    home, _ = nights
    release = current_release(home.published)
    published, truth = read_published(release, LAST), read_truth(landing.parent / "truth")
    reach = read_reach(home.warehouse)
    found = {signal.signal_id: signal for signal in judge_signals(published, truth, reach)}
    counted = pl.read_parquet(release / "parquet/signal_coverage/*.parquet").filter(pl.col("as_of_date") == LAST)
    assert set(found) == set(counted["signal_id"])
    # the warehouse names as many computable subjects as the release counts for its last run, which was the last night
    named = dict(reach.computable.group_by("signal_id").len().iter_rows())
    assert named == dict(counted.filter(pl.col("computable_count") > 0).select("signal_id", "computable_count").iter_rows())
    own = published.hits.join(published.registry.select("signal_id", "subject_type"), on=["signal_id", "subject_type"])
    distinct = dict(own.group_by("signal_id").agg(pl.col("subject_id").n_unique()).iter_rows())
    assert {name: signal.fired("guilty", "victim", "innocent") for name, signal in found.items() if name in distinct} == distinct


Copy = tuple[int, int, int]
"""One delivered copy of a request: days after it was made, which of two contents, where in the day's files."""
LATE_DAYS = 3
ARRIVAL_DAYS = 6


class Acceptance:
    """The model that passes over requests, as the night compiled it, over deliveries of our own making."""

    def __init__(self, home: Home, landing: Path, folder: Path) -> None:
        shutil.copyfile(home.warehouse, folder / "warehouse.duckdb")
        compiled = home.dbt_target / "compiled/stillwatch/models/intermediate/usage/int_usage__passed_over.sql"
        self.sql = compiled.read_text(encoding="utf-8")
        self.connection = duckdb.connect(str(folder / "warehouse.duckdb"))
        requests = f"read_parquet('{landing}/usage_requests/arrived_on={START}/*.parquet')"
        self.connection.execute("create table delivered as select * from landing.usage_requests limit 0")
        self.connection.execute("create table sample as from delivered")
        self.connection.execute(f"insert into sample by name from {requests} where output_tokens > 0 limit 5")
        self.names = ", ".join(self.connection.sql("from delivered").columns[:-3])
        self.connection.execute("drop view landing.usage_requests")
        self.connection.execute("create table landing.usage_requests as from delivered")
        self.kept = ", ".join(self.connection.sql("from main.int_usage__kept_requests").columns)

    def deliver(self, copies: list[list[Copy]], seed: int) -> None:
        """Land the copies, the files and rows of a day in an order drawn from the seed."""
        self.connection.execute("delete from landing.usage_requests")
        rows = [(request, *copy) for request, delivered in enumerate(copies) for copy in delivered]
        random.Random(seed).shuffle(rows)
        for number, (request, after, content, file) in enumerate(rows):
            values = self.names.replace("output_tokens", f"output_tokens + {content}", 1)
            self.connection.execute(
                f"insert into landing.usage_requests select {values}, ?, ?, ? "
                "from (select *, row_number() over (order by request_id) as number from sample) where number = ?",
                [START + timedelta(days=after), f"file-{(file + seed) % 3}", number, request + 1],
            )

    def run(self, stretches: Iterable[tuple[int, int]]) -> list[tuple[str, date, int]]:
        """Accept what arrived in each stretch of days, one after the other; return id, arrival day and tokens."""
        self.connection.execute("delete from main.int_usage__kept_requests")
        accepted: list[tuple[str, date, int]] = []
        for first, last in stretches:
            # the end of the stretch is the only date that stands behind `and` and is not reckoned from
            parts = re.split(rf"(?<=and cast\(')({LAST})(?=' as date\)(?! -))", self.sql)
            sql = "".join(
                str(START + timedelta(days=last)) if n % 2 else text.replace(str(LAST), str(START + timedelta(days=first)))
                for n, text in enumerate(parts)
            )
            self.connection.execute(f"create or replace table main.int_usage__passed_over as {sql}")
            taken = f"from main.int_usage__requests where arrived_on between '{START + timedelta(days=first)}' and ?"
            end = [START + timedelta(days=last)]
            self.connection.execute(f"insert into main.int_usage__kept_requests by name select {self.kept} {taken}", end)
            accepted += self.connection.execute(f"select request_id, arrived_on, output_tokens {taken}", end).fetchall()
        return sorted(accepted)


@pytest.fixture(scope="module")
def acceptance(nights: tuple[Home, list[Manifest]], landing: Path, tmp_path_factory: pytest.TempPathFactory) -> Acceptance:
    return Acceptance(nights[0], landing, tmp_path_factory.mktemp("acceptance"))


one_copy = st.tuples(st.integers(0, ARRIVAL_DAYS - 1), st.integers(0, 1), st.integers(0, 2))


@pytest.mark.faults
@settings(max_examples=10, deadline=None)
@given(copies=st.lists(st.lists(one_copy, min_size=1, max_size=4), min_size=5, max_size=5), cut=st.integers(1, ARRIVAL_DAYS - 1))
def test_repeated_and_late_copies_are_accepted_as_the_contract_says_in_any_order(
    acceptance: Acceptance, copies: list[list[Copy]], cut: int
) -> None:
    one_by_one = [(day, day) for day in range(ARRIVAL_DAYS)]
    acceptance.deliver(copies, seed=0)
    accepted = acceptance.run(one_by_one)
    sample = acceptance.connection.execute("select request_id, output_tokens from sample order by request_id").fetchall()
    found = {request_id: (arrived_on, tokens) for request_id, arrived_on, tokens in accepted}
    assert len(found) == len(accepted)
    for (request_id, tokens), delivered in zip(sample, copies, strict=True):
        in_time = [copy for copy in delivered if copy[0] <= LATE_DAYS]
        assert (request_id in found) == bool(in_time)
        if in_time:
            earliest = min(after for after, _, _ in in_time)
            contents = {tokens + content for after, content, _ in in_time if after == earliest}
            assert found[request_id][0] == START + timedelta(days=earliest)
            assert found[request_id][1] in contents
    acceptance.deliver(copies, seed=1)
    assert acceptance.run(one_by_one) == accepted
    assert acceptance.run([(0, ARRIVAL_DAYS - 1)]) == accepted
    assert acceptance.run([(0, cut - 1), (cut, ARRIVAL_DAYS - 1)]) == accepted
