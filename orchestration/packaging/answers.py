"""The answers of a person to the exculpatory questions, and the template they are written in.

Belongs here: reading, checking and writing `answers.yml`. A question left open, in whole or in part, stops the build.
"""

import textwrap
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from orchestration.packaging.errors import AnswersError
from orchestration.packaging.identity import Identity
from orchestration.packaging.questions import Question

Finding = Literal["does_not_hold", "holds", "could_not_tell"]
Surface = Literal["api", "chat", "coding_agent", "partner_cloud", "all"]
ActionType = Literal[
    "warning", "rate_limit", "feature_block", "suspension", "termination", "victim_notice", "key_revocation", "no_action"
]
FINDING_WORDS: dict[Finding, str] = {
    "does_not_hold": "does not hold",
    "holds": "holds, and weakens the case",
    "could_not_tell": "could not be told either way",
}
FINDING_WORDS_OF_MANY: dict[Finding, str] = {
    "does_not_hold": "do not hold",
    "holds": "hold, and weaken the case",
    "could_not_tell": "could not be told either way",
}
FEWEST_WORDS = 3
MOST_CHARACTERS = 2000


class Answer(BaseModel):
    """Whether a point in favour of the subject holds, why, and where that can be looked up."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    finding: Finding
    answer: str = Field(max_length=MOST_CHARACTERS)
    ref: str | None = Field(default=None, max_length=200)


class ProposedAction(BaseModel):
    """What a person proposes to do on one surface, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    surface: Surface
    action_type: ActionType
    reason: str = Field(min_length=1, max_length=MOST_CHARACTERS)


class Answers(BaseModel):
    """The answers to one case's questions, and the actions a person proposes, if any."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case_id: str
    evidence_release: str
    record_release: str
    answered_by: str = Field(min_length=1, max_length=200)
    answered_on: date
    answers: dict[str, Answer]
    proposed_actions: tuple[ProposedAction, ...] = ()


def read_answers(path: Path, identity: Identity, questions: Sequence[Question]) -> Answers:
    """Return the answers in a file; AnswersError names every question that is open, unknown or answered in a wrong way."""
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise AnswersError(f"{path} cannot be read as YAML ({error}); write a template with --template") from error
    if not isinstance(given, dict) or not isinstance(given.get("answers"), dict):
        raise AnswersError(f"{path} must be a mapping with `answers`; write a template with --template")
    _check_answered(given["answers"], questions, path)
    try:
        found = Answers.model_validate(given)
    except ValidationError as error:
        wrong = "\n".join(f"  {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise AnswersError(f"{path} has values that cannot stand:\n{wrong}") from error
    stands_for = (found.case_id, found.evidence_release, found.record_release)
    asked_for = (identity.subject.case_id, identity.evidence.release_id, identity.record.release_id)
    if stands_for != asked_for:
        raise AnswersError(
            f"{path} answers {' / '.join(stands_for)} (case, evidence, record) but the package is of {' / '.join(asked_for)}: "
            "the questions may differ. Answer a new template, or choose the releases with --release and --record"
        )
    return found


def _check_answered(given: dict[str, object], questions: Sequence[Question], path: Path) -> None:
    asked = {question.question_id: question for question in questions}
    faults = [f"  {name}: no such question in this package" for name in given if name not in asked]
    for name, question in asked.items():
        entry = given.get(name)
        text = str(entry.get("answer") or "") if isinstance(entry, dict) else ""
        if not isinstance(entry, dict) or not entry.get("finding") or not text.strip():
            faults.append(f"  {name}: {question.question}")
        elif len(text.split()) < FEWEST_WORDS:
            faults.append(f"  {name}: the answer must say why, in at least {FEWEST_WORDS} words")
    if faults:
        listed = "\n".join(faults)
        raise AnswersError(
            f"{len(faults)} exculpatory questions of {path} are open or wrongly answered, so nothing was built:\n{listed}\n"
            f"Each needs `finding` ({', '.join(FINDING_WORDS)}) and `answer`; --template writes a file with all of them"
        )


def template(identity: Identity, questions: Sequence[Question]) -> str:
    """Return a file to fill in: every question as a comment above its empty answer."""
    lines = [
        "# Exculpatory questions. Every one needs a finding and an answer in words; without, no package is built.",
        f"# finding: {' | '.join(f'{key} ({words})' for key, words in FINDING_WORDS.items())}",
        "# Never paste prompts or completions, names, addresses or raw identifiers: refer to them by an opaque reference.",
        f"case_id: {_quoted(identity.subject.case_id)}",
        f"evidence_release: {_quoted(identity.evidence.release_id)}",
        f"record_release: {_quoted(identity.record.release_id)}",
        "answered_by: ''  # role or keyed hash of the person who answers",
        "answered_on:     # YYYY-MM-DD",
        "answers:",
    ]
    for question in questions:
        comment = textwrap.wrap(_one_line(question.question), 110)
        lines += ["", *(f"  # {line}" for line in comment), f"  # Raised by: {question.raised_by}"]
        lines += [f"  {_quoted(question.question_id)}:", "    finding:", "    answer: ''", "    ref:"]
    lines += [
        "",
        "# What is proposed, where nothing was decided yet; leave it empty to propose nothing.",
        "# - {surface: api, action_type: suspension, reason: ...}",
        "proposed_actions: []",
    ]
    return "\n".join(lines) + "\n"


def write_answers(answers: Answers, content: Path) -> None:
    """Write the answers as the package keeps them: equal answers give equal bytes, whatever the layout of the file given."""
    text = yaml.safe_dump(answers.model_dump(mode="json"), sort_keys=True, allow_unicode=True, width=10_000)
    (content / "answers.yml").write_text(text, encoding="utf-8", newline="\n")


def kept_answers(content: Path) -> Answers:
    """Return the answers a package keeps."""
    return Answers.model_validate(yaml.safe_load((content / "answers.yml").read_text(encoding="utf-8")))


def _quoted(text: str) -> str:
    return yaml.safe_dump(text, width=10_000).removesuffix("\n...\n").strip()


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
