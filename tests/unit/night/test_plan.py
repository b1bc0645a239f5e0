"""Which nights a run computes when the warehouse knows less than readers were shown."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.landing.files import LandedFile, RunPlan
from orchestration.night import steps
from orchestration.night.recovering import RecoveryError, changed_files, recover, stretches
from orchestration.publishing.manifest import InputFile, Manifest, write_manifest
from orchestration.publishing.parts import Part
from orchestration.publishing.release import Published
from orchestration.publishing.releases import newest_release, point_current_at
from orchestration.settings import Home
from orchestration.warehouse import state

D = [date(2026, 3, 1) + timedelta(days=n) for n in range(8)]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(root=tmp_path / "home")


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    for day in D:
        path = tmp_path / "landing" / _path(day)
        path.parent.mkdir(parents=True)
        path.write_text("rows", encoding="utf-8")
    return tmp_path / "landing"


def _path(day: date) -> str:
    return f"accounts/arrived_on={day}/part.parquet"


def _publish(home: Home, nights: Sequence[date], arrived: dict[str, date] | None = None, tail: str = "a" * 12) -> str:
    release_id = f"{nights[-1]}-{tail}"
    folder = home.published / release_id
    folder.mkdir(parents=True)
    rows = "ac5ec7b6daf9b7e76c9ce92dd0cfa6d79cd8e0f8eb5a4b3e2ecf2a7ae0c5fc5e"
    manifest = Manifest(
        release_id=release_id, as_of_date=nights[-1], content_hash="c" * 64, contract_version=1, schema_version=1,
        code_revision="c", ruleset_version="1", calibration_status="expert prior", ids_rekeyed=False,
        inputs=tuple(InputFile(path=p, arrived_on=day, rows=1, sha256=rows) for p, day in (arrived or {}).items()),
        parts=tuple(Part(table="scores", part=str(day), rows=1, sha256="s") for day in nights),
        tables={}, gates=(), quarantined={}, supersedes=None,
    )  # fmt: skip
    write_manifest(manifest, folder)
    point_current_at(home.published, release_id)
    return release_id


def _finish(home: Home, *nights: date) -> None:
    with steps.warehouse(home) as connection:
        for day in nights:
            plan = RunPlan(landing=home.root, as_of_from=day, as_of_to=day, arrived_from=day, files=())
            file = LandedFile(table="accounts", relative_path=_path(day), partition_on=day, arrived_on=day)
            state.finish(connection, plan, f"{day}-{'a' * 12}", [(file, "s", 1)], [])


def test_a_night_after_a_backfill_that_died_takes_up_the_nights_it_undid(home: Home, landing: Path) -> None:
    _publish(home, D[:5])
    _finish(home, *D[:2])  # nights 3 to 5 were being computed again when the run died
    plan = steps.plan(home, landing, D[5], D[5])
    assert plan.as_of_dates == [D[2], D[3], D[4], D[5]]
    assert {file.arrived_on for file in plan.files} == set(D[2:6])


def test_a_past_night_goes_on_to_the_last_published_one(home: Home, landing: Path) -> None:
    _publish(home, D[:5])
    _finish(home, *D[:2])
    assert steps.plan(home, landing, D[2], D[2]).as_of_dates == D[2:5]
    assert steps.plan(home, landing, D[2], D[2], alone=True).as_of_dates == [D[2]]


def test_a_missed_night_stays_missed(home: Home, landing: Path) -> None:
    _publish(home, [D[0], D[2]])
    _finish(home, D[0], D[2])
    assert steps.plan(home, landing, D[3], D[3]).as_of_dates == [D[3]]


def test_files_keep_their_arrival_day_when_the_ledger_is_lost(home: Home, landing: Path) -> None:
    # the file of the first partition was first seen by the third night
    _publish(home, D[:3], {_path(D[0]): D[2], _path(D[1]): D[1], _path(D[2]): D[2]})
    plan = steps.plan(home, landing, D[0], D[2])
    assert {file.partition_on: file.arrived_on for file in plan.files} == {D[0]: D[2], D[1]: D[1], D[2]: D[2]}


def test_the_newest_release_is_found_whatever_readers_get(home: Home) -> None:
    first = _publish(home, D[:1])
    second = _publish(home, D[:2])
    other = _publish(home, D[:2], tail="b" * 12)
    point_current_at(home.published, first)
    assert newest_release(home.published) == home.published / other
    point_current_at(home.published, second)
    assert newest_release(home.published) == home.published / second


def test_stretches_are_nights_without_a_gap() -> None:
    assert stretches([D[3], D[0], D[1], D[4], D[6]]) == [(D[0], D[1]), (D[3], D[4]), (D[6], D[6])]


def test_recovery_runs_every_stretch_alone_on_an_empty_warehouse(home: Home, landing: Path) -> None:
    release = _publish(home, [D[0], D[1], D[3]])
    home.warehouse.write_bytes(b"damaged")
    ran: list[tuple[date, date]] = []

    def run_nights(first: date, last: date) -> Published:
        assert ran or not home.warehouse.exists()
        ran.append((first, last))
        return Published(release_id=release, folder=home.published / release, is_new=False)

    recovered = recover(home, landing, run_nights)
    assert ran == [(D[0], D[1]), (D[3], D[3])]
    assert (recovered.is_same_content, recovered.night_count) == (True, 3)


def test_recovery_touches_nothing_while_files_are_missing_or_changed(home: Home, landing: Path) -> None:
    _publish(home, D[:1], {_path(D[0]): D[0], "accounts/arrived_on=2026-03-01/gone.parquet": D[0]})
    home.warehouse.write_bytes(b"damaged")

    def run_nights(first: date, last: date) -> Published:
        raise AssertionError("nothing may run")

    with pytest.raises(RecoveryError, match=r"2 of the landing files .*gone\.parquet.*--accept-changed-files"):
        recover(home, landing, run_nights)
    assert home.warehouse.read_bytes() == b"damaged"
    assert len(changed_files(landing, [InputFile(path=_path(D[0]), arrived_on=D[0], rows=1, sha256="other")])) == 1


def test_recovery_without_a_release_names_backfill(home: Home, landing: Path) -> None:
    with pytest.raises(RecoveryError, match="stillwatch backfill"):
        recover(home, landing, lambda *_: pytest.fail("nothing may run"))


def test_views_of_other_code_are_forgotten_before_they_are_built_anew(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "w.duckdb")) as connection:
        connection.execute("create schema meta")
        connection.execute("create table meta.built_views (code_hash varchar)")
        state.remember_views(connection, "code 1")
        assert state.holds_views_of(connection, "code 1")
        assert not state.holds_views_of(connection, "code 2")
        # the run under code 2 died: views may be of either
        assert not state.holds_views_of(connection, "code 1")
