"""What follows from the parsed dbt project, kept as files, and the digest by which each is known to be of the files as they are.

Belongs here: keeping and taking up the part of a night, and the catalog. dbt's own partial parse reads every YAML file again, and
gives back the whole project.
"""

import os
from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from dbt.contracts.graph.manifest import Manifest
from dbt.parser.manifest import extended_mashumaro_encoder, extended_mashumuro_decoder

from orchestration.settings import PROJECT_ROOT, Target

_PARSED_FILES = ("dbt_project.yml", "profiles.yml")
_PARSED_FOLDERS = ("models", "seeds", "macros", "tests/data", "expectations/marts")
_PROJECT, _CATALOG = "night-{}.msgpack", "catalog-{}.json"
_PARSERS = ("dbt-core", "dbt-adapters", "dbt-common", "mashumaro")
_ADAPTERS: Mapping[Target, tuple[str, ...]] = {"duckdb": ("dbt-duckdb",), "spark": ("dbt-duckdb", "dbt-spark")}


def digest_of_project(target: Target, *choosers: Path) -> str:
    """Return one digest of all that a part of the parsed project follows from; `choosers` are the files that say which part."""
    digest = sha256(target.encode())
    for parser in (*_PARSERS, *_ADAPTERS[target]):
        digest.update(f"{parser} {_version(parser)}\n".encode())
    for path in [*choosers, *(PROJECT_ROOT / name for name in _PARSED_FILES), *_files_of(_PARSED_FOLDERS)]:
        digest.update(f"{path} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _version(package: str) -> str:
    # an optional group has dbt-spark: without it the digest stands and dbt says what is missing
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def _files_of(folders: Iterable[str]) -> list[Path]:
    return sorted(path for folder in folders for path in (PROJECT_ROOT / folder).rglob("*") if path.is_file())


def take_up(folder: Path, digest: str) -> Manifest | None:
    """Return what was kept of the project with this digest, None where nothing was."""
    kept = folder / _PROJECT.format(digest)
    if not kept.is_file():
        return None
    project = Manifest.from_msgpack(kept.read_bytes(), decoder=extended_mashumuro_decoder)
    project.build_flat_graph()
    return project


def keep(project: Manifest, folder: Path, digest: str) -> None:
    """Keep a part of the project under its digest, in place of those of earlier files."""
    packed = project.to_msgpack(extended_mashumaro_encoder)  # pyright: ignore[reportArgumentType]
    _keep_bytes(packed, folder, _PROJECT, digest)


def take_up_catalog(folder: Path, digest: str) -> str | None:
    """Return the text of the catalog that was kept with this digest, None where none was."""
    kept = folder / _CATALOG.format(digest)
    return kept.read_text(encoding="utf-8", errors="replace") if kept.is_file() else None


def keep_catalog(text: str, folder: Path, digest: str) -> None:
    """Keep the text of a catalog under its digest, in place of those of earlier files."""
    _keep_bytes(text.encode(), folder, _CATALOG, digest)


def _keep_bytes(content: bytes, folder: Path, name: str, digest: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / f".{os.getpid()}.kept"
    written.write_bytes(content)
    written.replace(folder / name.format(digest))
    for earlier in folder.glob(name.format("*")):
        if earlier.name != name.format(digest):
            earlier.unlink(missing_ok=True)
