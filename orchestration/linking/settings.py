"""When two accounts count as one operator's, and when a linked group is two groups joined by accident."""

from __future__ import annotations

from math import log

from pydantic import BaseModel, ConfigDict, Field, model_validator


class LinkingSettings(BaseModel):
    """Settings of `find_actors`. Weights are natural-log likelihood ratios: log(population / holders), summed over kinds.

    Under chance alone a likelihood ratio above exp(w) has probability at most exp(-w) (Markov), so an account of a
    population of N has at most N * exp(-w) unrelated partners above w. `for_population` turns that bound into thresholds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    pair_weight: float = Field(
        default=8.0, gt=0, description="Least weight of a pair linked by two or more kinds: odds of about 3,000 to 1."
    )
    single_kind_weight: float = Field(
        default=12.0, gt=0, description="Least weight of one kind that links alone: odds of about 160,000 to 1."
    )
    min_split_size: int = Field(default=6, ge=4, description="Smaller groups are never split.")
    large_group_size: int = Field(default=200, ge=4, description="Above this size the looser `large_cut_share` applies.")
    cut_share: float = Field(
        default=0.10, gt=0, lt=0.5, description="Most conductance (cut weight / weight of the smaller side) of a bottleneck."
    )
    large_cut_share: float = Field(default=0.20, gt=0, lt=0.5, description="The same for groups above `large_group_size`.")
    seed: int = Field(default=20_240_229, ge=0, description="Seed of Leiden's random moves.")

    @model_validator(mode="after")
    def _ordered(self) -> LinkingSettings:
        if self.single_kind_weight < self.pair_weight:
            raise ValueError(
                f"single_kind_weight must be at least pair_weight, because one weak kind never links alone; "
                f"given {self.single_kind_weight} < {self.pair_weight}. Raise single_kind_weight."
            )
        if self.large_cut_share < self.cut_share:
            raise ValueError(
                f"large_cut_share must be at least cut_share; given {self.large_cut_share} < {self.cut_share}. Raise it."
            )
        return self

    @classmethod
    def for_population(
        cls, account_count: int, chance_partners: float = 0.5, chance_partners_single_kind: float = 0.01
    ) -> LinkingSettings:
        """Return defaults with thresholds for a population of `account_count` accounts.

        `chance_partners` bounds the unrelated partners an account has on average over pairs of two or more kinds, and
        `chance_partners_single_kind` over pairs of one kind. Raises ValueError for a count below 2 or a bound outside (0, 1].
        """
        if account_count < 2 or not 0 < chance_partners_single_kind <= chance_partners <= 1:
            raise ValueError(
                "for_population needs account_count >= 2 and 0 < chance_partners_single_kind <= chance_partners <= 1; given "
                f"{account_count}, {chance_partners_single_kind}, {chance_partners}. Correct them."
            )
        return cls(
            pair_weight=log(account_count / chance_partners),
            single_kind_weight=log(account_count / chance_partners_single_kind),
        )
