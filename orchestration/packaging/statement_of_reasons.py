"""Statements of reasons in the form of the DSA transparency database, one for each action that limits use.

Belongs here: the fields, their lengths and vocabularies (digital-services-act/transparency-database, read at 69e80a0b), enforced
by a model. Whether the Digital Services Act binds a provider is for Legal to say; this is an export, nothing is sent.
"""

import json
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from orchestration.packaging.facts import RESTRICTING, Facts
from orchestration.packaging.process import is_decided_by_a_person
from orchestration.packaging.sentences import reading
from orchestration.packaging.summaries import clause as clause_in_force

Account = Literal["DECISION_ACCOUNT_SUSPENDED", "DECISION_ACCOUNT_TERMINATED"]
Provision = Literal[
    "DECISION_PROVISION_PARTIAL_SUSPENSION",
    "DECISION_PROVISION_TOTAL_SUSPENSION",
    "DECISION_PROVISION_PARTIAL_TERMINATION",
    "DECISION_PROVISION_TOTAL_TERMINATION",
]


class StatementOfReasons(BaseModel):
    """One statement. At least one restriction is stated; texts keep the lengths of the database."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decision_account: Account | None = None
    decision_provision: Provision | None = None
    decision_ground: Literal["DECISION_GROUND_INCOMPATIBLE_CONTENT"] = "DECISION_GROUND_INCOMPATIBLE_CONTENT"
    incompatible_content_ground: Annotated[str, Field(min_length=1, max_length=500)]
    incompatible_content_explanation: Annotated[str, Field(min_length=1, max_length=2000)]
    incompatible_content_illegal: Literal["No"] = "No"
    content_type: tuple[Literal["CONTENT_TYPE_OTHER"], ...] = ("CONTENT_TYPE_OTHER",)
    content_type_other: Annotated[str, Field(min_length=1, max_length=500)]
    category: Literal["STATEMENT_CATEGORY_OTHER_VIOLATION_TC"] = "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"
    content_date: date
    application_date: date
    end_date_account_restriction: date | None = None
    end_date_service_restriction: date | None = None
    decision_facts: Annotated[str, Field(min_length=1, max_length=5000)]
    source_type: Literal["SOURCE_VOLUNTARY", "SOURCE_TYPE_OTHER_NOTIFICATION"]
    automated_detection: Literal["Yes", "No"]
    automated_decision: Literal["AUTOMATED_DECISION_FULLY", "AUTOMATED_DECISION_PARTIALLY", "AUTOMATED_DECISION_NOT_AUTOMATED"]
    puid: Annotated[str, Field(max_length=500, pattern=r"^[a-zA-Z0-9-_]+$")]

    @model_validator(mode="after")
    def _restricts_something(self) -> "StatementOfReasons":
        if self.decision_account is None and self.decision_provision is None:
            raise ValueError("a statement of reasons needs decision_account or decision_provision")
        return self


def write_statements(facts: Facts, folder: Path) -> None:
    """Write statement_of_reasons.json: a list, empty where nothing limits use."""
    stated = [s.model_dump(mode="json", exclude_none=True) for s in statements(facts)]
    text = json.dumps(stated, indent=1, sort_keys=True, ensure_ascii=False)
    (folder / "statement_of_reasons.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def statements(facts: Facts) -> tuple[StatementOfReasons, ...]:
    """Return a statement for each action that limits use and stands, by action id."""
    standing = [a for a in facts["actions"] if a["action_type"] in RESTRICTING and not a["is_overturned"]]
    return tuple(_statement(facts, action) for action in standing)


def _statement(facts: Facts, action: dict[str, Any]) -> StatementOfReasons:
    is_account = action["surface"] == "all" and action["action_type"] in ("suspension", "termination")
    ends = action["expires_at"].date() if action["expires_at"] else None
    days = [r["activity_date"] for r in facts["usage_days"] if r["request_count"]]
    return StatementOfReasons(
        decision_account=_account_decision(action) if is_account else None,
        decision_provision=None if is_account else _provision_decision(action),
        incompatible_content_ground=_ground(facts, action)[:500],
        incompatible_content_explanation=f"The use of this account{', with others,' if facts.actor else ''} {reading(facts)}."[
            :2000
        ],
        content_type_other="Requests to a model service, judged by usage metadata alone",
        content_date=max(days) if days else action["decided_at"].date(),
        application_date=(action["effective_at"] or action["decided_at"]).date(),
        end_date_account_restriction=ends if is_account else None,
        end_date_service_restriction=None if is_account else ends,
        decision_facts=_facts(facts)[:5000],
        source_type="SOURCE_TYPE_OTHER_NOTIFICATION" if action["is_proactive"] is False else "SOURCE_VOLUNTARY",
        automated_detection="No" if facts.score is None or action["is_proactive"] is False else "Yes",
        automated_decision=_automation(facts, action),
        puid=re.sub(r"[^a-zA-Z0-9_-]", "-", action["action_id"])[:500],
    )


def _account_decision(action: dict[str, Any]) -> Account:
    return "DECISION_ACCOUNT_TERMINATED" if action["action_type"] == "termination" else "DECISION_ACCOUNT_SUSPENDED"


def _provision_decision(action: dict[str, Any]) -> Provision:
    is_final = action["action_type"] in ("termination", "key_revocation")
    return "DECISION_PROVISION_PARTIAL_TERMINATION" if is_final else "DECISION_PROVISION_PARTIAL_SUSPENSION"


def _automation(
    facts: Facts, action: dict[str, Any]
) -> Literal["AUTOMATED_DECISION_FULLY", "AUTOMATED_DECISION_PARTIALLY", "AUTOMATED_DECISION_NOT_AUTOMATED"]:
    if action["escalation_path"] != "automated":
        return "AUTOMATED_DECISION_NOT_AUTOMATED"
    return "AUTOMATED_DECISION_PARTIALLY" if is_decided_by_a_person(facts, action) else "AUTOMATED_DECISION_FULLY"


def _ground(facts: Facts, action: dict[str, Any]) -> str:
    found = clause_in_force(facts)
    title = f", {found['title']}" if found and found["policy_clause_id"] == action["policy_clause_id"] else ""
    return f"Terms of use, clause {action['policy_clause_id']}{title}, version {action['policy_version'] or 'not on record'}"


def _facts(facts: Facts) -> str:
    told = " ".join(r["text"] for r in facts.speaking[:3])
    against = " ".join(r["text"] for r in facts.mitigating[:2]) or "No signal that could be computed spoke against it."
    return (
        f"On {facts.evidence_as_of} the use {reading(facts)}. {told} Weighed against it: {against} "
        "Judged by metadata; prompts and answers were not read. You may appeal."
    )
