"""Dials of a backtest."""

from pydantic import BaseModel, ConfigDict, Field


class BacktestSettings(BaseModel):
    """The seeded bootstrap, the bins of the stability index and the least number of verdicts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bootstrap_draws: int = Field(default=2000, ge=100)
    seed: int = Field(default=20260301, ge=0)
    minimum_verdicts: int = Field(default=10, ge=2)
    """Least number of leads with a verdict, in either queue, for an interval to be shown."""
    stability_bins: int = Field(default=10, ge=2)
    """Bins of the population stability index, cut at the champion's quantiles."""
    unstable_from: float = Field(default=0.2, gt=0)
    """A stability index from which a shift is called large, by the usual convention of credit scoring."""
