"""Dials of the review queue."""

from pydantic import BaseModel, ConfigDict, Field


class QueueSettings(BaseModel):
    """How many leads a night brings, when a subject is flagged, and how the audit samples are drawn."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    budget: int = 25
    """Leads chosen by score a night, those still waiting included."""
    flag_score: float = 0.5
    """A subject whose greater score reaches this is flagged."""
    audit_flagged_count: int = 3
    """Flagged leads drawn at random a night, on average and at most, whatever their rank: the sample for precision."""
    audit_flagged_share: float = Field(default=0.2, gt=0, le=1)
    """The most of the flagged leads that is drawn: of a short list most are left to the score."""
    audit_unflagged_count: int = 6
    """Unflagged subjects drawn at random a night over all strata: the sample for prevalence."""
    cooldown_days: int = 28
    """A decided subject stays out this long, unless its evidence is new."""
    due_days: dict[str, int] = {"high": 2, "medium": 5, "low": 5}
    """Days until a review is due, by severity; an audit draw that is overdue leaves the queue unanswered."""
    high_harm_tokens: float = 1_000_000
    """Output tokens in 28 days from which a flagged lead is of high severity."""
    contract_check_budget: int = 5
    """Contract checks a night beside the budget, those still waiting included: a fifth of it, for they protect a contract
    and must not crowd out abuse."""
    contract_check_share: float = 0.2
    """Share of requests outside the contract from which an account is asked about: twice the tenth that is passed over as
    rounding of months and retries, so that an account which hovers at its limit is not asked about night after night."""
    contract_check_requests: int = 500
    """Requests in 28 days from which it is: below some eighteen a day a breach costs less than its review, and a few
    trial calls on another surface are a fifth."""
    key_check_budget: int = 5
    """Checks a night for keys in other hands, beside the budget, those still waiting included."""
    key_check_share: float = 0.2
    """Share of the last week's requests by key that strange places must account for: twice what the signal passes over."""
    key_check_requests: int = 50
    """Such requests in 7 days from which the owner is to be told: fewer cost it little and may be one colleague's journey."""
    seed: int = 20260301
    """Key of the audit draws; any fixed number will do."""
