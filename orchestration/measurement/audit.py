"""Precision and prevalence, from the audit samples and from the queue."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from orchestration.measurement.intervals import Numbers, proportion
from orchestration.measurement.rows import Estimate, MetricRow, immature, slice_of
from orchestration.measurement.sampling import horvitz_thompson_share, horvitz_thompson_total, normal_bounds
from orchestration.measurement.settings import MeasurementSettings
from orchestration.scoring.checks import CHECK_STRATA

_DESIGNS = ("audit_flagged", "audit_unflagged")
_MEASURES = {"accounts": "account_count", "requests": "request_count_28d", "output_tokens": "output_tokens_28d"}


@dataclass(frozen=True)
class _Sample:
    """Decided audit leads as arrays, and how many were drawn for them."""

    successes: Numbers
    probabilities: Numbers
    frame: pl.DataFrame
    drawn: int


def audit_rows(leads: pl.DataFrame, settings: MeasurementSettings) -> Iterator[MetricRow]:
    """Yield audited precision, queue precision and prevalence, with a row a month for the two precisions.

    An audited lead without a violation or benign verdict counts as not answered: the weights of the decided leads of
    its design and stratum are raised by drawn / decided, which takes it to be like them. A review that errs is not
    corrected for.
    """
    drawn = leads.filter(pl.col("selection").is_in(_DESIGNS) & pl.col("selection_probability").is_not_null()).with_columns(
        period=pl.col("drawn_on").dt.strftime("%Y-%m")
    )
    decided = leads.filter(pl.col("verdict").is_in(["violation", "benign"]))
    flagged = drawn.filter(pl.col("selection") == "audit_flagged")
    yield MetricRow("audited_precision", _precision(flagged, settings))
    for (period,), part in flagged.group_by("period", maintain_order=True):
        yield MetricRow("audited_precision", _precision(part, settings), period=str(period))
    # a check claims no abuse, so it can be neither right nor wrong about it
    by_score = (pl.col("selection") == "score") & ~pl.col("stratum").is_in(CHECK_STRATA).fill_null(False)
    queue = decided.filter(by_score).with_columns(period=pl.col("drawn_on").dt.strftime("%Y-%m"))
    yield MetricRow("queue_precision", _plain(queue, settings))
    for column in ("surface", "country", "tier", "account_type"):
        for (value,), part in queue.group_by(column, maintain_order=True):
            yield MetricRow("queue_precision", _plain(part, settings), slice_of(**{column: value}))
    for (period,), part in queue.group_by("period", maintain_order=True):
        yield MetricRow("queue_precision", _plain(part, settings), period=str(period))
    yield from _prevalence(drawn, settings)


def _plain(decided: pl.DataFrame, settings: MeasurementSettings) -> Estimate:
    return proportion(decided.filter(pl.col("verdict") == "violation").height, decided.height, settings.minimum_items)


def _precision(flagged: pl.DataFrame, settings: MeasurementSettings) -> Estimate:
    sample = _answered(flagged)
    return _share(sample, np.ones_like(sample.successes), settings)


def _prevalence(drawn: pl.DataFrame, settings: MeasurementSettings) -> Iterator[MetricRow]:
    sample = _answered(drawn)
    has_both = sample.frame["selection"].n_unique() == len(_DESIGNS)
    for measure, column in _MEASURES.items():
        sizes = sample.frame[column].to_numpy().astype(np.float64)
        # what is unflagged holds nearly everything: without it the share would be that of the flagged
        estimate = _share(sample, sizes, settings) if has_both else immature(sample.frame.height, _both_needed())
        yield MetricRow("prevalence", estimate, slice_of(of=measure))
    nights = drawn["drawn_on"].n_unique()
    method = "Horvitz-Thompson total per night, normal 95 %"
    if not has_both or sample.frame.height < settings.minimum_items:
        total = immature(sample.frame.height, f"{method}; shown from n = {settings.minimum_items} in both designs")
    else:
        accounts = sample.frame["account_count"].to_numpy().astype(np.float64) * sample.successes
        value, variance = horvitz_thompson_total(accounts, sample.probabilities)
        lower, upper = normal_bounds(value / nights, variance / nights**2, floor=0.0)
        total = Estimate(value / nights, lower, upper, sample.frame.height, method)
    yield MetricRow("violating_accounts", total)


def _both_needed() -> str:
    return "Horvitz-Thompson share; needs decided leads of both audit designs"


def _answered(drawn: pl.DataFrame) -> _Sample:
    """Return the decided leads, each probability of selection times its stratum's share of answers."""
    is_decided = pl.col("verdict").is_in(["violation", "benign"])
    answered = (
        drawn.with_columns(answer_share=is_decided.cast(pl.Float64).fill_null(0.0).mean().over("selection", "stratum"))
        .filter(is_decided)
        .with_columns(probability=pl.col("selection_probability") * pl.col("answer_share"))
        .sort("lead_id")
    )
    return _Sample(
        successes=(answered["verdict"] == "violation").to_numpy().astype(np.float64),
        probabilities=answered["probability"].to_numpy().astype(np.float64),
        frame=answered,
        drawn=drawn.height,
    )


def _share(sample: _Sample, sizes: Numbers, settings: MeasurementSettings) -> Estimate:
    n = int(sample.successes.size)
    method = f"Horvitz-Thompson, Wilson 95 % at the effective size, {sample.drawn - n} of {sample.drawn} not decided"
    if n < settings.minimum_items or float(np.sum(sizes)) <= 0:
        return immature(n, f"{method}; shown from n = {settings.minimum_items}")
    share = horvitz_thompson_share(sample.successes, sizes, sample.probabilities)
    return Estimate(share.value, share.lower, share.upper, n, f"{method}, effective n {share.effective_n:.1f}")
