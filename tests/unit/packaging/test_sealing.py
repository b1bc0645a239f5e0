"""Determinism, the seal, the signature, the custody log and the rebuild."""

import json
import re
import shutil
import subprocess
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from orchestration.packaging import custody, identity, rebuilding, signing
from orchestration.packaging.building import Built, build
from orchestration.packaging.choosing import choose
from orchestration.packaging.errors import PackageError
from orchestration.packaging.frozen_tables import TABLES
from orchestration.packaging.rebuilding import rebuild
from orchestration.packaging.verifying import verify

from .conftest import answered, changed
from .releases import CASE, EVIDENCE, RECORD, write_home


def _files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_equal_facts_give_equal_bytes_whatever_the_order_threads_and_place(built: Built, tmp_path: Path) -> None:
    chosen = choose(write_home(tmp_path / "elsewhere", *changed(None), shuffled=3), CASE)
    packages = tmp_path / "other"
    again = build(chosen, packages, answered(chosen, packages, tmp_path / "again.yml"), "somebody else", threads=4)
    assert _files(built.folder / "content") == _files(again.folder / "content")
    assert (built.folder / "content.tar").read_bytes() == (again.folder / "content.tar").read_bytes()
    assert built.folder.name == again.folder.name


def test_the_same_package_is_not_built_twice(built: Built, tmp_path: Path) -> None:
    packages = tmp_path / "home" / "packages"
    before = _files(built.folder)
    again = build(choose(tmp_path / "home" / "published", CASE), packages, tmp_path / "answers.yml", "a colleague")
    assert (again.is_new, again.folder) == (False, built.folder)
    assert _files(built.folder) == before


def test_an_unsigned_package_is_a_draft_that_holds(built: Built) -> None:
    found = verify(built.folder)
    assert (found.holds, found.state, found.custody_entry_count) == (True, "unsigned draft", 1)


def test_one_changed_byte_anywhere_is_found(built: Built) -> None:
    content = built.folder / "content"
    for path in sorted(p for p in content.rglob("*") if p.is_file()):
        original = path.read_bytes()
        path.write_bytes(original[:-1] + bytes([original[-1] ^ 1]))
        assert not verify(built.folder).holds, path
        path.write_bytes(original)
    assert verify(built.folder).holds


def test_files_that_came_or_went_are_named(built: Built) -> None:
    (built.folder / "content" / "rows" / "more.csv").write_text("x")
    (built.folder / "content" / "finding.md").unlink()
    faults = verify(built.folder).faults
    assert "finding.md is missing" in faults
    assert "rows/more.csv is not on the list" in faults


def test_the_archive_holds_the_content(built: Built, tmp_path: Path) -> None:
    with tarfile.open(built.folder / "content.tar") as archive:
        archive.extractall(tmp_path / "out", filter="data")
    assert _files(tmp_path / "out" / "content") == _files(built.folder / "content")
    (built.folder / "content.tar").write_bytes(b"another")
    assert "content.tar does not hold the same as content/" in verify(built.folder).faults


def test_the_queries_in_the_package_give_its_rows(built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = built.folder / "content"
    monkeypatch.chdir(content)
    for table in TABLES:
        release = tmp_path / "home" / "published" / (EVIDENCE if table.side == "evidence" else RECORD)
        text = (content / "queries" / f"{table.name}.sql").read_text(encoding="utf-8").replace("'RELEASE'", f"'{release}'")
        with duckdb.connect(str(release / "marts.duckdb"), read_only=True) as connection:
            *settings, query = duckdb.extract_statements(text)
            for setting in settings:
                connection.execute(setting)
            assert connection.execute(query).fetchall() == [
                tuple(row.values()) for row in pq.read_table(f"rows/{table.name}.parquet").to_pylist()
            ], table.name


def test_a_signature_says_whose_key_and_breaks_with_the_list(built: Built, tmp_path: Path) -> None:
    fingerprint = signing.write_new_key(tmp_path / "key.pem")
    assert signing.sign(built.folder, tmp_path / "key.pem") == fingerprint
    trusted = built.folder / "public_key.pem"
    found = verify(built.folder, trusted)
    assert (found.holds, found.state, found.signed_by, found.is_key_trusted) == (True, "signed", fingerprint, True)
    signing.write_new_key(tmp_path / "other.pem")
    signing.sign(built.folder, tmp_path / "other.pem")
    shutil.copy(trusted, tmp_path / "other_public.pem")
    signing.sign(built.folder, tmp_path / "key.pem")
    assert any("not by the one in" in fault for fault in verify(built.folder, tmp_path / "other_public.pem").faults)
    signature = (built.folder / "signature.bin").read_bytes()
    (built.folder / "signature.bin").write_bytes(signature[:-1] + bytes([signature[-1] ^ 1]))
    assert any("is no signature of SHA256SUMS" in fault for fault in verify(built.folder).faults)


def test_a_key_that_was_expected_and_a_key_that_is_none(built: Built, tmp_path: Path) -> None:
    signing.write_new_key(tmp_path / "key.pem")
    with pytest.raises(PackageError, match="never overwritten"):
        signing.write_new_key(tmp_path / "key.pem")
    assert "a key was expected but the package is an unsigned draft" in verify(built.folder, tmp_path / "key.pem").faults
    (tmp_path / "none.pem").write_text("no key")
    with pytest.raises(PackageError, match="must be an Ed25519 private key"):
        signing.sign(built.folder, tmp_path / "none.pem")


@pytest.mark.skipif(shutil.which("openssl") is None or shutil.which("sha256sum") is None, reason="needs openssl and sha256sum")
def test_other_programs_verify_it_too(built: Built, tmp_path: Path) -> None:
    signing.write_new_key(tmp_path / "key.pem")
    signing.sign(built.folder, tmp_path / "key.pem")
    content = built.folder / "content"
    assert subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=content, check=False).returncode == 0
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "../public_key.pem", "-rawin", "-in", "SHA256SUMS"]
    outcome = subprocess.run([*command, "-sigfile", "../signature.bin"], cwd=content, capture_output=True, check=False)
    assert outcome.returncode == 0, outcome.stderr


