"""Where a package comes from, as W3C PROV-JSON: releases and answers used, the build, its files, who is responsible.

Belongs here: the graph. It has no clock: when things happened is in the custody log.
"""

import json
from pathlib import Path
from typing import Any

from orchestration.landing.files import sha256_of
from orchestration.packaging.answers import Answers
from orchestration.packaging.choosing import ReleaseRef
from orchestration.packaging.identity import Identity

PREFIX = "https://stillwatch.invalid/prov#"


def write_provenance(identity: Identity, answers: Answers, content: Path) -> None:
    """Write exports/prov.json over every file the content has so far."""
    files = sorted(p for p in content.rglob("*") if p.is_file())
    hashes = {p.relative_to(content).as_posix(): sha256_of(p) for p in files}
    text = json.dumps(provenance(identity, answers, hashes), indent=1, sort_keys=True, ensure_ascii=False)
    (content / "exports" / "prov.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def provenance(identity: Identity, answers: Answers, hashes: dict[str, str]) -> dict[str, Any]:
    """Return the PROV-JSON document: entities are files and releases, the activity is the build, agents program and person."""
    made = {f"sw:file/{path}": digest for path, digest in hashes.items()}
    releases = {f"sw:release/{r.release_id}": r for r in (identity.evidence, identity.record)}
    return {
        "prefix": {"sw": PREFIX},
        "entity": {
            **{name: {"sw:sha256": digest} for name, digest in made.items()},
            **{name: _release(release) for name, release in releases.items()},
        },
        "activity": {"sw:build": {"sw:case_id": identity.subject.case_id, "sw:lock_sha256": identity.maker.lock_sha256}},
        "agent": {
            "sw:stillwatch": {"prov:type": "prov:SoftwareAgent", "sw:code_revision": identity.maker.code_revision},
            "sw:answering": {"prov:type": "prov:Person", "sw:role": answers.answered_by},
        },
        "used": {f"_:u{n}": {"prov:activity": "sw:build", "prov:entity": name} for n, name in enumerate(sorted(releases))},
        "wasGeneratedBy": {f"_:g{n}": {"prov:activity": "sw:build", "prov:entity": name} for n, name in enumerate(sorted(made))},
        "wasAssociatedWith": {"_:a0": {"prov:activity": "sw:build", "prov:agent": "sw:stillwatch"}},
        "wasAttributedTo": {"_:t0": {"prov:entity": "sw:file/answers.yml", "prov:agent": "sw:answering"}},
    }


def _release(release: ReleaseRef) -> dict[str, str]:
    return {
        "prov:type": "sw:release",
        "sw:content_hash": release.content_hash,
        "sw:as_of_date": str(release.as_of_date),
        "sw:code_revision": release.code_revision,
    }
