"""Landing filled forms as `review_decisions`: all of them or none.

Belongs here: ids, second reviews, the kept answers and the landing file. The warehouse takes the rows in on its next night,
like any other delivery.
"""

import hashlib
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict

from orchestration.contract import landing_contract
from orchestration.durable import write_durably
from orchestration.publishing.reading import records
from orchestration.publishing.releases import list_releases
from orchestration.reviewing.asking import ReviewError, answers_text, asking_of
from orchestration.reviewing.checking import problems
from orchestration.reviewing.form import Form, Problem, read_form

TABLE = "review_decisions"
_TYPES = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "TIMESTAMP": pa.timestamp("us"),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
}
_KNOWN: tuple[str, ...] = ("review_id", "lead_id", "reviewer_hash", "decided_at", "is_second_review")
Row = dict[str, Any]


class Landed(BaseModel):
    """What an import landed: the file, and per review its id, lead, verdict and whether it is a second one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path
    reviews: tuple[dict[str, str | bool | None], ...]


def review_id_of(lead_id: str, release_id: str, reviewer_hash: int) -> str:
    """Return `rev_` and 16 hex digits of SHA-256 over lead, release and reviewer: a corrected form is the same review."""
    return "rev_" + hashlib.sha256(f"{lead_id}|{release_id}|{reviewer_hash}".encode()).hexdigest()[:16]


def land(
    files: Sequence[Path],
    reviewer_hash: int,
    arrived_on: date,
    *,
    published: Path,
    landing: Path,
    kept: Path,
    published_reviewer_hash: int | None = None,
) -> Landed:
    """Check every form and land them as one file; nothing is written when one is wrong.

    `published` is the home's folder of releases, `landing` the landing folder, `kept` where the answers are kept, one file
    named by review and content, `published_reviewer_hash` the reviewer's hash as releases hold it, where ids are re-keyed.
    Raises ReviewError with one line for every problem of every file.
    """
    found, filled = _read(files)
    released = {m.release_id: m.as_of_date for m in list_releases(published)}
    for file, form in filled:
        if form.release_id not in released:
            found.append(Problem(file=file, field="release_id", message=f"no release {form.release_id} under {published}"))
            continue
        asked = asking_of(published / form.release_id)
        if form.lead_id not in asked.queue:
            message = f"{form.lead_id} is not in the queue of {form.release_id}"
            found.append(Problem(file=file, field="lead_id", message=message))
            continue
        expected = asked.form(asked.queue[form.lead_id], blind=form.context is None)
        found += problems(file, form, expected, released[form.release_id], arrived_on)
    found += _twice(filled)
    if found:
        listed = sorted(found, key=lambda one: (one.file, [step.zfill(4) for step in one.field.split(".")]))
        lines = [f"  {one.file}: {one.field or 'file'}: {one.message}" for one in listed]
        raise ReviewError("\n".join([f"nothing was landed: {len(lines)} problems in {len(files)} forms", *lines]))
    known = _known_reviews(published, landing)
    same_person = {reviewer_hash, published_reviewer_hash}
    rows = [_row(form, reviewer_hash, same_person, known) for _, form in filled]
    for (_, form), row in zip(filled, rows, strict=True):
        write_durably(kept / f"{row['rationale_ref']}.json", answers_text(form).encode())
    path = _write(rows, landing / TABLE / f"arrived_on={arrived_on}")
    told = ("review_id", "lead_id", "verdict", "is_second_review")
    return Landed(path=path, reviews=tuple({name: row[name] for name in told} for row in rows))


def _read(files: Sequence[Path]) -> tuple[list[Problem], list[tuple[str, Form]]]:
    found: list[Problem] = []
    filled: list[tuple[str, Form]] = []
    for path in files:
        form, problems_read = read_form(path)
        found += problems_read
        if form is not None:
            filled.append((path.name, form))
    return found, filled


def _twice(filled: Sequence[tuple[str, Form]]) -> list[Problem]:
    first: dict[tuple[str, str], str] = {}
    found: list[Problem] = []
    for file, form in filled:
        other = first.setdefault((form.lead_id, form.release_id), file)
        if other is not file:
            found.append(Problem(file=file, field="lead_id", message=f"{form.lead_id} is answered in {other} too"))
    return found


def _known_reviews(published: Path, landing: Path) -> list[Row]:
    """Return the reviews that have landed, from the current release and from landing files, which may be newer."""
    known = records(published / "current", f"select {', '.join(_KNOWN)} from reviews") if (published / "current").exists() else []
    if any((landing / TABLE).glob("arrived_on=*/*.parquet")):
        pattern = str(landing / TABLE / "arrived_on=*" / "*.parquet")
        with duckdb.connect() as connection:
            files = connection.read_parquet(pattern, union_by_name=True, hive_partitioning=False)
            # a column that a provider does not deliver reads as NULL
            chosen = ", ".join(name if name in files.columns else f"null as {name}" for name in _KNOWN)
            known += [dict(zip(_KNOWN, row, strict=True)) for row in files.project(chosen).fetchall()]
    return known


def _row(form: Form, reviewer_hash: int, same_person: set[int | None], known: Sequence[Row]) -> Row:
    """Return the landed row; it is a second review when another person decided the lead first."""
    decision = form.decision
    review_id = review_id_of(form.lead_id, form.release_id, reviewer_hash)
    own = [row for row in known if row["review_id"] == review_id]
    others = [
        row
        for row in known
        if row["lead_id"] == form.lead_id and row["reviewer_hash"] not in same_person and row["decided_at"] is not None
    ]
    names_subject = form.subject_type in ("account", "actor")
    digest = hashlib.sha256(answers_text(form).encode()).hexdigest()[:16]
    return {
        "review_id": review_id,
        "lead_id": form.lead_id,
        "subject_type": form.subject_type if names_subject else decision.subject_type or "account",
        "subject_id": form.subject_id if names_subject else decision.subject_id,
        "release_id": form.release_id,
        "reviewer_hash": reviewer_hash,
        "opened_at": decision.opened_at,
        "decided_at": decision.decided_at,
        "verdict": decision.verdict,
        "policy_clause_id": decision.policy_clause_id,
        "tactic_id": decision.tactic_id,
        "role": decision.role,
        "lookalike_id": decision.lookalike_id,
        "confidence": decision.confidence,
        "is_second_review": any(row["is_second_review"] for row in own) if own else bool(others),
        "rationale_ref": f"{review_id}-{digest}",
    }


def _write(rows: Sequence[Row], partition: Path) -> Path:
    """Write the rows in one rename; the file is named by its content, so that an import done again changes nothing."""
    schema = pa.schema([(column.name, _TYPES[column.type]) for column in landing_contract().tables[TABLE].columns])
    table = pa.Table.from_pylist(sorted(rows, key=lambda row: row["review_id"]), schema=schema)
    told = "\n".join(repr(sorted(row.items())) for row in table.to_pylist())
    path = partition / f"reviews-{hashlib.sha256(told.encode()).hexdigest()[:16]}.parquet"
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    write_durably(path, buffer.getvalue())
    return path
