"""How the work runs: reviewers' agreement, partners' answers, the queue."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import numpy as np
import polars as pl

from orchestration.measurement.agreement import cohen_kappa
from orchestration.measurement.intervals import proportion
from orchestration.measurement.rows import Estimate, MetricRow, counted, immature, slice_of
from orchestration.measurement.settings import MeasurementSettings
from orchestration.measurement.survival import time_quantile

_ANSWERS = {"acknowledged": "acknowledged_at", "acted": "acted_at"}
_STATISTICS = {"median": 0.5, "p90": 0.9}
_CAPACITY_NIGHTS = 7


def agreement_rows(pairs: pl.DataFrame, settings: MeasurementSettings) -> Iterator[MetricRow]:
    """Yield Cohen's kappa over second reviews and the plain agreement beside it, since rare verdicts lower kappa."""
    first, second = pairs["first_verdict"].to_list(), pairs["second_verdict"].to_list()
    yield MetricRow("reviewer_agreement", cohen_kappa(first, second, settings.minimum_pairs))
    same = sum(one == other for one, other in zip(first, second, strict=True))
    yield MetricRow("reviewer_agreement_share", proportion(same, len(first), settings.minimum_pairs))


def partner_rows(referrals: pl.DataFrame, as_of: date, settings: MeasurementSettings) -> Iterator[MetricRow]:
    """Yield days from sent to acknowledged and to acted, in all and per partner, and the referrals past due.

    A referral without an answer is still waiting at the end of the as-of date. An action implies that it was read.
    """
    end = datetime.combine(as_of + timedelta(days=1), time())
    read = referrals.with_columns(acknowledged_at=pl.coalesce("acknowledged_at", "acted_at"))
    parts = [({}, read)]
    parts += [({"partner": partner}, part) for (partner,), part in read.group_by("partner", maintain_order=True)]
    for labels, part in parts:
        for answer, column in _ANSWERS.items():
            for statistic, reached in _STATISTICS.items():
                where = slice_of(to=answer, statistic=statistic, **labels)
                yield MetricRow("partner_response", answer_time(part, column, end, reached, settings), where)
        past_due = part.filter(pl.col("is_past_due")).height
        where = slice_of(**labels)
        yield MetricRow("partner_past_due", counted(past_due, part.height, "complete count of referrals"), where)
    for referral, partner in read.filter(pl.col("is_past_due")).select("referral_id", "partner").iter_rows():
        where = slice_of(partner=partner, referral_id=referral)
        yield MetricRow("partner_past_due", counted(1, 1, "referral past due without an answer"), where)


def answer_time(referrals: pl.DataFrame, column: str, end: datetime, reached: float, settings: MeasurementSettings) -> Estimate:
    """Return the days after which the share `reached` of all referrals has the answer whose time is in `column`.

    One that was declined will never be acted on and stays among those without that answer until `end`: it competes, and is
    not taken out as if it might still be acted on (Fine and Gray 1999, JASA 94:496-509, the risk set when the end of
    watching is known for all).
    """
    timed = referrals.with_columns(
        days=((pl.coalesce(column, pl.lit(end)) - pl.col("sent_at")).dt.total_seconds() / 86400).clip(0)
    ).sort("days", "referral_id")
    durations = timed["days"].to_numpy().astype(np.float64)
    observed = timed[column].is_not_null().to_numpy().astype(np.float64)
    return time_quantile(durations, observed, reached, settings)


def queue_rows(
    queue_days: pl.DataFrame, leads: pl.DataFrame, decisions: pl.DataFrame, as_of: date, settings: MeasurementSettings
) -> Iterator[MetricRow]:
    """Yield backlog, leads past due, leads per case and the share of review capacity used over the last week.

    A night is reviewed on the day after it, so the night of the as-of date has no review yet and is no part of that share.
    """
    nights = queue_days.sort("as_of_date")
    latest = nights.tail(1)
    reviewed = nights.filter(pl.col("as_of_date") < as_of).tail(_CAPACITY_NIGHTS)
    method = "complete count on the last night"
    backlog = int(latest["lead_count"][-1]) if latest.height else 0
    past_due = int(latest["past_due_count"][-1]) if latest.height else 0
    yield MetricRow("queue_backlog", counted(backlog, backlog, method))
    yield MetricRow("queue_past_due", counted(past_due, backlog, method))
    yield MetricRow("queue_leads_per_case", _leads_per_case(leads, decisions, settings))
    capacity = settings.review_capacity * reviewed.height
    decided = int(reviewed["decided_count"].sum())
    method = f"reviews decided over a capacity of {settings.review_capacity} a day, on the days after {reviewed.height} nights"
    share = counted(decided / capacity, capacity, method) if capacity else immature(0, method)
    yield MetricRow("queue_capacity_share", share)


def _leads_per_case(leads: pl.DataFrame, decisions: pl.DataFrame, settings: MeasurementSettings) -> Estimate:
    method = "leads raised per case acted on, complete counts"
    cases = decisions["case_id"].n_unique()
    if cases < settings.minimum_items:
        return immature(cases, f"{method}; shown from {settings.minimum_items} cases")
    return counted(leads.height / cases, cases, method)
