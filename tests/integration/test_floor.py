"""The hand-written script that nights are held against makes what a night publishes."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.settings import Home
from tests.benchmarks.floor.agreement import KEYS, compared_columns, differences
from tests.benchmarks.floor.script import take_in
from tests.benchmarks.night import nightly
from tests.benchmarks.traffic import Traffic

DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(3)]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the script's folder after three days, each day's account_days kept, and the published tables of a night's."""
    folder = tmp_path_factory.mktemp("floor")
    # so many that one client has more holders than all pairs are made of
    traffic = Traffic(landing=folder / "landing", accounts=1000, requests=6000, first_day=DAYS[0])
    for day in DAYS:
        traffic.deliver(day)
        take_in(folder / "script", traffic.landing, day)
        shutil.copy(folder / "script" / "account_days.parquet", folder / f"account_days-{day}.parquet")
    home = Home(root=folder / "home")
    nightly(home.root, traffic.landing, DAYS[-1])
    return folder, home.current / "parquet"


@pytest.mark.parametrize("mart", KEYS)
def test_the_script_makes_what_a_night_publishes(made: tuple[Path, Path], mart: str) -> None:
    """Counts, dates and texts are equal, floats to a billionth; late and repeated requests are in the traffic."""
    folder, published = made
    of_days = [folder / f"account_days-{day}.parquet" for day in DAYS]
    files = of_days if mart == "account_days" else [folder / "script" / f"{mart}.parquet"]
    assert differences(mart, files, published / mart) == []


def test_most_columns_of_the_features_are_compared(made: tuple[Path, Path]) -> None:
    """A column that the script no longer makes would otherwise agree for ever."""
    columns = compared_columns("account_features", made[0] / "script" / "account_features.parquet")
    assert len(columns) == 113
    assert {"gap_variation_28d", "template_entropy_28d", "new_prompt_share_28d", "unfamiliar_network_count_7d"} <= set(columns)


def test_a_single_other_value_is_a_difference(made: tuple[Path, Path], tmp_path: Path) -> None:
    """The comparison sees one count too many."""
    found = made[0] / "script" / "account_features.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select * replace (request_count_1d + cast(account_id = 'acct_7' as integer) as request_count_1d) "
            f"from '{found}') to '{tmp_path / 'changed.parquet'}'"
        )
    told = differences("account_features", [tmp_path / "changed.parquet"], made[1] / "account_features")
    assert told == ["account_features.request_count_1d: 1 of 1000 rows"]
