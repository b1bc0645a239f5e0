"""Where ids are re-keyed, no finding of the source gate shows one as it landed."""

from pathlib import Path

import polars as pl

from expectations.privacy import shape_of
from expectations.runner import GateSettings, History, validate_sources

from .landing import core, delivered, land


def test_an_id_is_shown_by_its_shape(tmp_path: Path) -> None:
    files = core(tmp_path)
    broken = pl.read_parquet(files["usage_requests"][0]).with_columns(pl.lit("acct;77").alias("account_id"))
    files = {**files, "usage_requests": [land(tmp_path / "again", "usage_requests", broken)]}
    given = delivered(files)
    told = [
        validate_sources(one, GateSettings(), History()).message()
        for one in (given, given.model_copy(update={"ids_rekeyed": True}))
    ]
    assert "acct;77" in told[0] or "xxxx;99" in told[0]
    assert "acct;77" not in told[1]
    assert "xxxx;99" in told[1]


def test_a_shape_keeps_marks_and_length_alone() -> None:
    assert shape_of("acct_Ünï-12 3") == "xxxx_xxx-99 9"
