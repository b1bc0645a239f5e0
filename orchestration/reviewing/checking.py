"""Whether a filled form holds together: every question answered, and each verdict with what it has to show.

Belongs here: rules about one form. A violation names its clause with every element shown, its tactic, role
and confidence, and rules every look-alike out; benign names the look-alike that held, or a reason; insufficient says what
was missing.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import duckdb

from expectations.privacy import privacy_list
from orchestration.reviewing.form import Decision, Form, Problem, Question, Said

INNOCENT_ROLES = frozenset({"authorised", "benign"})
_REFERENCE = re.compile(r"[A-Za-z0-9_.:/-]{1,120}")
_Found = Iterator[tuple[str, str]]


def problems(file: str, form: Form, asked: Form, as_of: date, arrived_on: date) -> list[Problem]:
    """Return what is wrong with `form`, in the order of its fields.

    `asked` is the form as the release asks it, without answers; `as_of` the release's as-of date; `arrived_on` the day the
    answers are to arrive on.
    """
    found = [*_altered(form, asked)]
    if not found:
        found = [*_answers(form), *_decision(form, as_of, arrived_on), *_words(form)]
    return [Problem(file=file, field=field, message=message) for field, message in found]


def blank(form: Form) -> Form:
    """Return the form without what a reviewer writes."""
    return form.model_copy(
        update={
            "questions": tuple(question.model_copy(update={"answer": None}) for question in form.questions),
            "lookalikes": tuple(one.model_copy(update={"ruled_out": None, "because": None}) for one in form.lookalikes),
            "clauses": tuple(
                clause.model_copy(
                    update={"elements": tuple(element.model_copy(update={"shown": None}) for element in clause.elements)}
                )
                for clause in form.clauses
            ),
            "decision": Decision(),
        }
    )


def _altered(form: Form, asked: Form) -> _Found:
    given, expected = blank(form), blank(asked)
    for field in type(form).model_fields:
        if getattr(given, field) != getattr(expected, field):
            yield field, "is not what the release asks; export the form again and fill in only the answers"


def _answers(form: Form) -> _Found:
    for number, question in enumerate(form.questions):
        wrong = _wrong_answer(question)
        if wrong:
            yield f"questions.{number}.answer", f"{question.question_id}: {wrong}"


def _wrong_answer(question: Question) -> str | None:
    answer = question.answer
    if answer is None:
        return "is not answered"
    if answer == Said.UNKNOWN.value:
        return None
    if question.answer_kind == "share":
        is_share = isinstance(answer, float) and 0 <= answer <= 1
        return None if is_share else f"must be a share from 0 to 1, or unknown; given {answer!r}"
    if question.answer_kind == "text_ref":
        is_reference = isinstance(answer, str) and _REFERENCE.fullmatch(answer) is not None
        return None if is_reference else f"must be a reference without blanks, none or unknown; given {answer!r}"
    return None if answer in (Said.YES.value, Said.NO.value) else f"must be yes, no or unknown; given {answer!r}"


def _decision(form: Form, as_of: date, arrived_on: date) -> _Found:
    decision = form.decision
    yield from _times(decision.opened_at, decision.decided_at, as_of, arrived_on)
    yield from _subject(form)
    if decision.verdict not in form.allowed.verdicts:
        yield "decision.verdict", f"must be one of {', '.join(form.allowed.verdicts)}; given {decision.verdict!r}"
        return
    yield from {"violation": _violation, "benign": _benign, "insufficient": _insufficient}[decision.verdict](form)


def _times(opened_at: datetime | None, decided_at: datetime | None, as_of: date, arrived_on: date) -> _Found:
    if opened_at is None:
        yield "decision.opened_at", "is required: when the review was opened, UTC"
    elif opened_at.date() < as_of:
        yield "decision.opened_at", f"is before the release's as-of date {as_of}"
    if decided_at is None:
        yield "decision.decided_at", "is required: when it was decided, UTC"
    elif opened_at is not None and decided_at < opened_at:
        yield "decision.decided_at", f"is before opened_at {opened_at}"
    if decided_at is not None and decided_at >= datetime.combine(arrived_on, datetime.min.time()) + timedelta(days=1):
        yield "decision.decided_at", f"is after the arrival day {arrived_on}; give a later --arrived-on"


def _subject(form: Form) -> _Found:
    named = form.decision.subject_type is not None or form.decision.subject_id is not None
    if form.subject_type in ("account", "actor"):
        if named and (form.decision.subject_type, form.decision.subject_id) != (form.subject_type, form.subject_id):
            yield "decision.subject_id", f"the lead is about {form.subject_type} {form.subject_id}; leave the subject empty"
    elif form.decision.verdict == "violation" and not (form.decision.subject_type and form.decision.subject_id):
        yield "decision.subject_id", "is required with subject_type: the lead does not say who it is about, the violation must"


def _violation(form: Form) -> _Found:
    decision = form.decision
    clause = next((one for one in form.clauses if one.policy_clause_id == decision.policy_clause_id), None)
    if clause is None:
        known = ", ".join(one.policy_clause_id for one in form.clauses)
        yield "decision.policy_clause_id", f"a violation needs one of {known}; given {decision.policy_clause_id!r}"
    else:
        at = form.clauses.index(clause)
        for number, element in enumerate(clause.elements):
            if element.shown is not Said.YES:
                yield (
                    f"clauses.{at}.elements.{number}.shown",
                    f"a violation of {clause.policy_clause_id} shows {element.element_id}; given "
                    f"{element.shown.value if element.shown else 'no answer'}",
                )
    if decision.tactic_id not in form.allowed.tactics:
        yield "decision.tactic_id", f"a violation needs one of {', '.join(form.allowed.tactics)}; given {decision.tactic_id!r}"
    roles = [role for role in form.allowed.roles if role not in INNOCENT_ROLES]
    if decision.role not in roles:
        yield "decision.role", f"a violation needs one of {', '.join(roles)}; given {decision.role!r}"
    if decision.confidence is None:
        yield "decision.confidence", "a violation needs a confidence from 0 to 1"
    if decision.lookalike_id is not None:
        yield "decision.lookalike_id", "no innocent explanation holds in a violation; leave it empty"
    for number, lookalike in enumerate(form.lookalikes):
        if lookalike.ruled_out is not Said.YES:
            yield (
                f"lookalikes.{number}.ruled_out",
                f"a violation rules {lookalike.lookalike_id} out; answer yes, or decide otherwise",
            )
        elif not lookalike.because:
            yield f"lookalikes.{number}.because", f"say by what {lookalike.lookalike_id} is ruled out"


def _benign(form: Form) -> _Found:
    decision = form.decision
    if decision.lookalike_id is None and not decision.reason:
        yield "decision.lookalike_id", "benign names the look-alike that held, or gives a reason"
    if decision.lookalike_id is not None:
        held = next((one for one in form.lookalikes if one.lookalike_id == decision.lookalike_id), None)
        if held is None:
            known = ", ".join(one.lookalike_id for one in form.lookalikes)
            yield "decision.lookalike_id", f"must be one of {known}, or give a reason; given {decision.lookalike_id!r}"
        elif held.ruled_out is Said.YES:
            yield "decision.lookalike_id", f"{held.lookalike_id} is ruled out above and cannot have held"
    if decision.role is not None and decision.role not in INNOCENT_ROLES:
        yield "decision.role", f"benign goes with {', '.join(sorted(INNOCENT_ROLES))} or none; given {decision.role!r}"
    yield from _no_clause(form)


def _insufficient(form: Form) -> _Found:
    if not form.decision.missing:
        yield "decision.missing", "insufficient says what was missing"
    for field in ("role", "lookalike_id"):
        if getattr(form.decision, field) is not None:
            yield f"decision.{field}", "insufficient names none; leave it empty"
    yield from _no_clause(form)


def _no_clause(form: Form) -> _Found:
    for field in ("policy_clause_id", "tactic_id"):
        if getattr(form.decision, field) is not None:
            yield f"decision.{field}", "only a violation names it; leave it empty"


def _words(form: Form) -> _Found:
    """Search what people wrote for what must never be kept: addresses, numbers, prompt text."""
    written = [
        ("decision.reason", form.decision.reason),
        ("decision.missing", form.decision.missing),
        *((f"lookalikes.{n}.because", one.because) for n, one in enumerate(form.lookalikes)),
    ]
    if not any(words for _, words in written):
        return
    kinds = [kind for kind in privacy_list().values if kind.regex and kind.columns is None]
    with duckdb.connect() as connection:
        for field, words in written:
            for kind in kinds if words else ():
                if connection.execute(f"select {kind.condition('?')}", [words]).fetchall()[0][0]:
                    yield field, f"holds what looks like {kind.kind}; refer to it by its hash or by a reference"
