"""The working warehouse's own state: opening, refusing, rewinding and remembering."""

from datetime import date
from pathlib import Path

import pytest

from expectations.history import ConsumedFile
from expectations.profiles import DayProfile
from orchestration.landing.files import LandedFile, RunPlan
from orchestration.warehouse import state

D1, D2, D3 = date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)


def _plan(tmp_path: Path, day: date, files: tuple[LandedFile, ...] = ()) -> RunPlan:
    return RunPlan(landing=tmp_path, as_of_from=day, as_of_to=day, arrived_from=day, files=files)


def _file(day: date) -> LandedFile:
    return LandedFile(table="accounts", relative_path=f"accounts/{day}.parquet", partition_on=day, arrived_on=day)


def test_damaged_file_says_how_to_rebuild(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(b"not a database at all" * 1000)
    with pytest.raises(state.WarehouseError, match="stillwatch recover"):
        state.open_warehouse(path)


def test_other_schema_version_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with state.open_warehouse(path) as connection:
        connection.execute("update meta.schema_version set version = 99")
    with pytest.raises(state.WarehouseError, match=f"schema version 99, this code needs {state.SCHEMA_VERSION}"):
        state.open_warehouse(path)


def test_a_warehouse_stays_with_the_target_that_it_was_built_for(tmp_path: Path) -> None:
    """Tables of one engine and views over those of another would take each other's places; before anything stands, either may."""
    path = tmp_path / "warehouse.duckdb"
    for target in ("duckdb", "spark"):
        with state.open_warehouse(path, target=target):
            pass
    with state.open_warehouse(path, target="spark") as connection:
        state.remember_views(connection, "hash")
    with pytest.raises(
        state.WarehouseError, match=r"built for the target spark, and STILLWATCH_TARGET asks for duckdb: set it back"
    ):
        state.open_warehouse(path, target="duckdb")
    state.open_warehouse(path, target="spark").close()


def test_rewind_deletes_from_the_runs_first_day_on(tmp_path: Path) -> None:
    with state.open_warehouse(tmp_path / "w.duckdb") as connection:
        connection.execute(
            "create table arrived as select unnest([date '2026-03-01', date '2026-03-02', date '2026-03-03']) as arrived_on"
        )
        connection.execute("create table dated as select arrived_on as as_of_date from arrived")
        connection.execute("create table days as select unnest([date '2026-02-25', date '2026-03-01']) as activity_date")
        columns = {
            "main.arrived": "arrived_on",
            "main.dated": "as_of_date",
            "main.days": "activity_date",
            "main.absent": "arrived_on",
        }
        state.rewind(connection, _plan(tmp_path, D2), columns, late_days=3)
        assert connection.execute("select * from arrived").fetchall() == [(D1,)]
        assert connection.execute("select * from dated").fetchall() == [(D1,)]
        # late rows reach three days back
        assert connection.execute("select * from days").fetchall() == [(date(2026, 2, 25),)]


def test_finished_nights_and_consumed_files_are_remembered(tmp_path: Path) -> None:
    with state.open_warehouse(tmp_path / "w.duckdb") as connection:
        assert state.last_finished_before(connection) is None
        for day in (D1, D2):
            profile = DayProfile(table="accounts", arrived_on=day, row_count=10)
            digests = [(_file(day), "aa", 10)]
            state.finish(connection, _plan(tmp_path, day, (_file(day),)), f"release-{day}", digests, [profile])
        assert state.last_finished_before(connection) == D2
        assert state.last_finished_before(connection, D2) == D1
        assert state.read_ledger(connection) == {f"accounts/{D1}.parquet": D1, f"accounts/{D2}.parquet": D2}
        history = state.gate_history(connection, D3, 28)
        assert [(profile.arrived_on, profile.row_count) for profile in history.of("accounts")] == [(D1, 10), (D2, 10)]
        assert history.consumed[f"accounts/{D1}.parquet"] == ConsumedFile(sha256="aa", row_count=10, arrived_on=D1)
        # a night computed again is held against the days before it alone
        assert [profile.arrived_on for profile in state.gate_history(connection, D2, 28).profiles] == [D1]


def test_a_writer_elsewhere_is_named(tmp_path: Path) -> None:
    path = tmp_path / "folder-in-the-way"
    path.mkdir()
    with pytest.raises(state.WarehouseError, match="cannot be opened"):
        state.open_warehouse(path)
