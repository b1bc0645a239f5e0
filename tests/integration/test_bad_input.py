"""Every fault of the catalogue on the real gate: the outcome and message the page states, no row lost, readers undisturbed."""

import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expectations.overrides import add_override
from expectations.report import Override
from orchestration.contract import Column, landing_contract
from orchestration.landing.files import sha256_of
from orchestration.night import steps
from orchestration.settings import Home
from tests.bad_input.catalogue import FAULTS, FEW, Fault
from tests.bad_input.landing import CORE, land_day
from tests.bad_input.page import PAGE, row
from tests.bad_input.screening import Screening
from tests.bad_input.trying import attempt, home_with_history, screening
from tests.unit.expectations.landing import DAY, POLARS, column_values
from tests.unit.retention.releases import write_release

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Bench:
    """What the trials share: a home with a history, the models, and what readers have."""

    home: Home
    models: Screening
    release: dict[Path, str]


def what_readers_have(home: Home) -> dict[Path, str]:
    return {path: sha256_of(path) for path in sorted(home.published.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    root = tmp_path_factory.mktemp("bad-input")
    home = home_with_history(root)
    write_release(home.published, 1)
    return Bench(home, screening(root), what_readers_have(home))


def test_there_are_sixty_faults_and_each_is_another() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 60


# every third here; all of them on the way to the page, and with the mark
@pytest.mark.parametrize(
    "fault",
    [pytest.param(fault, marks=[] if place % 3 == 0 else [pytest.mark.faults]) for place, fault in enumerate(FAULTS)],
    ids=lambda fault: fault.name,
)
def test_fault(fault: Fault, bench: Bench, tmp_path: Path) -> None:
    trial = attempt(fault, bench.home, bench.models, tmp_path / "landing")
    assert trial.outcome == fault.outcome, trial.message
    assert fault.says in trial.message
    if trial.screened:
        assert trial.screened.unaccounted() == {}
    if trial.outcome == "quarantined" and trial.screened:
        assert {reason for _, reason, *_ in trial.screened.quarantined} == {fault.says}
        files = {file for _, _, file, _ in trial.screened.quarantined}
        assert files == {f"{fault.table}/arrived_on={DAY}/part-0.parquet"}
    assert row(fault, trial) in PAGE.read_text(encoding="utf-8").splitlines()
    assert what_readers_have(bench.home) == bench.release
    assert (bench.home.current / "manifest.json").exists()


def test_a_quarantined_row_is_named_by_its_place(bench: Bench, tmp_path: Path) -> None:
    fault = next(fault for fault in FAULTS if fault.says == "vocabulary:surface")
    screened = attempt(fault, bench.home, bench.models, tmp_path / "landing").screened
    assert screened
    assert [place for *_, place in screened.quarantined] == list(range(FEW))


ODD_TEXT = st.one_of(
    st.none(),
    st.sampled_from(["", " ", "'", '"; drop table accounts; --', "\x00", "\u202e", "../..", "NaN", "1e999", "acct_0001"]),
    st.text(max_size=12),
)
WHOLE = {"BIGINT": 64, "INTEGER": 32, "SMALLINT": 16}


def odd_values(column: Column) -> st.SearchStrategy[object]:
    """Anything a file may hold in a column of the contract's type."""
    if column.type in WHOLE:
        bound = 2 ** (WHOLE[column.type] - 1)
        return st.one_of(st.none(), st.integers(-bound, bound - 1))
    return {
        "VARCHAR": ODD_TEXT,
        "BOOLEAN": st.one_of(st.none(), st.booleans()),
        "DOUBLE": st.one_of(st.none(), st.floats()),
        "TIMESTAMP": st.one_of(st.none(), st.integers(-(2**62), 2**62)),
    }[column.type]


@st.composite
def odd_rows(draw: st.DrawFn, table: str, rows: int) -> pl.DataFrame:
    """Draw a delivery of a table: in each row some columns odd, keys among few so that copies meet."""
    spec = landing_contract().tables[table]
    data: dict[str, pl.Series] = {}
    for column in spec.columns:
        sound = column_values(column, rows, DAY)
        cells = [draw(odd_values(column)) if draw(st.integers(0, 3)) == 0 else sound[place] for place in range(rows)]
        if column.name == spec.key and draw(st.booleans()):
            cells = [sound[place % 2] if cell is not None else None for place, cell in enumerate(cells)]
        if column.type == "TIMESTAMP":
            epoch = datetime(1970, 1, 1)
            micro = timedelta(microseconds=1)
            numbers = [cell if cell is None or isinstance(cell, int) else (cell - epoch) // micro for cell in cells]  # type: ignore[operator]
            data[column.name] = pl.Series(column.name, numbers, dtype=pl.Int64).cast(pl.Datetime("us"))
        else:
            data[column.name] = pl.Series(column.name, cells, dtype=POLARS[column.type])
    return pl.DataFrame(data)


@pytest.mark.parametrize("table", landing_contract().tables)
@settings(max_examples=2, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_value_crashes_the_gate_or_loses_a_row(table: str, data: st.DataObject, bench: Bench) -> None:
    rows = data.draw(odd_rows(table, 8))
    with tempfile.TemporaryDirectory() as folder:
        landing = land_day(Path(folder), CORE, DAY)
        landing.write(table, rows, part=1 if table in CORE else 0)
        run = steps.plan(bench.home, landing.folder, DAY, DAY)
        report = steps.gate_sources(bench.home, run)
        assert all("cannot be read" not in item.message for item in report.failures), report.message()
        # what the gate would block goes through the models too: they may not depend on it
        screened = bench.models.run(run)
        assert screened.unaccounted() == {}
        delivered = {name: counts[0] for name, counts in screened.intake.items()}
        expected = {name: landing.read(name).height + (rows.height if name == table else 0) for name in CORE}
        assert delivered == expected | ({} if table in CORE else {table: rows.height})


def test_a_limit_is_broken_only_by_leave_that_is_logged_and_ends(bench: Bench, tmp_path: Path) -> None:
    empty = next(fault for fault in FAULTS if fault.name == "empty day")
    leave = Override(
        gate="sources", table="usage_requests", limit="volume", first_night=DAY, last_night=DAY, by="data lead",
        reason="the service was down",
    )  # fmt: skip
    before = DAY - timedelta(days=1)
    add_override(bench.home.gate_overrides, leave.model_copy(update={"first_night": before, "last_night": before}))
    ended = attempt(empty, bench.home, bench.models, tmp_path / "ended")
    assert ended.outcome == "blocked"
    assert f"An override of it ended on {before}." in ended.message
    add_override(bench.home.gate_overrides, leave)
    try:
        passed = attempt(empty, bench.home, bench.models, tmp_path / "passed")
    finally:
        bench.home.gate_overrides.unlink()
    assert passed.outcome == "warned"
    assert f"Overridden by data lead until {DAY}: the service was down" in passed.message
