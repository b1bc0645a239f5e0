"""A gate's database keeps to its memory, spills where it is told, and leaves nothing there."""

from pathlib import Path

import pytest

from expectations.database import gate_database

_SORTED = "select count(*) from (select * from wide order by value)"


def test_what_is_beyond_the_limit_goes_to_the_folder_and_is_gone_afterwards(tmp_path: Path) -> None:
    spill = tmp_path / "spill"
    spill.mkdir()
    (spill / "duckdb_temp_of_a_killed_run.tmp").write_text("rows of a provider", encoding="utf-8")
    with gate_database("60MB", spill) as database:
        assert not list(spill.glob("*killed*"))
        database.run("set threads = 1")
        database.run(
            "create table wide as select hash(i) as value, repeat(md5(cast(i as varchar)), 8) as text from range(500000) as t(i)"
        )
        assert database.rows(_SORTED)[0][0] == 500_000
        assert list(spill.iterdir())
    assert not spill.exists()


def test_what_failed_leaves_nothing_either(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="interrupted"), gate_database("1GB", tmp_path / "spill"):
        raise RuntimeError("interrupted")
    assert not (tmp_path / "spill").exists()
