"""Verifying a package: every byte, the archive, the signature, the custody log.

Belongs here: what is checked and how the outcome is told. Nothing is written.
"""

import tempfile
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from orchestration.landing.files import sha256_of
from orchestration.packaging import custody, seal, signing
from orchestration.packaging.archive import ARCHIVE, write_archive
from orchestration.packaging.errors import PackageError


class Verified(BaseModel):
    """What was found: the package's hash, how it is signed, and what does not hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path
    case_id: str | None
    package_sha256: str | None
    state: str
    signed_by: str | None
    is_key_trusted: bool
    file_count: int
    custody_entry_count: int
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify(package: Path, trusted: Path | None = None) -> Verified:
    """Check a package folder; `trusted` is the public key it should be signed by, had from elsewhere.

    Raises PackageError when the folder is no package at all.
    """
    content = content_of(package)
    faults = seal.faults_of(content)
    digest = seal.package_hash(content) if (content / seal.SUMS).is_file() else None
    case_id, files = None, 0
    try:
        manifest = seal.read_package_manifest(content)
        case_id, files = manifest.identity.subject.case_id, len(manifest.files)
    except PackageError as error:
        faults.append(str(error))
    faults += _archive_faults(package, content)
    signer, signature_faults = signing.signature_faults(package, trusted)
    faults += signature_faults
    faults += custody.custody_faults(package, digest or "")
    return Verified(
        folder=package,
        case_id=case_id,
        package_sha256=digest,
        state="signed" if signing.is_signed(package) else "unsigned draft",
        signed_by=signer,
        is_key_trusted=trusted is not None and not signature_faults,
        file_count=files,
        custody_entry_count=len((package / custody.LOG).read_bytes().splitlines()) if (package / custody.LOG).is_file() else 0,
        faults=tuple(faults),
    )


def content_of(package: Path) -> Path:
    """Return the content folder of a package; PackageError when there is none."""
    if not (package / "content").is_dir():
        raise PackageError(
            f"{package} is no package: it must hold `content/`. Packages lie in <home>/packages/<case_id>/; "
            "an archive is unpacked first, with `tar -xf content.tar`"
        )
    return package / "content"


def _archive_faults(package: Path, content: Path) -> list[str]:
    kept = package / ARCHIVE
    if not kept.is_file():
        return []
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / ARCHIVE
        write_archive(content, again)
        same = sha256_of(again) == sha256_of(kept)
    return [] if same else [f"{ARCHIVE} does not hold the same as content/"]
