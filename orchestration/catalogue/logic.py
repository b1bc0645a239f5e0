"""What a signal's numbers rest on, as one hash: its own SQL and every macro of the project that it reaches.

Belongs here: the walk from a signal over macros, read from dbt's manifest, and the hash. Macros of dbt itself are pinned by
`uv.lock`; models that a signal reads are not its logic, and any signal would change with any of them.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from orchestration.settings import PROJECT_ROOT, Home
from orchestration.warehouse.transform import parse_project


class Macro(BaseModel):
    """One macro of the project: its text as it stands in the file, and the ids of the macros that it calls."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    calls: tuple[str, ...] = ()


def project_logic(home: Home | None = None) -> dict[str, str]:
    """Return the SHA-256 of every signal's logic, by signal id; TransformError when the dbt project does not parse."""
    manifest: Any = parse_project(home or Home(root=PROJECT_ROOT / "var" / "catalogue", target="duckdb"))
    project = manifest.metadata.project_name
    macros = {
        name: Macro(text=macro.macro_sql, calls=tuple(macro.depends_on.macros))
        for name, macro in manifest.macros.items()
        if macro.package_name == project
    }
    return {
        node.name: logic_sha256((PROJECT_ROOT / Path(node.original_file_path)).read_bytes(), node.depends_on.macros, macros)
        for node in manifest.nodes.values()
        if node.resource_type == "model" and node.name.startswith("sig_")
    }


def reached(calls: Mapping[str, Macro], first: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Return the ids of the macros in `calls` that `first` lead to, they included, in text order."""
    found: set[str] = set()
    waiting = [name for name in first if name in calls]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [called for called in calls[name].calls if called in calls]
    return tuple(sorted(found))


def logic_sha256(sql: bytes, first: list[str], macros: Mapping[str, Macro]) -> str:
    """Return the SHA-256 over a signal's file and the text of each macro it reaches, each under its id."""
    digest = hashlib.sha256(sql)
    for name in reached(macros, first):
        digest.update(f"\n{name}\n{macros[name].text.strip()}".encode())
    return digest.hexdigest()
