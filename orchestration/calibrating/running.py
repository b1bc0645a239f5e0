"""A calibration from a release: read queue, reviews and scores, label, fit, and write what is recommended.

Belongs here: reading the release's Parquet parts and the order of steps. Nothing opens the working warehouse.
"""

import json
from datetime import date
from pathlib import Path

import polars as pl

from orchestration.calibrating.labels import KINDS, check_reviewers, label_scores, seen_on
from orchestration.calibrating.recommendation import write_calibrations
from orchestration.calibrating.reliability import calibrate_kind
from orchestration.calibrating.result import Calibration, CalibrationReport, Counts
from orchestration.calibrating.settings import CalibrationSettings
from orchestration.publishing.manifest import read_manifest
from orchestration.scoring.settings import QueueSettings
from orchestration.scoring.verdicts import weighted_verdicts

POPULATION = (
    "every lead flagged in these nights and every contract check once, and the other subjects of an average night; leads from "
    "outside detection are not in it, nor accounts seen through their actor"
)


class CalibrationError(ValueError):
    """Verdicts that allow no calibration; the message says what is missing."""


def calibrate(
    release: Path, drawn_from: date | None = None, drawn_to: date | None = None, settings: CalibrationSettings | None = None
) -> CalibrationReport:
    """Compare the release's scores with its verdicts on leads first queued from `drawn_from` to `drawn_to`.

    Raises CalibrationError when there was no queue in those nights.
    """
    dials = settings or CalibrationSettings()
    manifest = read_manifest(release)
    queue = pl.read_parquet(sorted((release / "parquet/review_queue").glob("*.parquet")))
    first = drawn_from or date.fromisoformat(str(queue["as_of_date"].min()))
    last = drawn_to or manifest.as_of_date
    reviews = pl.read_parquet(release / "parquet/reviews/all.parquet")
    verdicts = weighted_verdicts(queue, reviews, QueueSettings().budget, first, last)
    if verdicts.nights == 0:
        raise CalibrationError(
            f"no queue from {first} to {last} in {release.name}: its nights are {queue['as_of_date'].min()} to "
            f"{queue['as_of_date'].max()}"
        )
    labelled = label_scores(verdicts.frame, _raw_scores(release, verdicts.frame), manifest.ruleset_version)
    check = check_reviewers(reviews.join(verdicts.frame, on="lead_id", how="semi"))
    found: list[Calibration] = []
    for subject_type in ("account", "actor"):
        of_type = labelled.frame.filter(pl.col("subject_type") == subject_type)
        for kind, column in KINDS.items():
            found.append(
                calibrate_kind(subject_type, kind, of_type.select("lead_id", "weight", raw=column, label=f"is_{kind}"), dials)
            )
    return CalibrationReport(
        release_id=manifest.release_id,
        as_of_date=manifest.as_of_date,
        ruleset_version=manifest.ruleset_version,
        drawn_from=first,
        drawn_to=last,
        population=POPULATION,
        counts=Counts(
            nights=verdicts.nights,
            decided=verdicts.frame.height,
            insufficient=verdicts.insufficient,
            undecided=verdicts.undecided,
            external=verdicts.external,
            unscored=labelled.unscored,
            other_rule_set=labelled.other_rule_set,
            second_review_pairs=check.pairs,
            second_review_differing=check.differing,
            second_review_lower=check.lower,
            second_review_upper=check.upper,
        ),
        calibrations=tuple(found),
    )


def write_recommendation(found: CalibrationReport, folder: Path) -> Path:
    """Write the recommended calibrations as rows of the seed; CalibrationError says what is missing where there is none."""
    recommended = [calibration for calibration in found.calibrations if calibration.refusal is None]
    if not recommended:
        reasons = "; ".join(f"{c.subject_type} {c.kind} {c.refusal}" for c in found.calibrations)
        raise CalibrationError(f"no calibration can be recommended, nothing was written: {reasons}")
    return write_calibrations(folder, [_row(found, calibration) for calibration in recommended])


def _row(found: CalibrationReport, calibration: Calibration) -> dict[str, str]:
    line = calibration.line
    assert line is not None
    return {
        "subject_type": calibration.subject_type,
        "ruleset_version": found.ruleset_version,
        "kind": calibration.kind,
        "intercept": f"{line.intercept.value:.6f}",
        "slope": f"{line.slope.value:.6f}",
        "intercept_deviation": f"{line.intercept_deviation:.6f}",
        "slope_deviation": f"{line.slope_deviation:.6f}",
        "correlation": f"{line.correlation:.6f}",
        "violation_count": str(calibration.violations),
        "benign_count": str(calibration.benign),
        "from_release": found.release_id,
        "entered_on": found.as_of_date.isoformat(),
        "reason": f"Recommended by `stillwatch calibrate` for leads of {found.drawn_from} to {found.drawn_to}",
    }


def _raw_scores(release: Path, verdicts: pl.DataFrame) -> pl.DataFrame:
    """The scores of the verdicts' subjects on the dates their reviewers saw, without an adopted calibration's move."""
    wanted = verdicts.select(seen_on(pl.col("release_id")), "subject_type", "subject_id").unique()
    parts: list[pl.DataFrame] = [_SCORES.clear()]
    for seen in sorted(wanted["seen_on"].drop_nulls().unique()):
        path = release / f"parquet/scores/{seen}.parquet"
        if path.is_file():
            subjects = wanted.filter(pl.col("seen_on") == seen)
            scores = pl.read_parquet(path, columns=[*_SCORES.columns[:4], "log_odds", "resale_log_odds", "reasons"])
            parts.append(_without_calibration(scores.join(subjects, on=["subject_type", "subject_id"], how="semi")))
    return pl.concat(parts)


_SCORES = pl.DataFrame(
    schema={
        "as_of_date": pl.Date,
        "subject_type": pl.String,
        "subject_id": pl.String,
        "ruleset_version": pl.String,
        "raw_log_odds": pl.Float64,
        "raw_resale_log_odds": pl.Float64,
    }
)


def _without_calibration(scores: pl.DataFrame) -> pl.DataFrame:
    moves = [_moves(reasons) for reasons in scores["reasons"]]
    return scores.with_columns(
        raw_log_odds=(pl.col("log_odds").cast(pl.Float64) - pl.Series([move[0] for move in moves], dtype=pl.Float64)).round(4),
        raw_resale_log_odds=(
            pl.col("resale_log_odds").cast(pl.Float64) - pl.Series([move[1] for move in moves], dtype=pl.Float64)
        ).round(4),
    ).select(_SCORES.columns)


def _moves(reasons: str) -> tuple[float, float]:
    for reason in json.loads(reasons):
        if reason["signal_id"] == "calibration":
            return float(reason["contribution"]), float(reason["resale_contribution"])
    return 0.0, 0.0
