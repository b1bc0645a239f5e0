"""Reviews, audits and decisions: times, shares, agreement and odds."""

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from orchestration.measurement.agreement import cohen_kappa
from orchestration.measurement.audit import audit_rows
from orchestration.measurement.consistency import consistency_rows, stopping_odds
from orchestration.measurement.facts import FACTS
from orchestration.measurement.intervals import Flags, Numbers, Places, newcombe_difference, proportion
from orchestration.measurement.odds import Strata, pooled_odds_ratio
from orchestration.measurement.operations import answer_time
from orchestration.measurement.rows import Estimate, MetricRow
from orchestration.measurement.survival import time_quantile
from orchestration.proving.trial import SETTINGS, Drawn, Trial

_END = datetime(2026, 7, 1)


def _row(rows: list[MetricRow], metric: str, slice_text: str = "all") -> Estimate:
    return next(row.estimate for row in rows if (row.metric, row.slice, row.period) == (metric, slice_text, "all"))


def _rate(generator: np.random.Generator) -> Drawn:
    """Sixty decided appeals, between one in fifty and a half of them overturned."""
    share = float(generator.uniform(0.02, 0.5))
    return Drawn(share, proportion(int(generator.binomial(60, share)), 60, SETTINGS.minimum_items))


def _change(generator: np.random.Generator) -> Drawn:
    """A rate of 60 subjects against one of 90."""
    shares = generator.uniform(0.02, 0.5, 2)
    found = generator.binomial((60, 90), shares)
    value, lower, upper = newcombe_difference(found[0] / 60, 60, found[1] / 90, 90)
    return Drawn(float(shares[0] - shares[1]), Estimate(value, lower, upper, 60, "Newcombe 95 %"))


def _median_time(generator: np.random.Generator) -> Drawn:
    """Sixty leads of the last three weeks, reviewed after six days in the median; some still wait."""
    median, spread = 6.0, 0.9
    days, waited = generator.lognormal(np.log(median), spread, 60), generator.uniform(0, 21, 60)
    is_closed = days <= waited
    estimate = time_quantile(np.minimum(days, waited), is_closed.astype(np.float64), 0.5, SETTINGS)
    closed = days[is_closed]
    return Drawn(median, estimate, time_quantile(closed, np.ones_like(closed), 0.5, SETTINGS))


def _partner_time(generator: np.random.Generator) -> Drawn:
    """A third of sixty referrals is declined, which is not known to have a date; the rest are acted on in time or still wait."""
    size, share, mean_days = 60, 2 / 3, 8.0
    ago = generator.uniform(1, 90, size)
    days = np.where(generator.random(size) < share, generator.exponential(mean_days, size), np.inf)
    sent = [_END - timedelta(days=float(one)) for one in ago]
    acted = [day + timedelta(days=float(one)) if one <= since else None for day, one, since in zip(sent, days, ago, strict=True)]
    frame = pl.DataFrame(
        {
            "referral_id": [str(number) for number in range(size)],
            "partner": "cloud",
            "sent_at": sent,
            "acknowledged_at": None,
            "acted_at": acted,
            "outcome": None,
            "is_past_due": False,
        },
        schema_overrides=FACTS["int_measurement__referrals"],
    )
    truth = -mean_days * float(np.log(1 - 0.5 / share))
    closed = np.array([one for one, since in zip(days, ago, strict=True) if one <= since])
    estimate = answer_time(frame, "acted_at", _END, 0.5, SETTINGS)
    return Drawn(truth, estimate, time_quantile(closed, np.ones_like(closed), 0.5, SETTINGS))


def _kappa(generator: np.random.Generator, pairs: int) -> Drawn:
    """A second reviewer repeats the first verdict or draws one anew; violations are a quarter."""
    chances, repeats = np.array([0.25, 0.65, 0.1]), 0.7
    first = generator.choice(3, pairs, p=chances)
    second = np.where(generator.random(pairs) < repeats, first, generator.choice(3, pairs, p=chances))
    return Drawn(repeats, cohen_kappa([str(one) for one in first], [str(one) for one in second], SETTINGS.minimum_pairs))


def _audit(generator: np.random.Generator) -> tuple[pl.DataFrame, float, float]:
    """Return decided leads of both audit designs and the queue, the precision of what is flagged and the prevalence.

    The queue takes the highest scores, which are right more often than other flagged subjects.
    """
    flagged, unflagged = 300, 20_000
    score = generator.random(flagged)
    is_violating = generator.random(flagged) < 0.2 + 0.75 * score
    hidden = generator.random(unflagged) < 0.02
    queued = np.argsort(-score)[:60]
    strata = np.where(score > 0.5, "high", "low")
    parts = [_leads("score", "score", np.ones(60), is_violating[queued])]
    for stratum, drawn in (("high", 20), ("low", 40)):
        members = np.flatnonzero(strata == stratum)
        taken = generator.choice(members, min(drawn, members.size), replace=False)
        parts.append(_leads("audit_flagged", stratum, np.full(taken.size, taken.size / members.size), is_violating[taken]))
    taken = generator.choice(unflagged, 300, replace=False)
    parts.append(_leads("audit_unflagged", "rest", np.full(300, 300 / unflagged), hidden[taken]))
    leads = pl.concat(parts)
    # a third of the audit's answers never came, whatever they would have been
    answered = (generator.random(leads.height) < 2 / 3) | (leads["selection"] == "score").to_numpy()
    leads = leads.with_columns(verdict=pl.when(pl.Series(answered)).then("verdict"))
    whole = flagged + unflagged
    return leads, float(is_violating.mean()), float((is_violating.sum() + hidden.sum()) / whole)


