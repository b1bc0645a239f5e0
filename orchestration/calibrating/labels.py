"""Verdicts as labels of scores: what was true of a subject, and what its score was in the release the reviewer saw.

Belongs here: which verdict speaks about which kind of score, and joining. A verdict names the release; its subject's raw
log-odds are those of that as-of date, without the move of a calibration already adopted.
"""

from dataclasses import dataclass

import polars as pl

from orchestration.measurement.intervals import wilson_bounds
from orchestration.scoring.queue import CLAUSES
from orchestration.scoring.verdicts import DECIDED

KINDS = {"distillation": "raw_log_odds", "resale": "raw_resale_log_odds"}
_ROLES = {
    "distillation": ("distiller", "log_harvesting_reseller"),
    "resale": ("reseller", "log_harvesting_reseller"),
}
SUBJECT = ["subject_type", "subject_id"]


@dataclass(frozen=True)
class Labelled:
    """Verdicts with score: lead_id, subject_type, weight, raw_log_odds, raw_resale_log_odds, is_distillation, is_resale.

    The two labels are NULL where a violation states neither role nor clause that tells its kind.
    """

    frame: pl.DataFrame
    unscored: int
    other_rule_set: int


def label_scores(verdicts: pl.DataFrame, scores: pl.DataFrame, ruleset_version: str) -> Labelled:
    """Return the verdicts whose subject had a score of the rule set on the as-of date of the release the reviewer saw.

    `verdicts`: see `scoring.verdicts`. `scores`: as_of_date, subject_type, subject_id, ruleset_version and the raw log-odds, of
    the dates that `seen_on` names.
    """
    joined = verdicts.with_columns(seen_on(pl.col("release_id"))).join(
        scores, left_on=["seen_on", *SUBJECT], right_on=["as_of_date", *SUBJECT], how="left", validate="m:1"
    )
    scored = joined.filter(pl.col("raw_log_odds").is_not_null())
    ours = scored.filter(pl.col("ruleset_version") == ruleset_version)
    frame = ours.with_columns(_label(kind).alias(f"is_{kind}") for kind in KINDS).sort("lead_id")
    return Labelled(
        frame=frame.select("lead_id", "subject_type", "weight", *KINDS.values(), *(f"is_{kind}" for kind in KINDS)),
        unscored=joined.height - scored.height,
        other_rule_set=scored.height - ours.height,
    )


def seen_on(release_id: pl.Expr) -> pl.Expr:
    """Return the as-of date a release id begins with; NULL where it does not."""
    return release_id.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False).alias("seen_on")


def _label(kind: str) -> pl.Expr:
    """1 for a violation of the kind, 0 for a benign verdict or a violation of another kind, NULL where it is not said which."""
    of_kind = _ROLES[kind]
    clauses = sorted({clause for role, clause in CLAUSES.items() if role in of_kind})
    other_clauses = sorted(set(CLAUSES.values()) - set(clauses))
    by_clause = (
        pl.when(pl.col("policy_clause_id").is_in(clauses))
        .then(1.0)
        .when(pl.col("policy_clause_id").is_in(other_clauses))
        .then(0.0)
    )
    by_role = pl.when(pl.col("role").is_in(of_kind)).then(1.0).when(pl.col("role").is_not_null()).then(0.0).otherwise(by_clause)
    return pl.when(pl.col("verdict") == "benign").then(0.0).otherwise(by_role)


@dataclass(frozen=True)
class ReviewerCheck:
    """How often a second reviewer gave another verdict; reviewers' errors are not corrected for in a calibration."""

    pairs: int
    differing: int
    lower: float | None
    upper: float | None


def check_reviewers(reviews: pl.DataFrame) -> ReviewerCheck:
    """Compare the verdict that stands with the second review of the same lead; 95 % by Wilson's interval."""
    decided = reviews.filter(pl.col("verdict").is_in(DECIDED))
    first = decided.filter(pl.col("is_verdict_of_lead") & ~pl.col("is_second_review").fill_null(False))
    second = decided.filter(pl.col("is_second_review").fill_null(False)).sort("decided_at", "review_id")
    second = second.unique("lead_id", keep="last", maintain_order=True)
    pairs = first.select("lead_id", "verdict").join(second.select("lead_id", other="verdict"), on="lead_id")
    differing = pairs.filter(pl.col("verdict") != pl.col("other")).height
    lower, upper = wilson_bounds(differing, pairs.height) if pairs.height else (None, None)
    return ReviewerCheck(pairs.height, differing, lower, upper)
