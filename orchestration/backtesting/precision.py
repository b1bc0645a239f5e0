"""Precision at the review budget and false positives per look-alike, of two rule sets on the same verdicts.

Belongs here: weighted shares over subjects with a verdict and the paired bootstrap of their difference (Efron and Tibshirani
1993, chapter 8: the pair is resampled whole). Verdicts exist only for what was reviewed; a subject that only the challenger
queues has one when an audit draw found it, and counts with the weight of that draw.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl

from orchestration.backtesting.leads import SUBJECT, by_subject
from orchestration.backtesting.result import Interval, LookalikeRate, Precision
from orchestration.backtesting.settings import BacktestSettings
from orchestration.measurement.intervals import Numbers, bootstrap_weights, percentile_bounds


def compare_precision(
    champion_queue: pl.DataFrame, challenger_queue: pl.DataFrame, verdicts: pl.DataFrame, settings: BacktestSettings
) -> Precision:
    """Return each queue's precision and their difference.

    `verdicts`: one row a subject with verdict (`violation` or `benign`) and weight, see `scoring.verdicts`.
    """
    champion, challenger = by_subject(champion_queue), by_subject(challenger_queue)
    decided = _marked(_marked(verdicts, champion, "in_champion"), challenger, "in_challenger").sort(SUBJECT)
    union = decided.filter(pl.col("in_champion") | pl.col("in_challenger"))
    violation = (union["verdict"] == "violation").to_numpy().astype(np.float64)
    weight = union["weight"].to_numpy().astype(np.float64)
    masks = [union[name].to_numpy().astype(np.float64) for name in ("in_champion", "in_challenger")]
    enough = [bool(mask.sum() >= settings.minimum_verdicts) for mask in masks]
    one = np.ones((1, union.height))
    values = [_share(one, weight * mask, violation) for mask in masks]
    draws = bootstrap_weights(union.height, settings.bootstrap_draws, settings.seed) if union.height else one
    shares = [_share(draws, weight * mask, violation) for mask in masks]
    counts = [int(mask.sum()) for mask in masks]
    return Precision(
        champion=_interval(values[0], shares[0], enough[0]),
        challenger=_interval(values[1], shares[1], enough[1]),
        difference=_interval(values[1] - values[0], shares[1] - shares[0], all(enough)),
        champion_decided=counts[0],
        challenger_decided=counts[1],
        champion_undecided=champion.height - counts[0],
        challenger_undecided=challenger.height - counts[1],
    )


def compare_lookalikes(
    champion_flagged: pl.DataFrame, challenger_flagged: pl.DataFrame, verdicts: pl.DataFrame, settings: BacktestSettings
) -> Iterator[LookalikeRate]:
    """Yield, per benign explanation that held, how many of its subjects each rule set flags on any night of the range.

    `*_flagged`: the subjects whose greater score reaches the flagging score. A benign verdict without an explanation counts
    under `not stated`.
    """
    benign = verdicts.filter(pl.col("verdict") == "benign").with_columns(pl.col("lookalike_id").fill_null("not stated"))
    marked = _marked(_marked(benign, champion_flagged, "in_champion"), challenger_flagged, "in_challenger")
    for (lookalike_id,), part in sorted(marked.group_by("lookalike_id"), key=lambda group: str(group[0][0])):
        of_one = part.sort(SUBJECT)
        weight = of_one["weight"].to_numpy().astype(np.float64)
        flags = [of_one[name].to_numpy().astype(np.float64) for name in ("in_champion", "in_challenger")]
        draws = bootstrap_weights(of_one.height, settings.bootstrap_draws, settings.seed)
        value, drawn = (_share(w, weight, flags[1] - flags[0]) for w in (np.ones((1, of_one.height)), draws))
        yield LookalikeRate(
            lookalike_id=str(lookalike_id),
            benign=of_one.height,
            champion_flagged=int(flags[0].sum()),
            challenger_flagged=int(flags[1].sum()),
            difference=_interval(value, drawn, of_one.height >= settings.minimum_verdicts),
        )


def _marked(verdicts: pl.DataFrame, subjects: pl.DataFrame, name: str) -> pl.DataFrame:
    marks = subjects.select(SUBJECT).unique().with_columns(pl.lit(True).alias(name))
    return verdicts.join(marks, on=SUBJECT, how="left").with_columns(pl.col(name).fill_null(False))


def _share(draws: Numbers, weights: Numbers, values: Numbers) -> Numbers:
    """Hajek's ratio sum(w y) / sum(w) for every bootstrap draw; NaN where a draw holds none."""
    total = draws @ weights
    hit = draws @ (weights * values)
    return np.divide(hit, total, out=np.full_like(total, np.nan), where=total > 0)


def _interval(value: Numbers, draws: Numbers, enough: bool) -> Interval:
    point = float(value[0])
    if not np.isfinite(point):
        return Interval(value=None)
    if not enough:
        return Interval(value=point)
    lower, upper = percentile_bounds(draws)
    return Interval(value=point, lower=lower, upper=upper)