def test_the_custody_log_is_a_chain(built: Built) -> None:
    at = datetime(2026, 4, 9, tzinfo=UTC)
    for who in ("one", "two"):
        custody.append(built.folder, built.package_sha256, who, "handed over", "for review", at)
    log = built.folder / "custody.jsonl"
    whole = log.read_text(encoding="utf-8")
    assert [e.who for e in custody.entries(built.folder)] == ["a colleague", "one", "two"]
    assert verify(built.folder).holds
    log.write_text(whole.replace('"one"', '"someone"'), encoding="utf-8")
    assert verify(built.folder).faults == ("custody entry 3 does not follow entry 2: the chain is broken there",)
    with pytest.raises(PackageError, match="broken and takes no more entries"):
        custody.append(built.folder, built.package_sha256, "three", "handed over", "for review")
    log.write_text("".join(whole.splitlines(keepends=True)[1:]), encoding="utf-8")
    assert "custody entry 1 does not follow entry 0: the chain is broken there" in verify(built.folder).faults
    log.write_text(whole.replace(built.package_sha256, "0" * 64), encoding="utf-8")
    assert "custody entry 1 is about another content" in verify(built.folder).faults
    log.unlink()
    assert "custody.jsonl is missing" in verify(built.folder).faults


def test_it_is_rebuilt_from_its_own_rows_when_the_releases_are_gone(built: Built, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "home" / "published")
    found = rebuild(built.folder)
    assert found.is_identical
    assert found.differing == ()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"lock_sha256": "0" * 64}, "under a lock of libraries"),
        ({"engines": {"duckdb": "1.0.0"}}, "run `make env`"),
        ({"builder_sha256": "0" * 64}, "another version of the builder, at code revision"),
    ],
)
def test_another_maker_is_refused(built: Built, monkeypatch: pytest.MonkeyPatch, change: dict[str, object], says: str) -> None:
    other = identity.this_maker().model_copy(update=change)
    monkeypatch.setattr(rebuilding, "this_maker", lambda: other)
    with pytest.raises(PackageError, match=says):
        rebuild(built.folder)


def test_the_builder_is_all_that_writes_into_a_package() -> None:
    """What composing imports from elsewhere is part of the builder, or only finds, reads and hashes."""
    reading = {
        "landing.files",
        "publishing.manifest",
        "publishing.reading",
        "publishing.release",
        "publishing.releases",
        "settings",
    }
    named = {source.removesuffix(".py").replace("/", ".") for source in identity.SOURCES}
    for path in (identity.PROJECT_ROOT / "orchestration/packaging").glob("*.py"):
        for found in re.findall(r"^from orchestration\.([a-z_.]+) import", path.read_text(encoding="utf-8"), re.MULTILINE):
            assert found.startswith("packaging") or found in named | reading, (path.name, found)


def test_changed_content_is_not_rebuilt_from(built: Built) -> None:
    (built.folder / "content" / "answers.yml").write_text("answers: {}\n", encoding="utf-8")
    with pytest.raises(PackageError, match="not as it was sealed"):
        rebuild(built.folder)


def test_a_folder_that_is_no_package_says_where_they_lie(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="is no package"):
        verify(tmp_path)


def test_the_manifest_says_what_it_stands_on(built: Built) -> None:
    manifest = json.loads((built.folder / "content" / "manifest.json").read_text(encoding="utf-8"))
    stands_on = manifest["identity"]
    assert (stands_on["evidence"]["release_id"], stands_on["record"]["release_id"]) == (EVIDENCE, RECORD)
    assert stands_on["absent_tables"] == []
    rows = {f["path"]: f["rows"] for f in manifest["files"]}
    assert rows["rows/case_accounts.parquet"] == 3
