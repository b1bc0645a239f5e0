"""The nearest decided cases, what was done in them, and whether what is done or proposed here departs from it.

Belongs here: the comparison. An action that was overturned supports nothing; severity is the release's own rank.
"""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from orchestration.packaging.answers import Answers
from orchestration.packaging.facts import Facts, Row


class Precedent(BaseModel):
    """One decided case beside this one: how like it is, what stands of what was done, what was overturned."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case_id: str
    has_same_clause: bool
    has_same_tactic: bool
    account_count: int
    strength_grade: str | None
    decided_on: str
    standing: tuple[str, ...]
    overturned: tuple[str, ...]

    @property
    def supports(self) -> bool:
        """Whether anything stands that an action here could lean on."""
        return bool(self.standing)


class Departure(BaseModel):
    """An action that is milder or more severe than anything that stands in the precedents."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    surface: str
    action_type: str
    says: str
    tense: str


class Measure(BaseModel):
    """The severest action on one surface, taken or proposed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    surface: str
    action_type: str
    account_count: int
    tense: str
    reason: str


def has_overturned_precedent(precedent: Row) -> bool:
    """Return whether any action of a precedent was overturned."""
    return bool(precedent["has_overturned_action"]) or precedent["outcome"] == "overturned"


def precedents_of(facts: Facts) -> tuple[Precedent, ...]:
    """Return the precedents, nearest first."""
    return tuple(_precedent(facts, row) for row in facts["precedents"])


def measures(facts: Facts, answers: Answers) -> tuple[Measure, ...]:
    """Return what was done, the severest standing action of each surface, and after it what a person proposes."""
    rank = _ranks(facts)
    done: list[Measure] = []
    for surface in sorted({str(a["surface"]) for a in facts["actions"]}):
        rows = [a for a in facts["actions"] if a["surface"] == surface and not a["is_overturned"]]
        if not rows:
            continue
        severest = min(rows, key=lambda a: (-rank.get(a["action_type"], 0), a["action_type"]))["action_type"]
        accounts = {a["account_id"] for a in rows if a["action_type"] == severest}
        done.append(
            Measure(surface=surface, action_type=severest, account_count=len(accounts), tense="taken", reason="on record")
        )
    proposed = [
        Measure(surface=p.surface, action_type=p.action_type, account_count=0, tense="proposed", reason=p.reason)
        for p in sorted(answers.proposed_actions, key=lambda p: (p.surface, p.action_type))
    ]
    return (*done, *proposed)


def departures(facts: Facts, answers: Answers) -> tuple[Departure, ...]:
    """Return the measures outside the range of what stands in the precedents, on the same surface where any acted there."""
    rank = _ranks(facts)
    found: list[Departure] = []
    for measure in measures(facts, answers):
        here = rank.get(measure.action_type)
        severest = _severest_by_case(facts, measure.surface, rank)
        if here is None or not severest:
            continue
        low, high = min(severest), max(severest)
        if low <= here <= high:
            continue
        words = "more severe" if here > high else "milder"
        says = (
            f"{words} than in all {len(severest)} precedents that stand"
            if len(severest) > 1
            else f"{words} than in the one that stands"
        )
        found.append(Departure(surface=measure.surface, action_type=measure.action_type, says=says, tense=measure.tense))
    return tuple(found)


def _severest_by_case(facts: Facts, surface: str, rank: dict[str, int]) -> Sequence[int]:
    standing = [r for r in facts["precedent_actions"] if not r["is_overturned"]]
    there = [r for r in standing if r["surface"] in (surface, "all")]
    rows = there or standing
    cases = sorted({r["case_id"] for r in rows})
    return [max(rank.get(r["action_type"], 0) for r in rows if r["case_id"] == case) for case in cases]


def _ranks(facts: Facts) -> dict[str, int]:
    return {r["action_type"]: r["severity_rank"] for r in facts["action_severities"] if r["severity_rank"] is not None}


def _precedent(facts: Facts, row: Row) -> Precedent:
    acted = [r for r in facts["precedent_actions"] if r["case_id"] == row["case_id"]]
    return Precedent(
        case_id=row["case_id"],
        has_same_clause=row["policy_clause_id"] is not None and row["policy_clause_id"] == facts.identity.subject.clause_id,
        has_same_tactic=row["tactic_id"] is not None and row["tactic_id"] == facts.case["tactic_id"],
        account_count=row["account_count"],
        strength_grade=row["strength_grade"],
        decided_on=str(row["decided_at"].date()) if row["decided_at"] else "",
        standing=tuple(_told(r) for r in acted if not r["is_overturned"]),
        overturned=tuple(_told(r) for r in acted if r["is_overturned"]),
    )


def _told(row: Row) -> str:
    return f"{row['action_type']} on {row['surface']} ({row['account_count']} accounts)".replace("_", " ")
