"""The catalog in a release: linked while it stays the same, and part of what a release must hold."""

from pathlib import Path

from orchestration.landing.files import sha256_of
from orchestration.publishing.catalogs import write_catalog
from orchestration.publishing.manifest import read_manifest, write_manifest
from orchestration.publishing.releases import release_faults

from ..retention.releases import write_release


def test_it_is_linked_from_the_release_before_while_it_is_the_same(tmp_path: Path) -> None:
    first, second, third = (tmp_path / name for name in ("first", "second", "third"))
    for folder in (first, second, third):
        folder.mkdir()
    written = write_catalog("{}\n", first, None)
    assert write_catalog("{}\n", second, first) == written
    assert (second / "catalog.json").stat().st_ino == (first / "catalog.json").stat().st_ino
    assert write_catalog("[]\n", third, second) != written
    assert (first / "catalog.json").read_text(encoding="utf-8") == "{}\n"


def test_a_changed_or_missing_catalog_is_a_fault(tmp_path: Path) -> None:
    release = write_release(tmp_path, 1)
    assert release_faults(release) == []
    catalog = write_catalog("{}\n", release, None)
    assert catalog.sha256 == sha256_of(release / "catalog.json")
    write_manifest(read_manifest(release).model_copy(update={"catalog": catalog}), release)
    assert release_faults(release) == []
    (release / "catalog.json").write_text("[]\n", encoding="utf-8")
    assert release_faults(release) == ["catalog.json was changed: its SHA-256 is another than the manifest's"]
    (release / "catalog.json").unlink()
    assert release_faults(release) == ["catalog.json is missing"]
