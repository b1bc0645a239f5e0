"""What the benchmark of links says of its numbers, and that what it makes has the mix it claims."""

from pathlib import Path

import duckdb
import pytest

from orchestration.settings import Home
from tests.benchmarks.links import BEFORE, LINKS_PER_ACCOUNT, NIGHT, Found, exponent, measured, median, prepare


def test_growth_is_the_slope_over_logarithms() -> None:
    assert exponent({10: 1.0, 100: 10.0, 1000: 100.0}) == pytest.approx(1)
    assert exponent({10: 1.0, 1000: 10_000.0}) == pytest.approx(2)
    with pytest.raises(ValueError, match="two sizes"):
        exponent({10: 1.0})


def test_seconds_are_medians_and_memory_the_greatest() -> None:
    runs = [
        Found(seconds=s, processor=s, memory_before=1, memory=m, links=5, members=4, actors=2, kept=3)
        for s, m in ((1.0, 7.0), (5.0, 9.0), (2.0, 8.0))
    ]
    assert median(runs) == runs[0].model_copy(update={"seconds": 2.0, "processor": 2.0, "memory": 9.0})


@pytest.mark.slow
def test_links_of_two_nights_have_ten_an_account_and_actors_keep_their_ids(tmp_path: Path) -> None:
    home, accounts = Home(root=tmp_path / "home"), 10_000
    prepare(home, accounts)
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        links = dict(connection.execute("select as_of_date, count(*) from main.account_links group by all").fetchall())
        weak = connection.execute("select avg(cast(weight < 6 as int)) from main.account_links").fetchall()[0][0]
    assert set(links) == {BEFORE, NIGHT}
    assert links[NIGHT] == pytest.approx(LINKS_PER_ACCOUNT * accounts, rel=0.02)
    assert weak > 0.9
    first, again = measured(home, NIGHT), measured(home, NIGHT)
    assert (first.members, first.actors, first.kept) == (again.members, again.actors, again.kept)
    assert 0.9 * first.members < first.kept < first.members
