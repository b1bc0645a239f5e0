"""A part of the parsed dbt project kept as a file, and the digest by which it is known to be that of the files as they are.

Belongs here: keeping and taking up. dbt's own partial parse reads every YAML file again, and gives back the whole project.
"""

import os
from collections.abc import Iterable
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from dbt.contracts.graph.manifest import Manifest
from dbt.parser.manifest import extended_mashumaro_encoder, extended_mashumuro_decoder

from orchestration.settings import PROJECT_ROOT

_PARSED_FILES = ("dbt_project.yml", "profiles.yml")
_PARSED_FOLDERS = ("models", "seeds", "macros", "tests/data", "expectations/marts")
_PARSERS = ("dbt-core", "dbt-adapters", "dbt-duckdb", "dbt-common", "mashumaro")


def digest_of_project(chooser: Path) -> str:
    """Return one digest of all that a part of the parsed project follows from; `chooser` is the file that says which part."""
    digest = sha256(os.environ.get("STILLWATCH_TARGET", "").encode())
    for parser in _PARSERS:
        digest.update(f"{parser} {version(parser)}\n".encode())
    for path in [chooser, *(PROJECT_ROOT / name for name in _PARSED_FILES), *_files_of(_PARSED_FOLDERS)]:
        digest.update(f"{path} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _files_of(folders: Iterable[str]) -> list[Path]:
    return sorted(path for folder in folders for path in (PROJECT_ROOT / folder).rglob("*") if path.is_file())


def take_up(folder: Path, digest: str) -> Manifest | None:
    """Return what was kept of the project with this digest, None where nothing was."""
    kept = folder / _name(digest)
    if not kept.is_file():
        return None
    project = Manifest.from_msgpack(kept.read_bytes(), decoder=extended_mashumuro_decoder)
    project.build_flat_graph()
    return project


def keep(project: Manifest, folder: Path, digest: str) -> None:
    """Keep a part of the project under its digest, in place of those of earlier files."""
    written = folder / f".{os.getpid()}.msgpack"
    written.write_bytes(project.to_msgpack(extended_mashumaro_encoder))  # pyright: ignore[reportArgumentType]
    written.replace(folder / _name(digest))
    for earlier in folder.glob(_name("*")):
        if earlier.name != _name(digest):
            earlier.unlink(missing_ok=True)


def _name(digest: str) -> str:
    return f"night-{digest}.msgpack"
