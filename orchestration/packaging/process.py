"""What was irregular in how a case was handled: findings about us, not about the people it is about.

Belongs here: the checks, each a sentence with its count. They stand at the top of a package, whatever else it says.
"""

from pydantic import BaseModel, ConfigDict

from orchestration.packaging.answers import Answers
from orchestration.packaging.facts import NEEDING_A_VERDICT, RESTRICTING, Facts, Row
from orchestration.packaging.precedents import departures, has_overturned_precedent
from orchestration.reporting.formats import listed, plural


class Irregularity(BaseModel):
    """One finding about the process: its id, its sentence, and the ids of rows it rests on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    finding_id: str
    sentence: str
    rows: tuple[str, ...]


def irregularities(facts: Facts, answers: Answers) -> tuple[Irregularity, ...]:
    """Return what was irregular, the gravest first."""
    found = [
        _without_verdict(facts),
        _automated(facts),
        _without_evidence(facts),
        _weakly_graded(facts),
        _held_members(facts),
        _strangers(facts),
        _other_release(facts),
        _without_notice(facts),
        _same_person(facts),
        _incomplete_record(facts),
        _departing(facts, answers),
        _overturned_precedents(facts),
    ]
    return tuple(f for f in found if f is not None)


def is_decided_by_a_person(facts: Facts, action: Row) -> bool:
    """Return whether a reviewer had found a violation in the case before the action was decided."""
    return any(
        r["verdict"] == "violation" and r["decided_at"] is not None and r["decided_at"] <= action["decided_at"]
        for r in facts["reviews"]
    )


def _without_verdict(facts: Facts) -> Irregularity | None:
    rows = [a for a in facts["actions"] if a["action_type"] in NEEDING_A_VERDICT and not is_decided_by_a_person(facts, a)]
    return _found(
        "no_prior_verdict",
        f"{_actions(rows)} suspended or terminated an account before any reviewer had found a violation in this case.",
        rows,
    )


def _automated(facts: Facts) -> Irregularity | None:
    rows = [a for a in facts["actions"] if a["escalation_path"] == "automated" and a["action_type"] in RESTRICTING]
    return _found("automated", f"{_actions(rows)} came by the automated path, without a person's decision on record.", rows)


def _without_evidence(facts: Facts) -> Irregularity | None:
    rows = [] if facts.speaking else [a for a in facts["actions"] if a["action_type"] in RESTRICTING]
    return _found("no_evidence", f"{_actions(rows)} limit use although no signal spoke for it in the evidence.", rows)


def _weakly_graded(facts: Facts) -> Irregularity | None:
    rows = [a for a in facts["actions"] if a["action_type"] in RESTRICTING] if facts.case["strength_grade"] == "D" else []
    return _found("weakest_grade", f"{_actions(rows)} limit use in a case that Legal and Policy grade D.", rows)


def _held_members(facts: Facts) -> Irregularity | None:
    rows = [
        a
        for a in facts["actions"]
        if a["action_type"] in RESTRICTING and facts.members.get(a["account_id"], {}).get("basis") == "hold"
    ]
    return _found(
        "held_member",
        f"{_actions(rows)} limited an account that the evidence holds back from action: linked by behaviour alone or too weakly.",
        rows,
    )


def _strangers(facts: Facts) -> Irregularity | None:
    if facts.actor is None:
        return None
    rows = [a for a in facts["actions"] if a["action_type"] in RESTRICTING and a["account_id"] not in facts.members]
    return _found(
        "not_a_member",
        f"{_actions(rows)} limited an account that was no member of the actor on the night of the evidence; "
        "its ground is not in this package.",
        rows,
    )


def _other_release(facts: Facts) -> Irregularity | None:
    used = facts.identity.evidence.release_id
    named = {str(r["release_id"]) for r in [*facts["reviews"], *facts["actions"]] if r["release_id"]}
    others = sorted(named - {used})
    rows = [r for r in [*facts["reviews"], *facts["actions"]] if r["release_id"] in others]
    return _found(
        "other_release",
        f"Reviews or actions name other releases than the evidence shown here: {listed(others)}.",
        rows,
    )


def _without_notice(facts: Facts) -> Irregularity | None:
    rows = [
        a
        for a in facts["actions"]
        if a["action_type"] in RESTRICTING
        and a["effective_at"] is not None
        and (a["notice_sent_at"] is None or a["notice_sent_at"] > a["effective_at"])
    ]
    return _found("no_notice", f"{_actions(rows)} took effect before a notice was sent, or without one.", rows)


def _same_person(facts: Facts) -> Irregularity | None:
    rows = [a for a in facts["appeals"] if a["is_independent"] is False]
    said = f"{plural(len(rows), 'appeal')} {'was' if len(rows) == 1 else 'were'} decided by whoever had decided the action."
    return _found("appeal_not_independent", said, rows)


def _incomplete_record(facts: Facts) -> Irregularity | None:
    rows = [a for a in facts["actions"] if a["release_id"] is None or a["lead_id"] is None or a["policy_version"] is None]
    return _found("incomplete_record", f"{_actions(rows)} do not name the release, the lead or the policy's version.", rows)


def _departing(facts: Facts, answers: Answers) -> Irregularity | None:
    found = departures(facts, answers)
    if not found:
        return None
    told = listed([f"{d.action_type.replace('_', ' ')} on {d.surface.replace('_', ' ')}, {d.tense}: {d.says}" for d in found])
    return Irregularity(finding_id="departs_from_precedents", sentence=f"Departs from precedent: {told}.", rows=())


def _overturned_precedents(facts: Facts) -> Irregularity | None:
    rows = [p["case_id"] for p in facts["precedents"] if has_overturned_precedent(p)]
    if not rows:
        return None
    said = (
        f"{plural(len(rows), 'precedent')} had actions overturned; what was overturned supports no action here: {listed(rows)}."
    )
    return Irregularity(finding_id="overturned_precedent", sentence=said, rows=tuple(rows))


def _found(finding_id: str, sentence: str, rows: list[Row] | list[dict[str, object]]) -> Irregularity | None:
    if not rows:
        return None
    ids = tuple(str(r.get("appeal_id") or r.get("action_id") or r.get("review_id")) for r in rows)
    return Irregularity(finding_id=finding_id, sentence=sentence, rows=ids)


def _actions(rows: list[dict[str, object]] | list[Row]) -> str:
    return plural(len(rows), "action")
