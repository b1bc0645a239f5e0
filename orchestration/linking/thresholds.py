"""Dials of linking."""

from pydantic import BaseModel, ConfigDict, Field


class LinkingSettings(BaseModel):
    """When a pair of accounts is strong enough to join them, and where a component comes apart.

    Weights are rarity-weighted evidence in natural-log units, as in `account_links`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    behavioural_kinds: int = Field(default=3, ge=2)
    """Independent kinds a pair must have where none is identity: a tool's users share its template and its client."""
    identified_kinds: tuple[str, ...] = ("linked_template",)
    """Behavioural kinds that rest on the identity links of others: with them two kinds are enough."""
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
