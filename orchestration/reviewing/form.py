"""The review form: what a reviewer is shown and what the reviewer writes into it.

Belongs here: the shape of the file and how it is read and written. What a lead's form asks is in `asking.py`, whether its
answers hold together in `checking.py`.
"""

from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

LARGEST_FILE = 1_000_000
FREE_WORDS = 400


class Said(StrEnum):
    """An answer to a question of fact."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def _spelled_out(value: Any) -> Any:
    """YAML reads a bare yes or no as true or false."""
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


def _in_utc(value: datetime) -> datetime:
    return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value


Answer = Annotated[Said, BeforeValidator(_spelled_out)]
Moment = Annotated[datetime, AfterValidator(_in_utc)]
Words = Annotated[str, Field(max_length=FREE_WORDS, pattern=r"^[^\r\n]+$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Question(_Part):
    """One question; `answer` is yes, no or unknown, a share from 0 to 1, or a reference, by `answer_kind`."""

    tactic_id: str
    question_id: str
    question: str
    answer_kind: Literal["yes_no_unknown", "share", "text_ref"]
    answer: Annotated[float | str | None, BeforeValidator(_spelled_out)] = None


class Lookalike(_Part):
    """An innocent explanation: whether it is ruled out, and by what."""

    lookalike_id: str
    title: str
    would_be_seen: str
    ruled_out: Answer | None = None
    because: Words | None = None


class Element(_Part):
    """What a clause asks to be shown, and whether it is."""

    element_id: str
    element: str
    shown_by: str
    shown: Answer | None = None


class Clause(_Part):
    """A clause in force on the release's day, with its elements; only those of the clause found breached are answered."""

    policy_clause_id: str
    clause_version: int
    title: str
    clause_text: str
    elements: tuple[Element, ...]


class Context(_Part):
    """What detection says of the lead; a blind form has none."""

    priority: int
    selection: str
    stratum: str | None
    why: tuple[str, ...]
    against: tuple[str, ...]
    how_sure: str
    suggested_clause: str | None
    due_at: Moment


class Allowed(_Part):
    """What a decision may name."""

    verdicts: tuple[str, ...]
    roles: tuple[str, ...]
    tactics: tuple[str, ...]


class Decision(_Part):
    """What the reviewer decides. `subject_type` and `subject_id` are for a lead whose subject is not known yet."""

    verdict: str | None = None
    policy_clause_id: str | None = None
    tactic_id: str | None = None
    role: str | None = None
    lookalike_id: str | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    reason: Words | None = None
    missing: Words | None = None
    subject_type: Literal["account", "actor"] | None = None
    subject_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,200}$")] | None = None
    opened_at: Moment | None = None
    decided_at: Moment | None = None


class Form(_Part):
    """One lead's form."""

    lead_id: str
    subject_type: str
    subject_id: str
    release_id: str
    framework_version: int
    answer_by: date
    context: Context | None = None
    allowed: Allowed
    questions: tuple[Question, ...]
    lookalikes: tuple[Lookalike, ...]
    clauses: tuple[Clause, ...]
    decision: Decision = Decision()


class Problem(_Part):
    """What is wrong with one field of one file."""

    file: str
    field: str
    message: str


class _NoTwins(yaml.CSafeLoader):
    """Refuses a mapping that says one key twice: the second would silently win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key.value!r} stands twice", key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def read_form(path: Path) -> tuple[Form | None, list[Problem]]:
    """Read a form from YAML or JSON; return it, or every problem that keeps it from being one."""
    name = path.name
    try:
        if path.stat().st_size > LARGEST_FILE:
            return None, [Problem(file=name, field="", message=f"is larger than {LARGEST_FILE:,} bytes; no form is")]
        found = yaml.load(path.read_text(encoding="utf-8"), _NoTwins)
    except (OSError, UnicodeDecodeError) as error:
        return None, [Problem(file=name, field="", message=f"cannot be read: {error}")]
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        return None, [Problem(file=name, field="", message=f"is neither YAML nor JSON: {' '.join(str(error).split())}")]
    try:
        return Form.model_validate(found), []
    except ValidationError as error:
        return None, [
            Problem(file=name, field=".".join(str(step) for step in detail["loc"]), message=detail["msg"])
            for detail in error.errors()
        ]


def write_form(form: Form, folder: Path) -> Path:
    """Write a form as `<folder>/<lead_id>.yml`; a blind form says nothing of a context."""
    kept = form.model_dump(mode="json", exclude={"context"} if form.context is None else None)
    path = folder / f"{form.lead_id}.yml"
    path.write_text(
        yaml.dump(kept, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=110), encoding="utf-8", newline="\n"
    )
    return path
