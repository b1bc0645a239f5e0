"""Dials of linking."""

from pydantic import BaseModel, ConfigDict, Field


class LinkingSettings(BaseModel):
    """When a pair of accounts is strong enough to join them, and where a component comes apart.

    Weights are rarity-weighted evidence in natural-log units, as in `account_links`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    two_kind_weight: float = 5.0
    """Least summed weight of a pair linked by two kinds or more."""
    one_kind_weight: float = 6.0
    """Least weight of a pair linked by one identity kind alone: a value that hardly anybody else holds."""
    min_split_size: int = Field(default=6, ge=4)
    """Smaller components are never split."""
    cut_share: float = Field(default=0.03, gt=0, lt=0.5)
    """A group comes apart where the links across weigh at most this share of the smaller side's: 0.03 is one chance pair
    between two sets of seven fully linked accounts (1 in 43), and not between two sets of five (1 in 21)."""
    random_seed: int = 20260301
