"""Which rows a package freezes: a name, the release they come from, and what one row is.

Belongs here: the list, and the columns of tables that an earlier release may not have. The query of each stands in
`queries/<name>.sql` and goes into the package as it was run.
"""

from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

Side = Literal["evidence", "record"]
"""`evidence`: the release the reviewer saw. `record`: the release that knows what was decided since."""


class FrozenTable(BaseModel):
    """One table of a package. `columns` gives name and type where a release may lack the table: it then has no row."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    side: Side
    row: str
    columns: dict[str, str] | None = None

    @property
    def query(self) -> str:
        """The query, as it is run and delivered."""
        return files("orchestration.packaging").joinpath("queries", f"{self.name}.sql").read_text(encoding="utf-8")


_CORROBORATION = {
    "corroboration_id": "varchar",
    "subject_type": "varchar",
    "subject_id": "varchar",
    "kind": "varchar",
    "strength": "double",
    "observed_at": "timestamp",
    "summary_ref": "varchar",
    "state_arrived_on": "date",
    "is_known_subject": "boolean",
}
_MATCHES = {
    "as_of_date": "date",
    "account_id": "varchar",
    "indicator_id": "varchar",
    "indicator_type": "varchar",
    "campaign": "varchar",
    "source": "varchar",
    "confidence": "double",
    "first_seen_at": "timestamp",
    "expires_at": "timestamp",
    "age_days": "bigint",
    "aged_confidence": "double",
}
_CLAUSES = {
    "policy_clause_id": "varchar",
    "clause_version": "integer",
    "kind": "varchar",
    "title": "varchar",
    "clause_text": "varchar",
    "valid_from": "date",
    "valid_to": "date",
    "source": "varchar",
}
_ELEMENTS = {
    "policy_clause_id": "varchar",
    "clause_version": "integer",
    "element_id": "varchar",
    "element": "varchar",
    "shown_by": "varchar",
}
_RUBRIC = {
    "rubric_version": "integer",
    "rubric_line": "varchar",
    "weight": "double",
    "is_gate": "boolean",
    "gate_minimum": "integer",
    "question": "varchar",
    **{f"grade_{grade}": "varchar" for grade in range(5)},
    "assessor_role": "varchar",
    "valid_from": "date",
    "valid_to": "date",
}
_PATHS = {
    "framework_version": "integer",
    "path_id": "varchar",
    "clause_kind": "varchar",
    "minimum_grade": "varchar",
    "minimum_account_count": "integer",
    "channel": "varchar",
    "due_days": "integer",
    "reason": "varchar",
    "valid_from": "date",
    "valid_to": "date",
}
_PARTNERS = {
    "partner": "varchar",
    "partner_version": "integer",
    "surface": "varchar",
    "action_types": "varchar",
    "accepted_identifiers": "varchar",
    "response_days": "integer",
    "valid_from": "date",
    "valid_to": "date",
    "source": "varchar",
}


def _record(name: str, row: str, columns: dict[str, str] | None = None) -> FrozenTable:
    return FrozenTable(name=name, side="record", row=row, columns=columns)


def _evidence(name: str, row: str, columns: dict[str, str] | None = None) -> FrozenTable:
    return FrozenTable(name=name, side="evidence", row=row, columns=columns)


# In this order: the later queries read `named_accounts` and `case_accounts` of the earlier ones.
TABLES: tuple[FrozenTable, ...] = (
    _record("cases", "case"),
    _record("named_accounts", "account that the record names"),
    _evidence("case_accounts", "account of the case"),
    _record("actions", "enforcement action of the case"),
    _record("reviews", "review of the case's leads"),
    _record("appeals", "appeal against an action of the case"),
    _record("assessments", "assessment of a rubric line"),
    _record("escalations", "escalation to a formal channel"),
    _record("referrals", "referral to a partner platform"),
    _record("attributions", "statement of who is behind the actor"),
    _record("corroboration", "piece of external corroboration", _CORROBORATION),
    _record("precedents", "earlier decided case, nearest first"),
    _record("precedent_actions", "precedent, surface, action type and whether it was overturned"),
    _record("action_severities", "action type"),
    _record("enforcement_metrics", "metric over all cases"),
    _record("signal_performance", "signal and rule set, over all reviewed subjects"),
    _record("usage_days_since", "day, surface and partner after the evidence"),
    _record("policy_clauses", "version of the clause", _CLAUSES),
    _record("policy_clause_elements", "element to show, per version of the clause", _ELEMENTS),
    _record("rubric_lines", "line of a version of the strength rubric", _RUBRIC),
    _record("escalation_paths", "escalation path of a version of the framework", _PATHS),
    _record("partners", "partner and version of its agreement", _PARTNERS),
    _evidence("accounts", "account of the case, its latest state"),
    _evidence("account_features", "account of the case with a request in 28 days"),
    _evidence("actors", "the actor"),
    _evidence("actor_members", "membership of an account of the case"),
    _evidence("actor_events", "birth, merger, split or retirement of the actor"),
    _evidence("account_links", "pair of accounts of the case and kind of link"),
    _evidence("scores", "subject of the case"),
    _evidence("signal_hits", "subject of the case and signal that spoke"),
    _evidence("signal_registry", "signal of the rule set"),
    _evidence("signal_coverage", "signal"),
    _evidence("lookalikes", "innocent explanation that the catalogue knows"),
    _evidence("review_queue", "lead of the case still in the queue"),
    _evidence("intelligence_matches", "account of the case and live intelligence indicator", _MATCHES),
    _evidence("usage_days", "day, surface and partner up to the evidence"),
)
