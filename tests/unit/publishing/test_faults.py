"""Restating, rolling back and what dead runs leave: nothing damaged is handed out, nothing affected goes unnamed."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.publishing.manifest import read_manifest
from orchestration.publishing.parts import Part
from orchestration.publishing.release import remove_unfinished, superseded
from orchestration.publishing.releases import ReleaseError, current_release, release_faults, roll_back_to

from ..retention.releases import release_id, write_release

D1, D2 = date(2026, 3, 1), date(2026, 3, 2)


def _part(day: date, sha256: str) -> Part:
    return Part(table="scores", part=str(day), rows=1, sha256=sha256)


def test_a_restatement_names_every_case_that_stands_on_a_changed_date(tmp_path: Path) -> None:
    previous = read_manifest(write_release(tmp_path, 2)).model_copy(update={"parts": (_part(D1, "a"), _part(D2, "b"))})
    with duckdb.connect() as connection:
        connection.execute("create table actions as from (values ('case_1', ?), ('case_2', ?)) as t(case_id, release_id)",
                           [release_id(1), "2026-03-02-000000000000"])  # fmt: skip
        connection.execute("create table cases as select 'case_3' as case_id, 'lead_1,lead_2' as lead_ids")
        connection.execute("create table reviews as select 'lead_2' as lead_id, ? as release_id", [release_id(2)])
        found = superseded(connection, [_part(D1, "a"), _part(D2, "c")], previous, [D2], "a wrong unit")
        assert found is not None
        assert (found.release_id, found.reason, found.case_ids) == (release_id(2), "a wrong unit", ("case_2", "case_3"))
        assert superseded(connection, [_part(D1, "a"), _part(D2, "b")], previous, [D2], "nothing") is None
        assert superseded(connection, [_part(D2, "c")], None, [D2], "the first") is None


@pytest.mark.parametrize("damage", ["changed", "removed"])
def test_readers_are_not_rolled_back_to_a_damaged_release(tmp_path: Path, damage: str) -> None:
    first, second = write_release(tmp_path, 1), write_release(tmp_path, 2)
    roll_back_to(tmp_path, first.name)
    assert current_release(tmp_path) == first
    part = second / "parquet" / "actions" / "all.parquet"
    if damage == "changed":
        part.write_bytes(part.read_bytes()[:-1] + b"!")
    else:
        part.unlink()
    assert len(release_faults(second)) == 1
    with pytest.raises(ReleaseError, match=r"does not hold.*parquet/actions/all\.parquet"):
        roll_back_to(tmp_path, second.name)
    assert current_release(tmp_path) == first


def test_a_current_release_that_is_gone_is_named(tmp_path: Path) -> None:
    release = write_release(tmp_path, 1)
    release.rename(tmp_path / "elsewhere")
    with pytest.raises(ReleaseError, match=f"{release.name}, which is not there"):
        current_release(tmp_path)


def test_what_dead_runs_left_is_removed_and_releases_stay(tmp_path: Path) -> None:
    release = write_release(tmp_path, 1)
    for name in (".building-123", ".pruned-2026-02-01-a"):
        (tmp_path / name / "parquet").mkdir(parents=True)
    (tmp_path / ".current-123").symlink_to("nowhere")
    remove_unfinished(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [release.name, "current"]
