"""Dials of a calibration."""

from pydantic import BaseModel, ConfigDict, Field


class CalibrationSettings(BaseModel):
    """Least numbers of verdicts, the ridge, the curve's bins and the seeded bootstrap."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    minimum_violations: int = Field(default=30, ge=2)
    minimum_benign: int = Field(default=30, ge=2)
    """Least numbers of each verdict, per subject type and kind of score, for a calibration to be recommended."""
    ridge: float = Field(default=0.1, ge=0)
    """Weight, in verdicts, of the pull of the line to the uncalibrated scores (intercept 0, slope 1)."""
    bins: int = Field(default=8, ge=2)
    """Most bins of the reliability curve, of equally many verdicts."""
    folds: int = Field(default=5, ge=2)
    """Parts of the verdicts, each predicted by a line fitted on the others, for the Brier score afterwards."""
    bootstrap_draws: int = Field(default=1000, ge=100)
    seed: int = Field(default=20260301, ge=0)
