"""Whole nights on bad input: readers keep the last release, faulty rows wait in quarantine and are released when repaired."""

import shutil
from concurrent.futures import Executor
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from orchestration.landing.files import LandingError, sha256_of
from orchestration.night.running import run_nights
from orchestration.night.steps import GateFailedError
from orchestration.publishing.manifest import Manifest, read_manifest
from orchestration.publishing.releases import current_release
from orchestration.settings import Home

from .conftest import SHARES_NIGHTS, START, Nights, whole_copy

SECOND, THIRD = START + timedelta(days=1), START + timedelta(days=2)
pytestmark = [pytest.mark.slow, SHARES_NIGHTS]


def copy_day(landing: Path, to: Path, day: str) -> None:
    for partition in landing.glob(f"*/arrived_on={day}"):
        shutil.copytree(partition, to / partition.relative_to(landing))


def requests_of(folder: Path, day: str) -> Path:
    return next((folder / "usage_requests" / f"arrived_on={day}").glob("*.parquet"))


def quarantine(release: Path) -> pl.DataFrame:
    held = pl.read_parquet(release / "parquet" / "quarantine" / "*.parquet")
    return held.sort("reason", "source_file", "source_row")


def accounted(manifest: Manifest) -> bool:
    counts = manifest.intake.values()
    return bool(counts) and all(of.delivered == of.accepted + of.repeated + of.quarantined for of in counts)


def test_faulty_rows_are_kept_aside_and_released_when_they_come_again_repaired(
    three_nights: Nights, landing: Path, tmp_path: Path
) -> None:
    home, folder = whole_copy(three_nights.after_first, tmp_path / "home"), tmp_path / "landing"
    copy_day(landing, folder, str(START))
    first = current_release(home.published)
    readers = {path: sha256_of(path) for path in first.rglob("*") if path.is_file()}

    # a damaged file stops the next night, and readers keep what they have
    copy_day(landing, folder, str(SECOND))
    path = requests_of(folder, str(SECOND))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(GateFailedError, match=r"BLOCKS  usage_requests: expected that every file is readable Parquet"):
        run_nights(home, folder, SECOND, SECOND)
    assert current_release(home.published) == first
    assert {path: sha256_of(path) for path in first.rglob("*") if path.is_file()} == readers

    # three faulty rows in the file written again are few enough to go on without
    path.write_bytes(whole)
    sound = pl.read_parquet(path)
    place = pl.int_range(pl.len())
    spoilt = sound.with_columns(
        output_tokens=pl.when(place < 2).then(-1).otherwise(pl.col("output_tokens")),
        account_id=pl.when(place == 2).then(pl.lit("x';--")).otherwise(pl.col("account_id")),
    )
    spoilt.write_parquet(path)
    second = run_nights(home, folder, SECOND, SECOND)
    manifest = read_manifest(second.folder)
    held = quarantine(second.folder).filter(~pl.col("reason").str.starts_with("conflict"))
    name = path.relative_to(folder).as_posix()
    assert held.select("reason", "source_file", "source_row", "first_seen_on", "released_at").rows() == [
        ("characters:account_id", name, 2, SECOND, None),
        ("range:output_tokens", name, 0, SECOND, None),
        ("range:output_tokens", name, 1, SECOND, None),
    ]
    assert manifest.quarantined["usage_requests range:output_tokens"] == 2
    assert manifest.released == {}
    assert accounted(manifest)

    # two of them come again, repaired, with the third night's delivery
    copy_day(landing, folder, str(THIRD))
    sound.head(2).write_parquet(requests_of(folder, str(THIRD)).with_name("repaired.parquet"))
    third = run_nights(home, folder, THIRD, THIRD)
    manifest = read_manifest(third.folder)
    released = quarantine(third.folder).filter(pl.col("released_at").is_not_null())
    assert released.select("reason", "source_row", "released_at").rows() == [
        ("range:output_tokens", 0, THIRD),
        ("range:output_tokens", 1, THIRD),
    ]
    assert manifest.released == {"usage_requests range:output_tokens": 2}
    assert manifest.quarantined["usage_requests range:output_tokens"] == 2
    assert accounted(manifest)
    assert "Limits that somebody let be broken" in (third.folder / "site" / "gates.html").read_text(encoding="utf-8")


def test_a_file_replaced_while_the_night_runs_is_not_published(
    landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orchestration.night import steps  # noqa: PLC0415

    home, folder = Home(root=tmp_path / "home"), tmp_path / "landing"
    copy_day(landing, folder, str(START))
    gate = steps.gate_marts

    def replace_meanwhile(home: Home, run: steps.RunPlan, gates: Executor) -> steps.GateReport:
        path = requests_of(folder, str(START))
        pl.read_parquet(path).head(10).write_parquet(path)
        return gate(home, run, gates)

    monkeypatch.setattr(steps, "gate_marts", replace_meanwhile)
    with pytest.raises(LandingError, match="replaced meanwhile, nothing was published"):
        run_nights(home, folder, START, START)
    assert not home.current.exists()
