"""Releases: ids, the current link and rolling back."""

from datetime import date
from pathlib import Path

import pytest

from orchestration.publishing.manifest import Manifest, content_hash, gate_nights_of, release_id_of, write_manifest
from orchestration.publishing.parts import Part, changed_parts
from orchestration.publishing.releases import ReleaseError, current_release, list_releases, point_current_at

PART = Part(table="scores", part="2026-03-01", rows=3, sha256="aa")


def _release(published: Path, day: date) -> str:
    digest = content_hash([PART], 1)
    release_id = release_id_of(day, digest)
    folder = published / release_id
    folder.mkdir(parents=True)
    manifest = Manifest(
        release_id=release_id, as_of_date=day, content_hash=digest, contract_version=1, schema_version=1,
        code_revision="c", ruleset_version="1", calibration_status="expert prior", ids_rekeyed=False, inputs=(),
        parts=(PART,), tables={"scores": 3}, gates=(), quarantined={}, supersedes=None,
    )  # fmt: skip
    write_manifest(manifest, folder)
    return release_id


def test_content_hash_ignores_order_and_sees_every_part() -> None:
    other = Part(table="scores", part="2026-03-02", rows=1, sha256="bb")
    assert content_hash([PART, other], 1) == content_hash([other, PART], 1)
    assert content_hash([PART, other], 1) != content_hash([PART], 1)
    assert content_hash([PART], 1) != content_hash([PART], 2)


def test_gate_results_are_carried_on_and_a_night_run_again_replaces_its_own() -> None:
    def gates(day: date, *, success: bool) -> list[dict[str, object]]:
        findings = [{"success": True, "message": "held"}, {"success": success, "message": "not met"}]
        return [{"gate": "marts", "as_of": str(day), "success": success, "findings": findings}]

    first = gate_nights_of((), date(2026, 3, 1), gates(date(2026, 3, 1), success=True))
    second = gate_nights_of(first, date(2026, 3, 2), gates(date(2026, 3, 2), success=False))
    assert [(n.as_of_date.day, n.success, n.checked_count, n.unmet) for n in second] == [
        (1, True, 2, ()),
        (2, False, 2, ("not met",)),
    ]
    again = gate_nights_of(second, date(2026, 3, 2), gates(date(2026, 3, 2), success=True))
    assert [n.success for n in again] == [True, True]
    assert gate_nights_of(second, date(2026, 3, 1), gates(date(2026, 3, 2), success=True)) == again[1:]


def test_current_moves_and_rolls_back(tmp_path: Path) -> None:
    first, second = _release(tmp_path, date(2026, 3, 1)), _release(tmp_path, date(2026, 3, 2))
    point_current_at(tmp_path, first)
    point_current_at(tmp_path, second)
    assert current_release(tmp_path).name == second
    assert (tmp_path / "current").readlink() == Path(second)
    point_current_at(tmp_path, first)
    assert current_release(tmp_path).name == first
    assert [m.release_id for m in list_releases(tmp_path)] == [first, second]


def test_unknown_release_names_those_there_are(tmp_path: Path) -> None:
    known = _release(tmp_path, date(2026, 3, 1))
    with pytest.raises(ReleaseError, match=known):
        point_current_at(tmp_path, "2026-03-01-000000000000")


def test_nothing_published_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="stillwatch nightly"):
        current_release(tmp_path)


def test_months_of_a_run_over_a_year_end() -> None:
    parts = changed_parts({"month_column": "activity_date"}, [date(2027, 1, 2)], date(2026, 12, 30))
    assert list(parts) == ["2026-12", "2027-01"]
    assert parts["2026-12"] == "activity_date >= date '2026-12-01' and activity_date < date '2027-01-01'"
