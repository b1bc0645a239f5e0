"""Which releases a package of a case stands on.

Belongs here: the evidence is the release the reviewer saw, so that nobody is judged by what came later; the record is a
later release, the current one unless told, that knows what was decided.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from orchestration.packaging.errors import PackageError
from orchestration.publishing.manifest import read_manifest
from orchestration.publishing.reading import records
from orchestration.publishing.releases import current_release, list_releases


class ReleaseRef(BaseModel):
    """A release by name and content, and why it was chosen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    release_id: str
    as_of_date: date
    content_hash: str
    code_revision: str
    ruleset_version: str
    calibration_status: str
    chosen_because: str


class CaseSubject(BaseModel):
    """Whom a case is about: its leads, and its actor where it has one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case_id: str
    lead_ids: tuple[str, ...]
    actor_id: str | None
    clause_id: str | None


class Chosen(BaseModel):
    """The case with its two releases and their folders."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: CaseSubject
    evidence: ReleaseRef
    record: ReleaseRef
    evidence_folder: Path
    record_folder: Path


def choose(published: Path, case_id: str, release: str | None = None, record: str | None = None) -> Chosen:
    """Return the case and its releases.

    `release` overrides the evidence release, `record` the release that knows the decisions. Raises PackageError when the
    case is unknown, a release is not kept, or the record is older than the evidence.
    """
    record_folder = _kept(published, record, "asked for with --record") if record else current_release(published)
    cases = records(record_folder, "select * from cases where case_id = ?", [case_id])
    if not cases:
        raise PackageError(
            f"{case_id} is no case of release {record_folder.name}; `stillwatch cases` lists them, "
            "and --record names another release"
        )
    case = cases[0]
    leads = tuple(str(case["lead_ids"] or "").split(",")) if case["lead_ids"] else ()
    name, why = _seen(record_folder, case_id, leads, release)
    evidence_folder = _kept(published, name, why) if name else record_folder
    clauses = records(
        evidence_folder,
        "select max(suggested_clause) as clause from review_queue where list_contains(?, lead_id)",
        [list(leads)],
    )
    evidence = _reference(evidence_folder, why)
    known = _reference(record_folder, "it was asked for with --record" if record else "it is the current release")
    if known.as_of_date < evidence.as_of_date:
        raise PackageError(
            f"the record {known.release_id} is older than the evidence {evidence.release_id}; name a later one with --record, "
            "or an earlier one with --release"
        )
    return Chosen(
        subject=CaseSubject(
            case_id=case_id,
            lead_ids=leads,
            actor_id=case["actor_id"],
            clause_id=case["policy_clause_id"] or clauses[0]["clause"],
        ),
        evidence=evidence,
        record=known,
        evidence_folder=evidence_folder,
        record_folder=record_folder,
    )


def _seen(record: Path, case_id: str, leads: Sequence[str], asked: str | None) -> tuple[str | None, str]:
    """Return the release id and why: as asked, else the one the verdict names, else the first action's, else the record."""
    if asked:
        return asked, "it was asked for with --release"
    verdicts = records(
        record,
        "select release_id, review_id as id from reviews where list_contains(?, lead_id) and verdict is not null "
        "and release_id is not null order by is_verdict_of_lead desc, decided_at desc, review_id limit 1",
        [list(leads)],
    )
    if verdicts:
        return verdicts[0]["release_id"], f"the verdict {verdicts[0]['id']} names it as the one its reviewer saw"
    actions = records(
        record,
        "select release_id, action_id as id from actions where case_id = ? and release_id is not null "
        "order by decided_at, action_id limit 1",
        [case_id],
    )
    if actions:
        return actions[0]["release_id"], f"the action {actions[0]['id']} names it; no verdict does"
    return None, "no verdict and no action names a release, so it is the record's own"


def _kept(published: Path, release_id: str, why: str) -> Path:
    folder = published / release_id
    if release_id in ("", ".", "..") or "/" in release_id or not (folder / "manifest.json").is_file():
        known = ", ".join(m.release_id for m in list_releases(published)) or "none"
        raise PackageError(
            f"release {release_id} is not kept under {published} ({why}); kept are {known}. "
            "Choose one with --release; the package will say so"
        )
    return folder.resolve()


def _reference(folder: Path, why: str) -> ReleaseRef:
    manifest = read_manifest(folder)
    return ReleaseRef(
        release_id=manifest.release_id,
        as_of_date=manifest.as_of_date,
        content_hash=manifest.content_hash,
        code_revision=manifest.code_revision,
        ruleset_version=manifest.ruleset_version,
        calibration_status=manifest.calibration_status,
        chosen_because=why,
    )
