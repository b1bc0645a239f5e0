"""Review verdicts with the number of subjects each stands for.

Belongs here: selection weights. What is estimated with them, a rule set's precision or a calibration curve, is in
`backtesting` and `calibrating`.

The population is that of the nights between the first and the last: every lead flagged in them and every check once,
and the other subjects of an average night. A lead within the review budget is certain to be reviewed; a flagged lead beyond it
and an unflagged subject get in by a draw of known probability on each of the nights, so that over `nights` equal samples one of
them stands for 1 / (probability x nights) (Horvitz and Thompson 1952, samples pooled with equal shares). Leads without a
violation or benign verdict are taken to be like the decided ones of their design and stratum. Leads from outside detection were
not selected with a known probability and are left out.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from orchestration.scoring.checks import CHECK_STRATA

DECIDED = ("violation", "benign")


@dataclass(frozen=True)
class Verdicts:
    """Decided leads with their weights, and what was left out.

    `frame`: lead_id, subject_type, subject_id, selection, stratum, drawn_on, verdict, role, policy_clause_id, lookalike_id,
    release_id, weight; by lead_id.
    """

    frame: pl.DataFrame
    nights: int
    insufficient: int
    undecided: int
    external: int


def weighted_verdicts(
    queue: pl.DataFrame, reviews: pl.DataFrame, budget: int, first: date = date.min, last: date = date.max
) -> Verdicts:
    """Return the decided leads that were first queued from `first` to `last`, weighted.

    `queue`: review_queue rows of every night, those before `first` too. `reviews`: the reviews mart; the verdict taken is its
    `label`, which differs from the reviewer's only after a reversal on the facts. `budget`: leads chosen by score a night. Raises
    ValueError when an audit draw has no selection probability in (0, 1].
    """
    leads = _first_nights(queue, budget).filter(pl.col("drawn_on").is_between(first, last))
    nights = queue.filter(pl.col("as_of_date").is_between(first, last))["as_of_date"].n_unique()
    standing = reviews.filter(pl.col("is_verdict_of_lead")).select(
        "lead_id", pl.col("label").alias("verdict"), "role", "policy_clause_id", "lookalike_id", "release_id"
    )
    leads = leads.join(standing, on="lead_id", how="left", validate="1:1").with_columns(
        is_decided=pl.col("verdict").is_in(DECIDED).fill_null(False)
    )
    is_external = pl.col("selection") == "external"
    chosen = leads.filter(~is_external)
    _require_probabilities(chosen)
    by_draw = (pl.col("selection_probability") * nights).clip(upper_bound=1.0)
    weighted = (
        chosen.with_columns(
            probability=pl.when("is_certain").then(1.0).otherwise(by_draw),
            answer_share=pl.col("is_decided").cast(pl.Float64).mean().over("selection", "stratum"),
        )
        .filter("is_decided")
        .with_columns(weight=1 / (pl.col("probability") * pl.col("answer_share")))
        .sort("lead_id")
    )
    verdict = chosen["verdict"]
    return Verdicts(
        frame=weighted.select(
            "lead_id", "subject_type", "subject_id", "selection", "stratum", "drawn_on", "verdict", "role", "policy_clause_id",
            "lookalike_id", "release_id", "weight",
        ),
        nights=nights,
        insufficient=int((verdict == "insufficient").sum()),
        undecided=int(verdict.is_null().sum()),
        external=leads.filter(is_external).height,
    )  # fmt: skip


def _first_nights(queue: pl.DataFrame, budget: int) -> pl.DataFrame:
    """One row a lead: how it came in was settled on its first night, and whether it would have come in without a draw."""
    is_score = pl.col("selection") == "score"
    # checks have budgets of their own
    is_budgeted = is_score & ~pl.col("stratum").is_in(CHECK_STRATA).fill_null(False)
    night = queue.with_columns(
        score_count=is_budgeted.sum().over("as_of_date"),
        last_chosen=pl.col("priority").filter(is_budgeted).max().over("as_of_date"),
    )
    within = (pl.col("score_count") < budget) | (pl.col("priority") < pl.col("last_chosen")).fill_null(False)
    return (
        night.with_columns(is_certain=is_score | ((pl.col("selection") == "audit_flagged") & within))
        .sort("as_of_date", "lead_id")
        .unique("lead_id", keep="first", maintain_order=True)
        .select(
            "lead_id",
            "subject_type",
            "subject_id",
            "selection",
            pl.col("stratum").fill_null("none"),
            "selection_probability",
            pl.col("as_of_date").alias("drawn_on"),
            "is_certain",
        )
    )


def _require_probabilities(chosen: pl.DataFrame) -> None:
    probability = pl.col("selection_probability")
    wrong = chosen.filter(~pl.col("is_certain") & (probability.is_null() | (probability <= 0) | (probability > 1)))
    if wrong.height:
        raise ValueError(
            f"an audit draw needs a selection probability in (0, 1]; lead {wrong['lead_id'][0]} of {wrong['drawn_on'][0]} has "
            f"{wrong['selection_probability'][0]} ({wrong.height} such leads). Check review_queue"
        )
