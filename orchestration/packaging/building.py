"""Building a package: freeze, ask, compose, seal, and only then put it in its place.

Belongs here: the order of things. Everything is made in a hidden folder and moved in one step; a package that exists is never
written again.
"""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict

from orchestration.packaging import custody
from orchestration.packaging.answers import Answers, read_answers, template, write_answers
from orchestration.packaging.archive import ARCHIVE, write_archive
from orchestration.packaging.choosing import Chosen
from orchestration.packaging.composing import write_certificates, write_finding
from orchestration.packaging.facts import Facts, read_facts
from orchestration.packaging.freezing import freeze
from orchestration.packaging.identity import Identity, identify
from orchestration.packaging.provenance import write_provenance
from orchestration.packaging.questions import questions_of
from orchestration.packaging.seal import seal
from orchestration.packaging.statement_of_reasons import write_statements
from orchestration.packaging.stix import write_bundle


class Built(BaseModel):
    """A package that was built: where it is, its hash, whether it is new, and what it stands on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case_id: str
    folder: Path
    package_sha256: str
    is_new: bool
    evidence_release: str
    evidence_chosen_because: str
    record_release: str
    custody_sha256: str | None


def build(
    chosen: Chosen,
    packages: Path,
    answers_file: Path,
    who: str,
    at: datetime | None = None,
    threads: int = 1,
) -> Built:
    """Build the package of a case under `packages`/<case_id>; nothing is left behind when a question is open.

    The folder is named by the evidence's as-of date and twelve hex digits of the package's hash. Content that exists already
    is left as it is, with its signature and custody log.
    """
    with _frozen(chosen, packages, threads) as (staging, facts):
        answers = read_answers(answers_file, facts.identity, questions_of(facts))
        digest = compose(staging / "content", facts, answers)
        name = f"{chosen.evidence.as_of_date}-{digest[:12]}"
        target = packages / folder_name(chosen.subject.case_id) / name
        is_new = not target.exists()
        logged = None
        if is_new:
            write_archive(staging / "content", staging / ARCHIVE)
            why = f"draft of case {chosen.subject.case_id} for a person to judge"
            logged = custody.append(staging, digest, who, "built", why, at)
            target.parent.mkdir(parents=True, exist_ok=True)
            staging.rename(target)
    return Built(
        case_id=chosen.subject.case_id,
        folder=target,
        package_sha256=digest,
        is_new=is_new,
        evidence_release=chosen.evidence.release_id,
        evidence_chosen_because=chosen.evidence.chosen_because,
        record_release=chosen.record.release_id,
        custody_sha256=logged,
    )


def folder_name(case_id: str) -> str:
    """Return the one folder name of a case: its id, with what a path would read as a step written as %XX.

    A case's id is minted elsewhere and may hold slashes.
    """
    quoted = quote(case_id, safe="")
    return quoted if not quoted.startswith(".") else f"%2E{quoted[1:]}"


def questions_template(chosen: Chosen, packages: Path) -> str:
    """Return the file of questions for a case, to be filled in by a person."""
    with _frozen(chosen, packages, threads=1) as (_, facts):
        return template(facts.identity, questions_of(facts))


def compose(content: Path, facts: Facts, answers: Answers) -> str:
    """Write everything that follows from the frozen rows and the answers into `content`, seal it, and return its hash."""
    write_answers(answers, content)
    write_finding(facts, answers, content)
    write_certificates(facts, content)
    (content / "exports").mkdir()
    write_bundle(facts, answers, content / "exports")
    write_statements(facts, content / "exports")
    write_provenance(facts.identity, answers, content)
    return seal(content, facts.identity)


@contextmanager
def _frozen(chosen: Chosen, packages: Path, threads: int) -> Generator[tuple[Path, Facts]]:
    packages.mkdir(parents=True, exist_ok=True)
    staging = packages / f".building-{os.getpid()}"
    shutil.rmtree(staging, ignore_errors=True)
    try:
        absent = freeze(chosen, staging / "content", threads)
        identity: Identity = identify(chosen, absent)
        yield staging, read_facts(staging / "content", identity)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
