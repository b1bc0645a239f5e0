"""What a calibration found: the shapes it is printed and written from."""

from datetime import date

from pydantic import BaseModel, ConfigDict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Bounded(_Frozen):
    """A number with its 95 % interval."""

    value: float
    lower: float
    upper: float


class Bin(_Frozen):
    """One point of the reliability curve: verdicts of neighbouring log-odds."""

    from_log_odds: float
    to_log_odds: float
    verdicts: int
    violations: int
    predicted: float
    """Weighted mean of the uncalibrated score."""
    calibrated: float | None
    """Weighted mean of the calibrated score; None where none is recommended."""
    observed: Bounded
    """Weighted share of violations."""


class Line(_Frozen):
    """Calibrated log-odds = intercept + slope x raw log-odds, with what is known of both."""

    intercept: Bounded
    slope: Bounded
    intercept_deviation: float
    slope_deviation: float
    correlation: float


class Calibration(_Frozen):
    """One subject type and kind of score against its verdicts."""

    subject_type: str
    kind: str
    violations: int
    benign: int
    unstated: int
    """Violations whose kind neither role nor clause tells; left out."""
    bins: tuple[Bin, ...]
    brier_before: Bounded | None
    brier_after: Bounded | None
    brier_difference: Bounded | None
    """After minus before; below 0 the line helps."""
    line: Line | None
    refusal: str | None
    """Why no calibration is recommended; None where one is."""


class Counts(_Frozen):
    """Leads of the range and what became of them."""

    nights: int
    decided: int
    insufficient: int
    undecided: int
    external: int
    unscored: int
    other_rule_set: int
    second_review_pairs: int
    second_review_differing: int
    second_review_lower: float | None
    second_review_upper: float | None


class CalibrationReport(_Frozen):
    """All that `stillwatch calibrate` found in a release."""

    release_id: str
    as_of_date: date
    ruleset_version: str
    drawn_from: date
    drawn_to: date
    population: str
    counts: Counts
    calibrations: tuple[Calibration, ...]