def _leads(selection: str, stratum: str, probabilities: Numbers, is_violating: Flags) -> pl.DataFrame:
    size = len(is_violating)
    return pl.DataFrame(
        {
            "lead_id": [f"{selection}-{stratum}-{number}" for number in range(size)],
            "subject_type": "account",
            "selection": selection,
            "stratum": stratum,
            "selection_probability": probabilities,
            "drawn_on": date(2026, 6, 1),
            "decided_at": datetime(2026, 6, 3),
            "verdict": np.where(is_violating, "violation", "benign"),
            "country": "DE",
            "tier": "free",
            "account_type": "individual",
            "surface": "api",
            "account_count": 1,
            "request_count_28d": 1,
            "output_tokens_28d": 1,
        },
        schema_overrides=FACTS["int_measurement__leads"],
    )


def _precision(generator: np.random.Generator) -> Drawn:
    """The precision of all that is flagged, by an audit in two strata of which a third was never answered."""
    leads, precision, _ = _audit(generator)
    rows = list(audit_rows(leads, SETTINGS))
    return Drawn(precision, _row(rows, "audited_precision"), _row(rows, "queue_precision"))


def _prevalence(generator: np.random.Generator) -> Drawn:
    """The share of all accounts that violate, most of them never flagged."""
    leads, _, prevalence = _audit(generator)
    audited = leads.filter((pl.col("selection") == "audit_flagged") & pl.col("verdict").is_not_null())
    found = float(((audited["verdict"] == "violation") / audited["selection_probability"]).sum())
    shortcut = proportion(round(found), 20_300, SETTINGS.minimum_items)
    return Drawn(prevalence, _row(list(audit_rows(leads, SETTINGS)), "prevalence", "of=accounts"), shortcut)


def _decisions(generator: np.random.Generator, cases: int, stops: Numbers, grades: Places, is_api: Flags) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "action_id": [str(number) for number in range(cases)],
            "case_id": [str(number) for number in range(cases)],
            "surface": np.where(is_api, "api", "chat"),
            "partner": "",
            "action_type": np.where(generator.random(cases) < stops, "termination", "warning"),
            "decided_by": "1",
            "period": "2026-06",
            "policy_clause_id": "c",
            "tactic_id": "t",
            "strength_grade": [f"{grade}" for grade in grades],
            "hours_to_act": 1.0,
        },
        schema_overrides=FACTS["int_measurement__decisions"],
    )


def _odds(generator: np.random.Generator) -> Drawn:
    """Stronger cases are stopped more often and stand more often on the API; within a grade the surface makes no difference."""
    cases = 120
    grades = generator.integers(0, 4, cases)
    is_api = generator.random(cases) < np.array([0.2, 0.4, 0.6, 0.8])[grades]
    decisions = _decisions(generator, cases, np.array([0.15, 0.4, 0.6, 0.85])[grades], grades, is_api)
    is_stopped = (decisions["action_type"] == "termination").to_numpy()
    crude = [np.array([float(np.count_nonzero(part))]) for part in (is_api & is_stopped, is_api & ~is_stopped)]
    crude += [np.array([float(np.count_nonzero(part))]) for part in (~is_api & is_stopped, ~is_api & ~is_stopped)]
    estimate = stopping_odds(decisions, pl.col("surface") == "api", SETTINGS)
    return Drawn(1.0, estimate, pooled_odds_ratio(Strata(*crude), SETTINGS.minimum_pairs))


def _index(generator: np.random.Generator) -> Drawn:
    """All but a few comparable decisions of forty cases stop the account."""
    cases, stops = 40, float(generator.uniform(0.5, 0.98))
    decisions = _decisions(generator, cases, np.full(cases, stops), np.zeros(cases, dtype=np.int64), np.ones(cases, dtype=bool))
    return Drawn(stops**2 + (1 - stops) ** 2, _row(list(consistency_rows(decisions, SETTINGS)), "consistency_index"))


TRIALS = (
    Trial("a rate", "overturn_rate and other shares", "60 decided appeals, 2 to 50 % of them overturned", _rate),
    Trial("a change of rates", "signal_drift", "60 subjects against 90, rates of 2 to 50 %", _change),
    Trial(
        "median time, some still waiting",
        "time_to_review_median_days",
        "60 leads of the last three weeks, reviewed after six days in the median",
        _median_time,
        trap="cases not closed yet",
        shortcut="closed cases only",
    ),
    Trial(
        "median time, some never",
        "partner_response (to=acted)",
        "60 referrals, a third of them declined",
        _partner_time,
        trap="competing risks",
        shortcut="referrals acted on only",
    ),
    Trial(
        "agreement, 40 pairs", "reviewer_agreement", "kappa 0.7, violations a quarter", lambda generator: _kappa(generator, 40)
    ),
    Trial("agreement, 200 pairs", "reviewer_agreement", "the same with 200 pairs", lambda generator: _kappa(generator, 200)),
    Trial(
        "precision of what is flagged",
        "audited_precision",
        "300 flagged, 60 audited in two strata, a third never answered",
        _precision,
        trap="the queue holds the highest scores",
        shortcut="the queue's own precision",
    ),
    Trial(
        "prevalence",
        "prevalence (of=accounts)",
        "300 flagged and 20,000 unflagged, 2 % of whom violate; 360 audited, a third never answered",
        _prevalence,
        trap="audits of flagged subjects only",
        shortcut="violations among the flagged over all accounts",
    ),
    Trial(
        "odds of being stopped",
        "consistency_odds",
        "120 cases of four grades; no difference between surfaces within a grade",
        _odds,
        trap="stronger cases stand on one surface",
        shortcut="the odds over all grades",
    ),
    Trial("consistency index", "consistency_index", "40 comparable cases, 50 to 98 % of them stopped", _index),
)
