"""The seal of a package: its manifest, and the list of SHA-256 sums over every file.

Belongs here: what is hashed and how a folder is checked against it. The list is in the form of `sha256sum`, so that no program
of ours is needed to check it, and its own SHA-256 stands for the whole content.
"""

import hashlib
import json
from pathlib import Path

import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict, ValidationError

from orchestration.landing.files import sha256_of
from orchestration.packaging.errors import PackageError
from orchestration.packaging.identity import Identity

SUMS = "SHA256SUMS"
MANIFEST = "manifest.json"


class ContentFile(BaseModel):
    """One file of the content: path inside it, bytes, rows of a table, SHA-256."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    bytes: int
    rows: int | None
    sha256: str


class PackageManifest(BaseModel):
    """manifest.json: what the package is of, what made it, and its files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    identity: Identity
    files: tuple[ContentFile, ...]


def seal(content: Path, identity: Identity) -> str:
    """Write manifest.json and SHA256SUMS into `content`; return the SHA-256 of the latter, the package's hash."""
    files = tuple(_described(content, path) for path in _paths(content) if path not in (MANIFEST, SUMS))
    manifest = PackageManifest(identity=identity, files=files)
    text = json.dumps(manifest.model_dump(mode="json"), indent=1, sort_keys=True, ensure_ascii=False)
    (content / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
    sums = {f.path: f.sha256 for f in files} | {MANIFEST: sha256_of(content / MANIFEST)}
    listed = "".join(f"{digest}  {path}\n" for path, digest in sorted(sums.items()))
    (content / SUMS).write_text(listed, encoding="utf-8", newline="\n")
    return package_hash(content)


def package_hash(content: Path) -> str:
    """Return the SHA-256 of SHA256SUMS."""
    return hashlib.sha256((content / SUMS).read_bytes()).hexdigest()


def read_package_manifest(content: Path) -> PackageManifest:
    """Return a package's manifest; PackageError when it is not one."""
    try:
        return PackageManifest.model_validate_json((content / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise PackageError(f"{content / MANIFEST} is not the manifest of a package: {error}") from error


def faults_of(content: Path) -> list[str]:
    """Return what does not hold between the content and SHA256SUMS, in words; nothing when every byte is as sealed."""
    if not (content / SUMS).is_file():
        return [f"{SUMS} is missing: the content was never sealed, or the list was taken away"]
    try:
        stated = _stated((content / SUMS).read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError):
        return [f"{SUMS} is not a list of sums"]
    found = {path for path in _paths(content) if path != SUMS}
    faults = [f"{path} is missing" for path in sorted(set(stated) - found)]
    faults += [f"{path} is not on the list" for path in sorted(found - set(stated))]
    for path in sorted(found & set(stated)):
        if sha256_of(content / path) != stated[path]:
            faults.append(f"{path} was changed: its SHA-256 is not the one on the list")
    if MANIFEST not in stated:
        faults.append(f"{MANIFEST} is not on the list")
    return faults


def _stated(text: str) -> dict[str, str]:
    pairs = [line.split("  ", 1) for line in text.splitlines()]
    return {path: digest for digest, path in pairs}


def _paths(content: Path) -> list[str]:
    return sorted(p.relative_to(content).as_posix() for p in content.rglob("*") if not p.is_dir())


def _described(content: Path, path: str) -> ContentFile:
    where = content / path
    rows = pq.read_metadata(where).num_rows if where.suffix == ".parquet" else None
    return ContentFile(path=path, bytes=where.stat().st_size, rows=rows, sha256=sha256_of(where))
