"""The exculpatory questions: what could speak for the people a case is about, each to be answered by a person.

Belongs here: which questions the frozen rows raise. A question is never answered here, and a case raises at least one.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from orchestration.packaging.facts import Facts
from orchestration.publishing.notes import MOST_LOOKALIKES, innocent_explanations, ruled_out_by_links

QuestionKind = Literal["ordinary_use", "lookalike", "mitigating", "coverage", "contract", "membership", "network", "dissent"]


class Question(BaseModel):
    """One question: its id, its kind, the question, and the rows of the package that raise it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question_id: str
    kind: QuestionKind
    question: str
    raised_by: str


def questions_of(facts: Facts) -> tuple[Question, ...]:
    """Return every question the frozen rows raise, in reading order."""
    return (
        _ask(
            "ordinary_use",
            "ordinary_use",
            "What would have to be true for all of this to be ordinary use, and was it looked for?",
            "every case",
        ),
        *_lookalikes(facts),
        *_mitigating(facts),
        *_coverage(facts),
        *_contracts(facts),
        *_membership(facts),
        *_network(facts),
        *_dissent(facts),
    )


def named_lookalikes(facts: Facts) -> tuple[str, ...]:
    """Return the innocent explanations that a lead's note names for the subject, and those that a reviewer found to hold."""
    known = {r["lookalike_id"] for r in facts["lookalikes"]}
    of_signals = {name: str(entry["lookalikes"]).split(", ") for name, entry in facts.registry.items()}
    kinds = {r["link_kind"] for r in facts["account_links"]}
    ruled_out = ruled_out_by_links(kinds, is_actor=facts.actor is not None)
    named = [n for n in innocent_explanations(facts.speaking, of_signals, ruled_out) if n in known][:MOST_LOOKALIKES]
    held = sorted({str(r["lookalike_id"]) for r in facts["reviews"] if r["lookalike_id"]})
    return tuple(dict.fromkeys([*named, *held]))


def _lookalikes(facts: Facts) -> list[Question]:
    words = {r["lookalike_id"]: r for r in facts["lookalikes"]}
    asked: list[Question] = []
    for name in named_lookalikes(facts):
        title = words[name]["title"] if name in words else name.replace("_", " ")
        told_apart = f" It would be told apart by {words[name]['ruled_out_by']}." if name in words else ""
        asked.append(
            _ask(f"lookalike/{name}", "lookalike", f"Could this be {title}?{told_apart}", "the signals' look-alikes and verdicts")
        )
    return asked


def _mitigating(facts: Facts) -> list[Question]:
    return [
        _ask(
            f"mitigating/{reason['signal_id']}",
            "mitigating",
            f"This speaks against the case: {reason['text']} Why does the case stand all the same, or does it not?",
            f"scores, {reason['signal_id']}",
        )
        for reason in facts.mitigating
    ]


def _coverage(facts: Facts) -> list[Question]:
    missing = list(facts.identity.absent_tables)
    share = facts.score["coverage_share"] if facts.score else None
    if (share is None or share >= 1) and not missing:
        return []
    said = "The subject has no score" if share is None else f"Only {share:.0%} of the signals for this subject could be computed"
    lacking = f", and the release has no {', '.join(missing)}" if missing else ""
    return [
        _ask("coverage", "coverage", f"{said}{lacking}. Could what is missing change the picture?", "scores and signal_coverage")
    ]


def _contracts(facts: Facts) -> list[Question]:
    held = [r for r in facts["accounts"] if r["contract_id"] or r["approved_use"]]
    return [
        _ask(
            f"contract/{row['account_id']}",
            "contract",
            f"{row['account_id']} holds contract {row['contract_id'] or 'of unknown id'} for "
            f"{row['approved_use'] or 'an unnamed use'}. Does it cover what was done?",
            "accounts",
        )
        for row in held
    ]


def _membership(facts: Facts) -> list[Question]:
    held = [a for a, row in facts.members.items() if row["basis"] == "hold"]
    if not held:
        return []
    return [
        _ask(
            "membership",
            "membership",
            f"{len(held)} of {len(facts.members)} members are linked by behaviour alone or too weakly to act on. "
            "Are they left out of every action, and if not, on what ground of their own are they in?",
            "actor_members",
        )
    ]


def _network(facts: Facts) -> list[Question]:
    if not any(facts.registry[r["signal_id"]]["family"] == "network" for r in facts.speaking if r["signal_id"] in facts.registry):
        return []
    return [
        _ask(
            "network",
            "network",
            "Part of the evidence is the network that requests come from. Would the finding stand without it, "
            "for somebody who uses a privacy network to speak freely?",
            "signal_hits, family network",
        )
    ]


def _dissent(facts: Facts) -> list[Question]:
    reviews = [
        _ask(
            f"dissent/{row['review_id']}",
            "dissent",
            f"A reviewer found {row['verdict']}. Why does the case go on against that verdict, or does it not?",
            "reviews",
        )
        for row in facts.verdicts
        if row["verdict"] != "violation"
    ]
    assessments = [
        _ask(
            f"dissent/{row['assessment_id']}",
            "dissent",
            f"An assessor ({row['assessor_role']}) dissents on {str(row['rubric_line']).replace('_', ' ')}, "
            f"grade {row['grade']} of 4. What is the answer to that dissent?",
            "assessments",
        )
        for row in facts["assessments"]
        if row["dissent"]
    ]
    appeals = [
        _ask(
            f"dissent/{row['appeal_id']}",
            "dissent",
            f"An appeal was {str(row['outcome']).replace('_', ' ')} on {row['ground'] or 'no stated'} ground. "
            "What follows for the other accounts of the case?",
            "appeals",
        )
        for row in facts["appeals"]
        if row["outcome"] in ("overturned", "partially_overturned")
    ]
    return [*reviews, *assessments, *appeals]


def _ask(question_id: str, kind: QuestionKind, question: str, raised_by: str) -> Question:
    return Question(question_id=question_id, kind=kind, question=question, raised_by=raised_by)
