"""What measurement may be told: least sample sizes, windows and the bootstrap."""

from pydantic import BaseModel, ConfigDict, Field

BLOCKING_ACTIONS = ("suspension", "termination", "key_revocation")
"""Actions that stop the use of what they cover."""


class MeasurementSettings(BaseModel):
    """Least sizes below which no number is shown, windows in days, and the seeded bootstrap."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    minimum_items: int = Field(default=10, ge=1)
    """Least n of a proportion, a mean of an audit sample or a time; a slice below it is immature."""
    minimum_events: int = Field(default=5, ge=1)
    """Least number of observed ends for a time or a return curve."""
    minimum_units: int = Field(default=5, ge=2)
    """Least number of enforced units for an effect (prevented volume, displacement, re-entry)."""
    minimum_pairs: int = Field(default=30, ge=2)
    """Least number of reviewed-twice leads, and of comparable decision pairs."""
    return_windows: tuple[int, ...] = (7, 28, 90)
    """Days after enforcement at which re-entry is read."""
    effect_windows: tuple[int, ...] = (7, 28)
    """Days after enforcement over which displacement and prevented volume are added up; at most 28."""
    pre_days: int = Field(default=56, ge=28, le=56)
    """Days before enforcement that prevented volume is measured against, but for the run-up."""
    run_up_days: int = Field(default=14, ge=0, le=21)
    """Days just before enforcement that no prevented volume is measured against: units are acted on when they stand out."""
    minimum_pre_days: int = Field(default=7, ge=2)
    """Least number of earlier days that the data must hold."""
    bootstrap_draws: int = Field(default=1000, ge=100)
    seed: int = Field(default=20260101, ge=0)
    review_capacity: int = Field(default=25, ge=1)
    """Leads that the reviewers can decide a day."""
    outlier_share: float = Field(default=0.2, gt=0, lt=0.5)
    """A decision whose action type is rarer than this among comparable ones is listed as outlying."""
    outlier_cell: int = Field(default=5, ge=2)
    """Least number of comparable decisions for an outlier to be named."""
