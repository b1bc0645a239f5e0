"""The facts models the estimators read: names, columns and types, and the check that a frame has them.

Belongs here: what is handed in. The models are `models/intermediate/measurement/<name>.sql`.
"""

from collections.abc import Mapping

import polars as pl

_TEXT, _INT, _REAL, _FLAG, _DAY, _TIME = (
    pl.String(),
    pl.Int64(),
    pl.Float64(),
    pl.Boolean(),
    pl.Date(),
    pl.Datetime("us"),
)

FACTS: Mapping[str, pl.Schema] = {
    "int_measurement__leads": pl.Schema(
        {
            "lead_id": _TEXT,
            "subject_type": _TEXT,
            "selection": _TEXT,
            "stratum": _TEXT,
            "selection_probability": _REAL,
            "drawn_on": _DAY,
            "decided_at": _TIME,
            "verdict": _TEXT,
            "country": _TEXT,
            "language": _TEXT,
            "tier": _TEXT,
            "account_type": _TEXT,
            "surface": _TEXT,
            "account_count": _INT,
            "request_count_28d": _INT,
            "output_tokens_28d": _INT,
        }
    ),
    "int_measurement__stage_times": pl.Schema(
        {
            "stage": _TEXT,
            "item_id": _TEXT,
            "started_at": _TIME,
            "ended_at": _TIME,
            "observed_until": _TIME,
            "surface": _TEXT,
            "action_type": _TEXT,
            "policy_clause_id": _TEXT,
        }
    ),
    "int_measurement__enforced_units": pl.Schema(
        {
            "unit_id": _TEXT,
            "unit_type": _TEXT,
            "action_type": _TEXT,
            "surface": _TEXT,
            "enforced_on": _DAY,
            "is_overturned": _FLAG,
            "is_proactive": _FLAG,
            "request_count_28d": _INT,
            "mixture_share": _REAL,
        }
    ),
    "int_measurement__unit_returns": pl.Schema(
        {
            "unit_id": _TEXT,
            "member_unit_id": _TEXT,
            "is_control": _FLAG,
            "action_type": _TEXT,
            "enforced_on": _DAY,
            "first_return_on": _DAY,
            "is_on_other_surface": _FLAG,
            "is_linkable": _FLAG,
            "observed_until": _DAY,
        }
    ),
    "int_measurement__unit_ties": pl.Schema({"unit_id": _TEXT, "member_unit_id": _TEXT, "tie_kind": _TEXT, "tie_value": _TEXT}),
    "int_measurement__unit_days": pl.Schema(
        {
            "unit_id": _TEXT,
            "member_unit_id": _TEXT,
            "is_control": _FLAG,
            "activity_date": _DAY,
            "relative_day": _INT,
            "request_count": _INT,
            "output_tokens": _INT,
            "returned_request_count": _INT,
            "returned_output_tokens": _INT,
        }
    ),
    "int_measurement__displacement": pl.Schema(
        {
            "unit_id": _TEXT,
            "channel": _TEXT,
            "surface": _TEXT,
            "partner": _TEXT,
            "relative_day": _INT,
            "observed_day_count": _INT,
            "request_count": _INT,
            "output_tokens": _INT,
        }
    ),
    "int_measurement__actions": pl.Schema(
        {
            "action_id": _TEXT,
            "case_id": _TEXT,
            "account_id": _TEXT,
            "action_type": _TEXT,
            "surface": _TEXT,
            "partner": _TEXT,
            "policy_clause_id": _TEXT,
            "decided_at": _TIME,
            "notice_sent_at": _TIME,
            "effective_at": _TIME,
            "is_overturned": _FLAG,
            "is_appealed": _FLAG,
            "appeal_outcome": _TEXT,
            "appeal_ground": _TEXT,
            "lost_days": _REAL,
            "country": _TEXT,
            "language": _TEXT,
            "tier": _TEXT,
            "account_type": _TEXT,
        }
    ),
    "int_measurement__decisions": pl.Schema(
        {
            "action_id": _TEXT,
            "case_id": _TEXT,
            "surface": _TEXT,
            "partner": _TEXT,
            "action_type": _TEXT,
            "decided_by": _TEXT,
            "period": _TEXT,
            "policy_clause_id": _TEXT,
            "tactic_id": _TEXT,
            "strength_grade": _TEXT,
            "hours_to_act": _REAL,
        }
    ),
    "int_measurement__leakage": pl.Schema(
        {
            "action_id": _TEXT,
            "action_type": _TEXT,
            "account_id": _TEXT,
            "surface": _TEXT,
            "partner": _TEXT,
            "activity_date": _DAY,
            "request_count": _INT,
            "output_tokens": _INT,
        }
    ),
    "int_measurement__review_pairs": pl.Schema(
        {"lead_id": _TEXT, "first_verdict": _TEXT, "second_verdict": _TEXT, "decided_at": _TIME}
    ),
    "int_measurement__referrals": pl.Schema(
        {
            "referral_id": _TEXT,
            "partner": _TEXT,
            "sent_at": _TIME,
            "acknowledged_at": _TIME,
            "acted_at": _TIME,
            "outcome": _TEXT,
            "is_past_due": _FLAG,
        }
    ),
    "int_measurement__queue_days": pl.Schema(
        {"as_of_date": _DAY, "lead_count": _INT, "past_due_count": _INT, "decided_count": _INT}
    ),
    "int_measurement__group_sizes": pl.Schema({"group_kind": _TEXT, "group_value": _TEXT, "account_count": _INT}),
    "int_measurement__signal_days": pl.Schema(
        {"as_of_date": _DAY, "signal_id": _TEXT, "computable_count": _INT, "fired_count": _INT}
    ),
    "int_measurement__tactic_surfaces": pl.Schema(
        {"tactic": _TEXT, "surface": _TEXT, "active_signal_count": _INT, "last_confirmed_hit_on": _DAY}
    ),
    "int_measurement__tactic_times": pl.Schema(
        {
            "tactic": _TEXT,
            "entered_on": _DAY,
            "first_active_signal_on": _DAY,
            "first_confirmed_hit_on": _DAY,
            "observed_until": _DAY,
        }
    ),
}
"""Columns each facts model must have, by model name; further columns are ignored."""


def checked_facts(facts: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return the facts with exactly the columns and types of `FACTS`, sorted by all columns.

    Sorting makes every later float sum and bootstrap draw independent of the order rows were handed in.
    Raises ValueError when a model or a column is missing.
    """
    absent = sorted(set(FACTS) - set(facts))
    if absent:
        raise ValueError(
            f"compute_metrics needs the {len(FACTS)} models of FACTS; missing: {', '.join(absent)}. "
            "Read each by `select * from <model>` and hand it in, empty where it has no rows."
        )
    return {model: _conformed(model, facts[model], schema) for model, schema in FACTS.items()}


def _conformed(model: str, frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    absent = [column for column in schema if column not in frame.columns]
    if absent:
        raise ValueError(
            f"{model} needs the columns {', '.join(schema)}; given: {', '.join(frame.columns)}. "
            f"Build the model with {', '.join(absent)}."
        )
    return frame.select(list(schema)).cast(schema).sort(list(schema), nulls_last=True)
