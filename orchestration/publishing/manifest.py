"""The manifest of a release: what it holds, where it came from, and its content hash.

Belongs here: the manifest's shape and reading it back. The content hash covers the parts only, never a clock or run id.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from orchestration.publishing.catalogs import CatalogFile
from orchestration.publishing.facts import FactFile
from orchestration.publishing.parts import Part

RELEASE_SCHEMA_VERSION = 1


class InputFile(BaseModel):
    """One landing file a release stands on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    arrived_on: date
    rows: int
    sha256: str


class Superseded(BaseModel):
    """The release a release replaces, why, and the cases whose decisions stood on it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    release_id: str
    reason: str
    case_ids: tuple[str, ...]


class GateNight(BaseModel):
    """What one gate said of one run, kept from release to release; `unmet` holds warnings too."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of_date: date
    gate: str
    success: bool
    checked_count: int
    unmet: tuple[str, ...]


class Intake(BaseModel):
    """What became of the rows of one landing table that arrived in the release's run; delivered is the sum of the others."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    delivered: int
    accepted: int
    repeated: int
    quarantined: int


class Manifest(BaseModel):
    """manifest.json of one release.

    `settings` holds the numbers it was made with that stand in no table, by part: `review_queue`, `measurement`. `gates` is this
    run's result in full, `gate_nights` that of every run since the first kept one, oldest first. `facts` are the rows its
    estimates are made from, `catalog` says what its tables are. A release written before these were kept has none of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    release_id: str
    as_of_date: date
    content_hash: str
    contract_version: int
    schema_version: int
    code_revision: str
    ruleset_version: str
    calibration_status: str
    ids_rekeyed: bool
    id_epoch: int | None = None
    """Epoch of the key of ids; None where they stand as they landed."""
    inputs: tuple[InputFile, ...]
    parts: tuple[Part, ...]
    facts: tuple[FactFile, ...] = ()
    catalog: CatalogFile | None = None
    tables: dict[str, int]
    settings: dict[str, dict[str, Any]] = {}
    gates: tuple[dict[str, Any], ...]
    gate_nights: tuple[GateNight, ...] = ()
    quarantined: dict[str, int]
    """Rows ever quarantined, by table and reason; `released` is how many of them a sound copy released again."""
    released: dict[str, int] = {}
    intake: dict[str, Intake] = {}
    supersedes: Superseded | None


def gate_nights_of(earlier: Iterable[GateNight], first_as_of: date, gates: Iterable[dict[str, Any]]) -> tuple[GateNight, ...]:
    """Return the gate results before `first_as_of`, and after them those of a run that begins there."""
    now = (
        GateNight(
            as_of_date=gate["as_of"],
            gate=gate["gate"],
            success=gate["success"],
            checked_count=len(gate["findings"]),
            unmet=tuple(finding["message"] for finding in gate["findings"] if not finding["success"]),
        )
        for gate in gates
    )
    return (*(night for night in earlier if night.as_of_date < first_as_of), *now)


def content_hash(parts: Iterable[Part], contract_version: int) -> str:
    """Return the SHA-256 over the contract version and every part's table, name and SHA-256."""
    digest = hashlib.sha256(f"contract {contract_version}\n".encode())
    for part in sorted(parts, key=lambda p: (p.table, p.part)):
        digest.update(f"{part.table} {part.part} {part.sha256}\n".encode())
    return digest.hexdigest()


def release_id_of(as_of_date: date, digest: str) -> str:
    """Return the release id: the as-of date and twelve hex digits of the content hash."""
    return f"{as_of_date}-{digest[:12]}"


def read_manifest(release: Path) -> Manifest:
    """Return the manifest of a release folder."""
    return Manifest.model_validate_json((release / "manifest.json").read_text(encoding="utf-8"))


def write_manifest(manifest: Manifest, release: Path) -> None:
    """Write manifest.json, sorted and indented so that two of them can be compared by eye."""
    text = json.dumps(manifest.model_dump(mode="json"), indent=1, sort_keys=True, ensure_ascii=False)
    (release / "manifest.json").write_text(text + "\n", encoding="utf-8")
