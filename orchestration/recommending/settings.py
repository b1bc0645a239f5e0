"""From how much evidence on a change is recommended."""

from pydantic import BaseModel, ConfigDict, Field


class RecommendingSettings(BaseModel):
    """Least numbers of verdicts, the ridge, the useful lift and the false discovery rate."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    minimum_verdicts: int = Field(default=20, ge=2)
    """Least verdicts on which a signal fired, and least on which it did not: the var `minimum_reviews` of the models."""
    minimum_of_each: int = Field(default=5, ge=1)
    """Least violations and least others on either side: with none of one kind a weight has no bound."""
    ridge: float = Field(default=0.1, ge=0)
    """Weight, in verdicts, of the pull of a signal's slope to 1, its present weight: that of a calibration."""
    least_useful_lift: float = Field(default=1.25, gt=1)
    """A signal that makes a violation a quarter likelier in a group, or less, does not pay for the suspicion it casts there."""
    false_discovery_rate: float = Field(default=0.05, gt=0, lt=1)
    """Expected share of mistaken recommendations among those made of one kind (Benjamini and Hochberg)."""
