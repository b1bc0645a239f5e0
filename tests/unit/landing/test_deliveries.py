"""Files that appear in any order, some late, some in partitions long consumed: each counts once, for one day, ever after."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.landing.files import plan_run

FIRST = date(2026, 3, 1)
DAYS = 6
Delivery = tuple[int, int]
deliveries = st.lists(st.tuples(st.integers(0, DAYS - 1), st.integers(0, DAYS - 1)), min_size=1, max_size=8)
nights_run = st.sets(st.integers(0, DAYS - 1), min_size=1)


def _day(number: int) -> date:
    return FIRST + timedelta(days=number)


def _run(landing: Path, delivered: list[Delivery], nights: list[int]) -> tuple[dict[str, date], list[str]]:
    """Run the nights, each seeing the files that are there by then; return the ledger and every file consumed, in order."""
    ledger: dict[str, date] = {}
    consumed: list[str] = []
    last: date | None = None
    # one file is always there: a night that finds none does not run
    always = landing / "usage_requests" / f"arrived_on={FIRST}" / "0.parquet"
    always.parent.mkdir(parents=True)
    always.touch()
    for night in nights:
        for number, (partition, seen_from) in enumerate(delivered):
            if seen_from <= night:
                path = landing / "accounts" / f"arrived_on={_day(partition)}" / f"{number}.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
        plan = plan_run(landing, _day(night), _day(night), last, ledger)
        for file in plan.files:
            assert plan.arrived_from <= file.arrived_on <= _day(night)
            consumed.append(file.relative_path)
            ledger[file.relative_path] = file.arrived_on
        last = _day(night)
    return ledger, consumed


@settings(max_examples=60, deadline=None)
@given(deliveries, nights_run)
def test_every_file_is_consumed_once_by_the_first_night_that_may(delivered: list[Delivery], nights: set[int]) -> None:
    ran = sorted(nights)
    with tempfile.TemporaryDirectory() as folder:
        landing = Path(folder)
        ledger, consumed = _run(landing, delivered, ran)
        assert sorted(consumed) == sorted(set(consumed))
        for number, (partition, seen_from) in enumerate(delivered):
            path = f"accounts/arrived_on={_day(partition)}/{number}.parquet"
            first = next((night for night in ran if night >= max(partition, seen_from)), None)
            assert (path in ledger) == (first is not None)
            if first is not None:
                before = max((night for night in ran if night < first), default=None)
                # its partition's day unless a night had consumed that, then the night's own
                wanted = partition if before is None or partition > before else first
                assert ledger[path] == _day(wanted)


@settings(max_examples=40, deadline=None)
@given(deliveries, nights_run, st.data())
def test_a_backfill_from_any_night_gives_every_file_the_day_it_had(
    delivered: list[Delivery], nights: set[int], data: st.DataObject
) -> None:
    ran = sorted(nights)
    with tempfile.TemporaryDirectory() as folder:
        landing = Path(folder)
        ledger, _ = _run(landing, delivered, ran)
        start = data.draw(st.sampled_from(ran))
        before = max((night for night in ran if night < start), default=None)
        last = None if before is None else _day(before)
        plan = plan_run(landing, _day(start), _day(ran[-1]), last, ledger)
        wanted = {path: day for path, day in ledger.items() if last is None or day > last}
        assert {file.relative_path: file.arrived_on for file in plan.files} == wanted
