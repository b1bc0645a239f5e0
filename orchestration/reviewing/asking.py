"""What a lead's form asks: the questions of its tactics, look-alikes to rule out, and the clauses in force.

Belongs here: reading a published release. A form is blind for audit leads, and for all when asked: it then says nothing of
score, rank, selection, stratum or signals, and asks the same of every lead.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.contract import landing_contract
from orchestration.publishing.manifest import read_manifest
from orchestration.publishing.notes import LeadNote, lead_notes
from orchestration.publishing.reading import leads, records
from orchestration.reviewing.form import Allowed, Clause, Context, Element, Form, Lookalike, Question
from orchestration.scoring.settings import QueueSettings

ANY = "any"


class ReviewError(RuntimeError):
    """Forms that cannot be written or answers that cannot be landed; the message says why, one line a problem."""


def forms(release: Path, *, only: Collection[str] = (), limit: int | None = None, blind: bool = False) -> list[Form]:
    """Return the forms of a release's queue by lead id: those named in `only`, else the first `limit` by priority.

    Raises ReviewError when a lead is not in the release's queue.
    """
    asked = asking_of(release)
    queue = asked.queue
    missing = sorted(set(only) - set(queue))
    if missing:
        raise ReviewError(
            f"no lead {', '.join(missing)} in the queue of {release.name}; `stillwatch leads` lists its {len(queue)} leads"
        )
    chosen = list(only) or list(queue)[:limit]
    return [asked.form(queue[lead_id], blind=blind) for lead_id in sorted(set(chosen))]


class Asking:
    """Everything that the forms of one release are made of, read once; `queue` holds its leads by id, by priority."""

    def __init__(self, release: Path) -> None:
        manifest = read_manifest(release)
        self.queue: dict[str, Mapping[str, Any]] = {str(lead["lead_id"]): lead for lead in leads(release)}
        self._release_id, self._as_of = manifest.release_id, manifest.as_of_date
        self._notes: dict[str, LeadNote] = {note.lead_id: note for note in lead_notes(release)}
        self._version = _framework_version(release, self._as_of)
        self._questions = records(release, _QUESTIONS, [self._version])
        self._lookalikes = {row["lookalike_id"]: row for row in records(release, _LOOKALIKES)}
        self._speaking: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
        for row in records(release, _SPEAKING):
            self._speaking[(row["subject_type"], row["subject_id"])].append(row)
        self._clauses = tuple(_clauses(release, self._as_of))
        review = landing_contract().tables["review_decisions"]
        tactics = sorted({row["tactic_id"] for row in self._questions} - {ANY})
        self._allowed = Allowed(
            verdicts=tuple(review.column("verdict").vocabulary or ()),
            roles=tuple(review.column("role").vocabulary or ()),
            tactics=tuple(tactics),
        )

    def form(self, lead: Mapping[str, Any], *, blind: bool) -> Form:
        """Return the form of one lead of the queue."""
        blind = blind or str(lead["selection"]).startswith("audit")
        speaking = [] if blind else self._speaking[(lead["subject_type"], lead["subject_id"])]
        tactics = {row["tactic"] for row in speaking} | {ANY}
        return Form(
            lead_id=lead["lead_id"],
            subject_type=lead["subject_type"],
            subject_id=lead["subject_id"],
            release_id=self._release_id,
            framework_version=self._version,
            answer_by=self._as_of + timedelta(days=min(QueueSettings().due_days.values())) if blind else lead["due_at"].date(),
            context=None if blind else self._context(lead),
            allowed=self._allowed,
            questions=tuple(Question(**row) for row in self._questions if row["tactic_id"] in tactics),
            lookalikes=tuple(self._explanations(speaking)),
            clauses=self._clauses,
        )

    def _context(self, lead: Mapping[str, Any]) -> Context:
        note = self._notes[lead["lead_id"]]
        return Context(
            priority=lead["priority"],
            selection=lead["selection"],
            stratum=lead["stratum"],
            why=note.why,
            against=note.against,
            how_sure=note.how_sure,
            suggested_clause=lead["suggested_clause"],
            due_at=lead["due_at"],
        )

    def _explanations(self, speaking: list[Mapping[str, Any]]) -> list[Lookalike]:
        """Return the look-alikes of the signals that speak, by the evidence that would fall with them; else all of them."""
        weight: dict[str, float] = defaultdict(float)
        for row in speaking:
            for name in str(row["lookalikes"]).split(", "):
                weight[name] += float(row["evidence"])
        named = sorted((name for name in weight if name in self._lookalikes), key=lambda name: (-weight[name], name))
        return [
            Lookalike(
                lookalike_id=name,
                title=self._lookalikes[name]["title"],
                would_be_seen=self._lookalikes[name]["ruled_out_by"],
            )
            for name in named or sorted(self._lookalikes)
        ]


@cache
def asking_of(release: Path) -> Asking:
    """Return what the forms of a release are made of; a release never changes."""
    return Asking(release)


def _framework_version(release: Path, as_of: date) -> int:
    found = records(
        release,
        "select framework_version from framework_calendar where valid_from <= ? order by valid_from desc limit 1",
        [as_of],
    ) or records(release, "select framework_version from framework_calendar order by valid_from limit 1")
    return int(found[0]["framework_version"])


def _clauses(release: Path, as_of: date) -> list[Clause]:
    rows = records(release, _CLAUSES, [as_of, as_of])
    elements: dict[tuple[str, int], list[Element]] = defaultdict(list)
    for row in records(release, _ELEMENTS):
        key = (row.pop("policy_clause_id"), row.pop("clause_version"))
        elements[key].append(Element(**row))
    return [Clause(**row, elements=tuple(elements[(row["policy_clause_id"], row["clause_version"])])) for row in rows]


def answers_text(form: Form) -> str:
    """Return a filled form as canonical JSON: the same answers give the same bytes."""
    return json.dumps(form.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":")) + "\n"


_QUESTIONS = """
select tactic_id, question_id, question, answer_kind
from review_questions
where framework_version = ?
order by tactic_id <> 'any', tactic_id, question_id
"""
_LOOKALIKES = "select lookalike_id, title, ruled_out_by from lookalikes"
_SPEAKING = """
select
    hits.subject_type, hits.subject_id, registry.tactic, registry.lookalikes,
    greatest(hits.contribution, hits.resale_contribution) as evidence
from signal_hits as hits
inner join review_queue on hits.subject_type = review_queue.subject_type and hits.subject_id = review_queue.subject_id
inner join signal_registry as registry on hits.signal_id = registry.signal_id
where greatest(hits.contribution, hits.resale_contribution) > 0
order by hits.subject_type, hits.subject_id, hits.signal_id
"""
_CLAUSES = """
select policy_clause_id, clause_version, title, clause_text
from policy_clauses
where valid_from <= ? and (valid_to is null or valid_to > ?)
order by policy_clause_id
"""
_ELEMENTS = """
select policy_clause_id, clause_version, element_id, element, shown_by
from policy_clause_elements
order by policy_clause_id, clause_version, element_id
"""
