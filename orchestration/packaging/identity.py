"""What a package is a package of, and what made it.

Belongs here: case, releases, the lock of libraries, the builder's own source and the engines. A package can be rebuilt only
where the last three are the same.
"""

import hashlib
import platform
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from orchestration.landing.files import sha256_of
from orchestration.packaging.choosing import CaseSubject, Chosen, ReleaseRef
from orchestration.packaging.errors import PackageError
from orchestration.publishing.release import code_revision
from orchestration.settings import PROJECT_ROOT

FORMAT_VERSION = 1
ENGINES = ("duckdb", "pyarrow", "jinja2", "markdown-it-py", "stix2", "pydantic", "pyyaml")
SOURCES = (
    "chained_log.py",
    "key_files.py",
    "packaging",
    "publishing/notes.py",
    "reporting/content_policy.py",
    "reporting/formats.py",
    "reporting/metric_words.py",
    "reporting/metric_words.yml",
)
"""What the bytes of a package come from, under orchestration/."""


class Maker(BaseModel):
    """What made a package: hash of the lock of libraries, of the builder's source, and the engines' versions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lock_sha256: str
    builder_sha256: str
    code_revision: str
    engines: dict[str, str]


class Identity(BaseModel):
    """Case, releases and maker of a package."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: int
    subject: CaseSubject
    evidence: ReleaseRef
    record: ReleaseRef
    absent_tables: tuple[str, ...]
    maker: Maker


def identify(chosen: Chosen, absent_tables: tuple[str, ...]) -> Identity:
    """Return the identity of a package made here and now of a case."""
    return Identity(
        format_version=FORMAT_VERSION,
        subject=chosen.subject,
        evidence=chosen.evidence,
        record=chosen.record,
        absent_tables=absent_tables,
        maker=this_maker(),
    )


def this_maker() -> Maker:
    """Return what packages made here are made by; PackageError without the lock of libraries."""
    lock = PROJECT_ROOT / "uv.lock"
    if not lock.is_file():
        raise PackageError(
            f"{lock} must be there to say which libraries make a package; work from a checkout, where `make env` installs it"
        )
    return Maker(
        lock_sha256=sha256_of(lock),
        builder_sha256=_builder_sha256(),
        code_revision=code_revision(),
        engines={"python": ".".join(platform.python_version_tuple()[:2]), **{name: version(name) for name in ENGINES}},
    )


def _builder_sha256() -> str:
    digest = hashlib.sha256()
    root = PROJECT_ROOT / "orchestration"
    found = [path for source in SOURCES for path in _files(root / source)]
    for path in sorted(found):
        digest.update(f"{path.relative_to(root).as_posix()} {sha256_of(path)}\n".encode())
    return digest.hexdigest()


def _files(source: Path) -> list[Path]:
    if source.is_file():
        return [source]
    return [path for path in source.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
