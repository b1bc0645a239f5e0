"""The population stability index: how far a distribution of log-odds has moved.

Belongs here: sum over bins of (q - p) ln(q / p), Jeffreys' divergence of binned shares (Siddiqi 2006, Credit Risk Scorecards;
Yurdakul and Naranjo 2020, Journal of Risk Model Validation 14:89-100). We add half a subject to every bin, so that an empty bin
gives a finite number, and cut at distinct quantiles, since scores have ties.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl

from orchestration.backtesting.result import Stability
from orchestration.backtesting.settings import BacktestSettings
from orchestration.measurement.intervals import Numbers


def stability_index(before: Numbers, after: Numbers, bins: int) -> float | None:
    """Return the index of `after` against `before`, cut at quantiles of `before`; None where either is empty. No unit."""
    if not before.size or not after.size:
        return None
    cuts = np.unique(np.quantile(before, np.linspace(0, 1, bins + 1)[1:-1], method="inverted_cdf"))
    counts = [
        np.bincount(np.searchsorted(cuts, values, side="left"), minlength=cuts.size + 1) + 0.5 for values in (before, after)
    ]
    p, q = (count / count.sum() for count in counts)
    return float(np.sum((q - p) * np.log(q / p)))


def compare_stability(champion: pl.DataFrame, challenger: pl.DataFrame, settings: BacktestSettings) -> Iterator[Stability]:
    """Yield the indices per subject type; scores hold as_of_date, subject_type and log_odds."""
    for subject_type in sorted(champion["subject_type"].unique()):
        ours, theirs = (frame.filter(pl.col("subject_type") == subject_type) for frame in (champion, challenger))
        between = stability_index(_values(ours), _values(theirs), settings.stability_bins)
        yield Stability(
            subject_type=subject_type,
            champion_to_challenger=between,
            champion_first_to_last=_first_to_last(ours, settings),
            challenger_first_to_last=_first_to_last(theirs, settings),
            is_large=between is not None and between >= settings.unstable_from,
        )


def _first_to_last(scores: pl.DataFrame, settings: BacktestSettings) -> float | None:
    nights = scores["as_of_date"].unique().sort()
    if nights.len() < 2:
        return None
    first, last = (scores.filter(pl.col("as_of_date") == night) for night in (nights[0], nights[-1]))
    return stability_index(_values(first), _values(last), settings.stability_bins)


def _values(scores: pl.DataFrame) -> Numbers:
    return scores["log_odds"].to_numpy().astype(np.float64)
