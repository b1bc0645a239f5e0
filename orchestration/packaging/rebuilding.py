"""Rebuilding a package from the rows frozen inside it, where the same libraries and the same builder are at hand.

Belongs here: refusing under others, and comparing file by file. The releases are not needed and not read.
"""

import tempfile
from pathlib import Path

import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict

from orchestration.packaging import seal
from orchestration.packaging.answers import kept_answers
from orchestration.packaging.building import compose
from orchestration.packaging.errors import PackageError
from orchestration.packaging.facts import read_facts
from orchestration.packaging.freezing import write_rows
from orchestration.packaging.frozen_tables import TABLES
from orchestration.packaging.identity import Maker, this_maker
from orchestration.packaging.verifying import content_of


class Rebuilt(BaseModel):
    """What a rebuild gave: the hash then and now, and the files that differ."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    package_sha256: str
    rebuilt_sha256: str
    file_count: int
    differing: tuple[str, ...]

    @property
    def is_identical(self) -> bool:
        """Whether every file came out with the same bytes."""
        return self.package_sha256 == self.rebuilt_sha256


def rebuild(package: Path) -> Rebuilt:
    """Build a package again from its own rows, queries and answers, beside it, and compare; the package is only read.

    Raises PackageError when it was made under another lock of libraries, by another builder or on other engines, or when its
    content is not as it was sealed.
    """
    content = content_of(package)
    kept = seal.read_package_manifest(content)
    _refuse_other_maker(kept.identity.maker, this_maker())
    faults = seal.faults_of(content)
    if faults:
        raise PackageError(f"{package} is not as it was sealed, so there is nothing to rebuild from: {'; '.join(faults)}")
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / "content"
        (again / "rows").mkdir(parents=True)
        for table in TABLES:
            write_rows(pq.read_table(content / "rows" / f"{table.name}.parquet"), again / "rows", table.name)
        (again / "queries").mkdir()
        for query in sorted((content / "queries").iterdir()):
            (again / "queries" / query.name).write_bytes(query.read_bytes())
        digest = compose(again, read_facts(again, kept.identity), kept_answers(content))
        now = seal.read_package_manifest(again)
    return Rebuilt(
        package_sha256=seal.package_hash(content),
        rebuilt_sha256=digest,
        file_count=len(now.files),
        differing=_differing(kept, now),
    )


def _refuse_other_maker(then: Maker, now: Maker) -> None:
    if then.lock_sha256 != now.lock_sha256:
        raise PackageError(
            f"the package was made under a lock of libraries with SHA-256 {then.lock_sha256}, here uv.lock has "
            f"{now.lock_sha256}: other libraries may write other bytes. Check out code revision {then.code_revision}, "
            "run `make env`, and rebuild there"
        )
    if then.engines != now.engines:
        differing = [f"{k} {v} (here {now.engines.get(k)})" for k, v in then.engines.items() if now.engines.get(k) != v]
        raise PackageError(
            f"the package was made on {', '.join(differing)}; the lock is the same, so the environment does not follow it: "
            "run `make env`"
        )
    if then.builder_sha256 != now.builder_sha256:
        raise PackageError(
            f"the package was made by another version of the builder, at code revision {then.code_revision}: "
            f"check that revision out and rebuild there (its source has SHA-256 {then.builder_sha256}, here {now.builder_sha256})"
        )


def _differing(then: seal.PackageManifest, now: seal.PackageManifest) -> tuple[str, ...]:
    before = {f.path: f.sha256 for f in then.files}
    after = {f.path: f.sha256 for f in now.files}
    return tuple(sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path)))
