"""Dials of linking."""

from pydantic import BaseModel, ConfigDict, Field


class LinkingSettings(BaseModel):
    """When a pair of accounts is strong enough to join them, and where a component comes apart.

    Weights are rarity-weighted evidence in natural-log units, as in `account_links`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    dependent_share: float = Field(default=0.3, ge=0, le=1)
    """What a further kind of one source counts for: a tool's users share its template, its client and its settings."""
    second_weight: float = 2.5
    """What other sources must add where the strongest is behavioural: twelve to one that it is no tool in common."""
    two_kind_margin: float = 3.0
    """A pair of two independent kinds or more joins from ln(population) less this: an operator of some twenty accounts."""
    one_kind_margin: float = 2.0
    """A pair of one identity kind joins from ln(population) less this: a card, device or phone of seven holders or fewer."""
    least_weight: float = 2.5
    """What is asked for however small the population: a value held by all of a few accounts says little."""
    min_split_size: int = Field(default=6, ge=4)
    """Smaller components are never split."""
    cut_share: float = Field(default=0.03, gt=0, lt=0.5)
    """A group comes apart where the links across weigh at most this share of the smaller side's: 0.03 is one chance pair
    between two sets of seven fully linked accounts (1 in 43), and not between two sets of five (1 in 21)."""
    random_seed: int = 20260301
