"""What a shadow signal would add if it were active.

Belongs here: the difference of two scorings, one with the signal promoted. Both come from the scoring models themselves.
"""

import polars as pl

from orchestration.backtesting.leads import SUBJECT
from orchestration.backtesting.result import ShadowSignal


def would_be(signal_id: str, scores: pl.DataFrame, promoted: pl.DataFrame, flag_score: float) -> ShadowSignal:
    """Return the signal's would-be contribution over the subjects and nights it would move.

    Scores hold as_of_date, subject, log_odds, resale_log_odds, score and resale_score. Means and extremes are over subject-nights
    that move; `greatest` is the one farthest from 0.
    """
    moved = scores.join(promoted, on=["as_of_date", *SUBJECT], suffix="_promoted").with_columns(
        move=(pl.col("log_odds_promoted") - pl.col("log_odds")).round(4),
        resale_move=(pl.col("resale_log_odds_promoted") - pl.col("resale_log_odds")).round(4),
        was=pl.max_horizontal("score", "resale_score"),
        would=pl.max_horizontal("score_promoted", "resale_score_promoted"),
    )
    moved = moved.filter((pl.col("move") != 0) | (pl.col("resale_move") != 0))
    newly = moved.filter((pl.col("was") < flag_score) & (pl.col("would") >= flag_score))
    return ShadowSignal(
        signal_id=signal_id,
        subjects=moved.select(SUBJECT).n_unique(),
        mean_contribution=_mean(moved["move"]),
        greatest_contribution=_greatest(moved["move"]),
        mean_resale_contribution=_mean(moved["resale_move"]),
        greatest_resale_contribution=_greatest(moved["resale_move"]),
        newly_flagged=newly.select(SUBJECT).n_unique(),
    )


def _mean(values: pl.Series) -> float | None:
    return round(sum(values) / values.len(), 4) if values.len() else None


def _greatest(values: pl.Series) -> float | None:
    return max(values.to_list(), key=lambda value: (abs(value), value)) if values.len() else None
