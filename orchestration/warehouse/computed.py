"""What the tables that Python computes between the dbt stages are made from.

Belongs here: their inputs, once, for whoever draws where numbers come from: dbt takes these tables for sources.
"""

from orchestration.measurement.facts import FACTS

_ACTORS = ("account_links", "int_accounts__as_of", "int_accounts__assign_keys")
_QUEUE = ("int_review__subjects", "int_review_decisions__keep_states", "int_review__external_subjects", "computed.actor_members")
_RECOMMENDING = (
    "review_queue",
    "reviews",
    "int_measurement__lead_evidence",
    "int_measurement__signal_verdicts",
    "int_measurement__leads",
    "int_scores__rule_set",
    "signal_registry",
)
COMPUTED_FROM: dict[str, tuple[str, ...]] = {
    "actor_members": _ACTORS,
    "actor_events": _ACTORS,
    "review_queue": _QUEUE,
    "metric_values": tuple(FACTS),
    "signal_weights": _RECOMMENDING,
    "signal_groups": _RECOMMENDING,
}
"""Names of models by the table's name; a computed one has `computed.` before it."""
