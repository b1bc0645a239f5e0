"""The tables and columns of a release that the page reads.

Belongs here: names and types. A key column must be there; any other reads as NULL when absent, and the page says so.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

ColumnType = Literal["VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP"]


class UsedTable(BaseModel):
    """One table as the page sees it; `has_history` reads all Parquet parts instead of the as-of rows alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    key: tuple[str, ...]
    columns: dict[str, ColumnType]
    has_history: bool = False


TABLES: tuple[UsedTable, ...] = (
    UsedTable(
        name="account_days",
        key=("account_id", "activity_date", "surface", "request_count"),
        columns={
            "account_id": "VARCHAR",
            "activity_date": "DATE",
            "surface": "VARCHAR",
            "request_count": "BIGINT",
            "success_count": "BIGINT",
        },
        has_history=True,
    ),
    UsedTable(
        name="actor_members",
        key=("as_of_date", "actor_id", "account_id"),
        columns={
            "as_of_date": "DATE",
            "actor_id": "VARCHAR",
            "account_id": "VARCHAR",
            "joined_on": "DATE",
            "membership_strength": "DOUBLE",
            "own_evidence": "DOUBLE",
            "basis": "VARCHAR",
        },
        has_history=True,
    ),
    UsedTable(
        name="actors",
        key=("actor_id", "account_count"),
        columns={
            "actor_id": "VARCHAR",
            "account_count": "BIGINT",
            "actionable_account_count": "BIGINT",
            "active_account_count": "BIGINT",
            "mixture_share": "DOUBLE",
            "request_count_28d": "BIGINT",
            "output_tokens_28d": "BIGINT",
            "requests_per_active_account_day_28d": "DOUBLE",
            "enforced_account_count": "BIGINT",
            "contracted_account_count": "BIGINT",
        },
    ),
    UsedTable(
        name="actor_events",
        key=("as_of_date", "actor_id", "event"),
        columns={"as_of_date": "DATE", "actor_id": "VARCHAR", "event": "VARCHAR", "other_actor_id": "VARCHAR"},
        has_history=True,
    ),
    UsedTable(
        name="account_links",
        key=("account_id_a", "account_id_b", "link_kind", "weight"),
        columns={
            "account_id_a": "VARCHAR",
            "account_id_b": "VARCHAR",
            "link_kind": "VARCHAR",
            "is_behavioural": "BOOLEAN",
            "weight": "DOUBLE",
            "shared_value_count": "BIGINT",
            "first_seen_on": "DATE",
            "last_seen_on": "DATE",
        },
    ),
    UsedTable(
        name="accounts",
        key=("account_id",),
        columns={
            "account_id": "VARCHAR",
            "created_at": "TIMESTAMP",
            "account_type": "VARCHAR",
            "tier": "VARCHAR",
            "status": "VARCHAR",
            "approved_use": "VARCHAR",
        },
    ),
    UsedTable(
        name="scores",
        key=("as_of_date", "subject_type", "subject_id", "log_odds"),
        columns={
            "as_of_date": "DATE",
            "subject_type": "VARCHAR",
            "subject_id": "VARCHAR",
            "log_odds": "DOUBLE",
            "score": "DOUBLE",
            "lower": "DOUBLE",
            "upper": "DOUBLE",
            "resale_log_odds": "DOUBLE",
            "resale_score": "DOUBLE",
            "resale_lower": "DOUBLE",
            "resale_upper": "DOUBLE",
            "role": "VARCHAR",
            "calibration_status": "VARCHAR",
            "coverage_share": "DOUBLE",
            "reasons": "VARCHAR",
        },
        has_history=True,
    ),
    UsedTable(
        name="review_queue",
        key=("as_of_date", "lead_id", "subject_type", "subject_id"),
        columns={
            "as_of_date": "DATE",
            "lead_id": "VARCHAR",
            "subject_type": "VARCHAR",
            "subject_id": "VARCHAR",
            "priority": "BIGINT",
            "why": "VARCHAR",
            "suggested_clause": "VARCHAR",
            "due_at": "TIMESTAMP",
            "selection": "VARCHAR",
            "stratum": "VARCHAR",
            "selection_probability": "DOUBLE",
            "evidence_signature": "VARCHAR",
            "severity": "VARCHAR",
            "first_queued_on": "DATE",
        },
        has_history=True,
    ),
    UsedTable(
        name="actions",
        key=("action_id", "case_id", "account_id", "action_type", "surface", "decided_at"),
        columns={
            "action_id": "VARCHAR",
            "case_id": "VARCHAR",
            "account_id": "VARCHAR",
            "actor_id": "VARCHAR",
            "action_type": "VARCHAR",
            "surface": "VARCHAR",
            "decided_at": "TIMESTAMP",
            "effective_at": "TIMESTAMP",
            "reversed_at": "TIMESTAMP",
            "is_overturned": "BOOLEAN",
        },
    ),
    UsedTable(
        name="enforcement_metrics",
        key=("metric", "period", "slice", "value"),
        columns={
            "metric": "VARCHAR",
            "period": "VARCHAR",
            "slice": "VARCHAR",
            "value": "DOUBLE",
            "lower": "DOUBLE",
            "upper": "DOUBLE",
            "n": "BIGINT",
            "method": "VARCHAR",
            "immature": "BOOLEAN",
        },
    ),
    UsedTable(
        name="signal_performance",
        key=("signal_id", "group_kind", "fired_count"),
        columns={
            "signal_id": "VARCHAR",
            "ruleset_version": "VARCHAR",
            "group_kind": "VARCHAR",
            "group_value": "VARCHAR",
            "fired_count": "BIGINT",
            "base_rate": "DOUBLE",
            "reviewed_count": "BIGINT",
            "precision": "DOUBLE",
            "precision_lower": "DOUBLE",
            "precision_upper": "DOUBLE",
            "lift": "DOUBLE",
            "present_weight": "DOUBLE",
            "recommended_weight": "DOUBLE",
            "recommended_weight_lower": "DOUBLE",
            "recommended_weight_upper": "DOUBLE",
            "recommended_change": "VARCHAR",
        },
    ),
    UsedTable(
        name="signal_coverage",
        key=("signal_id", "as_of_date"),
        columns={
            "signal_id": "VARCHAR",
            "as_of_date": "DATE",
            "computable_count": "BIGINT",
            "partly_count": "BIGINT",
            "not_computable_count": "BIGINT",
        },
    ),
    UsedTable(
        name="signal_registry",
        key=("signal_id",),
        columns={
            "signal_id": "VARCHAR",
            "title": "VARCHAR",
            "hypothesis_sign": "BIGINT",
            "unit": "VARCHAR",
            "lookalikes": "VARCHAR",
        },
    ),
    UsedTable(
        name="lookalikes",
        key=("lookalike_id",),
        columns={"lookalike_id": "VARCHAR", "title": "VARCHAR", "ruled_out_by": "VARCHAR"},
    ),
    UsedTable(
        name="recommendations",
        key=("about", "about_id", "recommendation"),
        columns={
            "about": "VARCHAR",
            "about_id": "VARCHAR",
            "group_kind": "VARCHAR",
            "group_value": "VARCHAR",
            "recommendation": "VARCHAR",
            "evidence": "VARCHAR",
            "owner": "VARCHAR",
            "state": "VARCHAR",
            "decided_on": "DATE",
            "decided_by": "VARCHAR",
            "decision_reason": "VARCHAR",
            "adopted_in_kind": "VARCHAR",
            "adopted_in": "VARCHAR",
            "measure": "VARCHAR",
            "effect_before": "DOUBLE",
            "effect_before_lower": "DOUBLE",
            "effect_before_upper": "DOUBLE",
            "effect_before_n": "BIGINT",
            "effect_after": "DOUBLE",
            "effect_after_lower": "DOUBLE",
            "effect_after_upper": "DOUBLE",
            "effect_after_n": "BIGINT",
            "effect_state": "VARCHAR",
        },
    ),
    UsedTable(name="cases", key=("case_id",), columns={"case_id": "VARCHAR", "lead_ids": "VARCHAR"}),
    UsedTable(
        name="case_findings",
        key=("finding", "record_id"),
        columns={"finding": "VARCHAR", "case_id": "VARCHAR", "record_id": "VARCHAR"},
    ),
    UsedTable(
        name="case_precedents",
        key=("case_id", "precedent_case_id", "precedent_rank"),
        columns={
            "case_id": "VARCHAR",
            "precedent_case_id": "VARCHAR",
            "precedent_rank": "BIGINT",
            "distance": "DOUBLE",
            "precedent_decided_at": "TIMESTAMP",
            "precedent_action_type": "VARCHAR",
            "is_overturned": "BOOLEAN",
        },
    ),
    UsedTable(
        name="reviews",
        key=("review_id", "lead_id"),
        columns={
            "review_id": "VARCHAR",
            "lead_id": "VARCHAR",
            "subject_type": "VARCHAR",
            "subject_id": "VARCHAR",
            "decided_at": "TIMESTAMP",
            "verdict": "VARCHAR",
            "policy_clause_id": "VARCHAR",
            "is_second_review": "BOOLEAN",
        },
    ),
    UsedTable(
        name="referrals",
        key=("referral_id", "case_id", "partner", "sent_at"),
        columns={
            "referral_id": "VARCHAR",
            "case_id": "VARCHAR",
            "partner": "VARCHAR",
            "sent_at": "TIMESTAMP",
            "due_at": "TIMESTAMP",
            "acknowledged_at": "TIMESTAMP",
            "acted_at": "TIMESTAMP",
            "outcome": "VARCHAR",
        },
    ),
    UsedTable(
        name="quarantine",
        key=("table_name", "reason", "first_seen_on"),
        columns={"table_name": "VARCHAR", "reason": "VARCHAR", "first_seen_on": "DATE", "released_at": "DATE"},
    ),
)
