"""Leads gained, lost and moved between two rule sets' queues over the same nights.

Belongs here: counting by subject. A lead here is a subject that is queued for its score; audit draws of unflagged subjects,
contract checks and leads from outside detection depend on no weight.
"""

from itertools import pairwise
from typing import Any

import polars as pl

from orchestration.backtesting.result import LeadChange, Leads
from orchestration.scoring.checks import CHECK_STRATA

SUBJECT = ["subject_type", "subject_id"]


def compare_leads(
    champion_queue: pl.DataFrame,
    challenger_queue: pl.DataFrame,
    champion_scores: pl.DataFrame,
    challenger_scores: pl.DataFrame,
    verdicts: pl.DataFrame,
) -> Leads:
    """Return what changes in the queue.

    Queues: as_of_date, subject_type, subject_id, priority, selection. Scores: as_of_date, subject, log_odds. `verdicts`: one
    row a subject with verdict.
    """
    merged = (
        by_subject(champion_queue)
        .join(by_subject(challenger_queue), on=SUBJECT, how="full", coalesce=True, suffix="_challenger")
        .join(_highest(champion_scores), on=SUBJECT, how="left")
        .join(_highest(challenger_scores), on=SUBJECT, how="left", suffix="_challenger")
        .join(verdicts.select(*SUBJECT, "verdict"), on=SUBJECT, how="left")
        .sort(SUBJECT)
    )
    in_champion, in_challenger = pl.col("priority").is_not_null(), pl.col("priority_challenger").is_not_null()
    both = merged.filter(in_champion & in_challenger).with_columns(
        place_change=(pl.col("priority_challenger") - pl.col("priority")).abs()
    )
    median = both["place_change"].median()
    return Leads(
        champion=merged.filter(in_champion).height,
        challenger=merged.filter(in_challenger).height,
        gained=_changes(merged.filter(~in_champion).sort("priority_challenger", *SUBJECT)),
        lost=_changes(merged.filter(~in_challenger).sort("priority", *SUBJECT)),
        moved=_changes(both.filter(pl.col("place_change") > 0).sort(["place_change", *SUBJECT], descending=[True, False, False])),
        median_place_change=float(str(median)) if median is not None else None,
    )


def by_subject(queue: pl.DataFrame) -> pl.DataFrame:
    """Return one row a subject queued for its score: its best priority and first night."""
    return _flagged(queue).group_by(SUBJECT).agg(pl.col("priority").min(), pl.col("as_of_date").min().alias("first_on"))


def kept_share(queue: pl.DataFrame) -> float | None:
    """Return the mean, over nights, of the share of a night's leads by score that are so on the next; None below two nights."""
    flagged = _flagged(queue)
    nights = sorted(queue["as_of_date"].unique())
    queued = {night: set(flagged.filter(pl.col("as_of_date") == night).select(SUBJECT).iter_rows()) for night in nights}
    shares = [len(queued[before] & queued[after]) / len(queued[before]) for before, after in pairwise(nights) if queued[before]]
    return sum(shares) / len(shares) if shares else None


def _flagged(queue: pl.DataFrame) -> pl.DataFrame:
    is_check = pl.col("stratum").is_in(CHECK_STRATA).fill_null(False)
    return queue.filter(pl.col("selection").is_in(["score", "audit_flagged"]) & ~is_check)


def _highest(scores: pl.DataFrame) -> pl.DataFrame:
    return scores.group_by(SUBJECT).agg(pl.col("log_odds").max())


def _changes(frame: pl.DataFrame) -> tuple[LeadChange, ...]:
    return tuple(_change(row) for row in frame.iter_rows(named=True))


def _change(row: dict[str, Any]) -> LeadChange:
    return LeadChange(
        subject_type=row["subject_type"],
        subject_id=row["subject_id"],
        first_queued_on=min(day for day in (row["first_on"], row["first_on_challenger"]) if day),
        champion_priority=row["priority"],
        challenger_priority=row["priority_challenger"],
        champion_log_odds=row["log_odds"],
        challenger_log_odds=row["log_odds_challenger"],
        verdict=row["verdict"],
    )
