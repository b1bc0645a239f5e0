"""Which files a run consumes, and the arrival day each counts for."""

from datetime import date
from pathlib import Path

import pytest

from orchestration.landing.files import LandingError, list_partitions, plan_run

D1, D2, D3 = date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)


def _land(landing: Path, table: str, day: date, name: str = "part-0") -> str:
    path = landing / table / f"arrived_on={day}" / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path.relative_to(landing).as_posix()


def test_first_night_takes_every_partition_up_to_its_date(tmp_path: Path) -> None:
    for day in (D1, D2, D3):
        _land(tmp_path, "accounts", day)
    plan = plan_run(tmp_path, D2, D2, None, {})
    assert [file.arrived_on for file in plan.files] == [D1, D2]
    assert plan.arrived_from == D1
    assert plan.as_of_dates == [D2]


def test_next_night_takes_only_what_is_new(tmp_path: Path) -> None:
    known = _land(tmp_path, "accounts", D1)
    _land(tmp_path, "accounts", D2)
    plan = plan_run(tmp_path, D2, D2, D1, {known: D1})
    assert [file.partition_on for file in plan.files] == [D2]
    assert plan.arrived_from == D2


def test_file_in_a_consumed_partition_counts_for_the_night_that_sees_it(tmp_path: Path) -> None:
    known = _land(tmp_path, "accounts", D1)
    _land(tmp_path, "accounts", D1, "late")
    _land(tmp_path, "accounts", D2)
    plan = plan_run(tmp_path, D2, D2, D1, {known: D1})
    assert {file.relative_path.split("/")[-1]: file.arrived_on for file in plan.files} == {
        "late.parquet": D2,
        "part-0.parquet": D2,
    }


def test_backfill_follows_the_ledger(tmp_path: Path) -> None:
    _land(tmp_path, "accounts", D1)
    late = _land(tmp_path, "accounts", D1, "late")
    second = _land(tmp_path, "accounts", D2)
    plan = plan_run(tmp_path, D2, D3, D1, {late: D2, second: D2, f"accounts/arrived_on={D1}/part-0.parquet": D1})
    assert {file.relative_path: file.arrived_on for file in plan.files} == {late: D2, second: D2}


def test_skipped_night_keeps_the_partition_as_arrival_day(tmp_path: Path) -> None:
    for day in (D2, D3):
        _land(tmp_path, "accounts", day)
    plan = plan_run(tmp_path, D3, D3, D1, {})
    assert [file.arrived_on for file in plan.files] == [D2, D3]
    assert plan.as_of_dates == [D3]


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match="does not exist"):
        list_partitions(tmp_path / "nowhere")


def test_empty_folder_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match=r"usage_requests/arrived_on=YYYY-MM-DD"):
        list_partitions(tmp_path)


def test_partition_that_is_no_date_is_refused(tmp_path: Path) -> None:
    (tmp_path / "accounts" / "arrived_on=yesterday").mkdir(parents=True)
    with pytest.raises(LandingError, match="yesterday"):
        list_partitions(tmp_path)
