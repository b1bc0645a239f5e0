"""Dials of linking."""

from pydantic import BaseModel, ConfigDict


class LinkingSettings(BaseModel):
    """When a pair of accounts is strong enough to join them, and when a component is split.

    Weights are rarity-weighted evidence in natural-log units, as in `account_links`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    two_kind_weight: float = 5.0
    """Least summed weight of a pair linked by two kinds or more."""
    one_kind_weight: float = 6.0
    """Least weight of a pair linked by one identity kind alone: a value that hardly anybody else holds."""
    split_above: int = 25
    """Components larger than this are looked at for communities."""
    split_below_density: float = 0.2
    """... and split when fewer than this share of their pairs is linked."""
    resolution: float = 0.5
    """Leiden resolution; below 1 prefers larger communities."""
    random_seed: int = 20260301
