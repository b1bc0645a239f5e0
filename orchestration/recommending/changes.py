"""Verdicts and the evidence their reviewers saw, turned into what they say of each signal.

Belongs here: which verdicts speak about which signal, and the two tables of results. The estimators are in `weights` and
`groups`; what becomes a recommendation is decided in the models that read the tables.
"""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from orchestration.calibrating.labels import label_scores
from orchestration.measurement.intervals import Numbers
from orchestration.recommending.groups import compare_in_group
from orchestration.recommending.multiplicity import adjusted_p_values
from orchestration.recommending.settings import RecommendingSettings
from orchestration.recommending.weights import Counts, signal_slope
from orchestration.scoring.verdicts import Verdicts

WEIGHT_SCHEMA = pl.Schema(
    {
        "signal_id": pl.String(),
        "signal_version": pl.Int64(),
        "fired_count": pl.Int64(),
        "fired_violation_count": pl.Int64(),
        "other_count": pl.Int64(),
        "other_violation_count": pl.Int64(),
        "slope": pl.Float64(),
        "slope_lower": pl.Float64(),
        "slope_upper": pl.Float64(),
        "p_value": pl.Float64(),
        "adjusted_p_value": pl.Float64(),
        "is_significant": pl.Boolean(),
        "refusal": pl.String(),
    }
)
"""Columns of `computed.signal_weights`: one row per signal of the registry."""

GROUP_SCHEMA = pl.Schema(
    {
        "signal_id": pl.String(),
        "signal_version": pl.Int64(),
        "group_kind": pl.String(),
        "group_value": pl.String(),
        "fired_count": pl.Int64(),
        "other_count": pl.Int64(),
        "fired_precision": pl.Float64(),
        "other_precision": pl.Float64(),
        "p_value": pl.Float64(),
        "adjusted_p_value": pl.Float64(),
        "is_significant": pl.Boolean(),
    }
)
"""Columns of `computed.signal_groups`: one row per incriminating signal and country or tier with verdicts enough."""

_DECIMALS = 9


@dataclass(frozen=True)
class Facts:
    """What is known of the judged leads.

    `verdicts`: see `scoring.verdicts`. `evidence`: lead_id, subject_type, subject_id, seen_on, ruleset_version, signal_id,
    signal_version, contribution, resale_contribution; the prior is a row too. `fired`: lead_id, signal_id, signal_version on
    the lead's last night. `groups`: lead_id, country, tier. `registry`: signal_id, signal_version, subject_type, status,
    hypothesis_sign, weight.
    """

    verdicts: Verdicts
    evidence: pl.DataFrame
    fired: pl.DataFrame
    groups: pl.DataFrame
    registry: pl.DataFrame
    ruleset_version: str
    settings: RecommendingSettings = field(default_factory=RecommendingSettings)


def weigh_signals(facts: Facts) -> pl.DataFrame:
    """Return what verdicts say of each signal's weight for distillation (WEIGHT_SCHEMA), by signal id."""
    labelled = _labelled(facts)
    rows = [_weight_row(signal, labelled, facts) for signal in facts.registry.sort("signal_id").iter_rows(named=True)]
    return _adjusted(pl.DataFrame(rows, schema=WEIGHT_SCHEMA), facts.settings)


def compare_groups(facts: Facts) -> pl.DataFrame:
    """Return each incriminating signal's test in each country and tier with verdicts enough (GROUP_SCHEMA)."""
    judged = facts.verdicts.frame.join(facts.groups, on="lead_id", how="inner").sort("lead_id")
    rows: list[dict[str, object]] = []
    for signal in facts.registry.filter(pl.col("hypothesis_sign") > 0).sort("signal_id").iter_rows(named=True):
        marked = _marked(judged, facts.fired, signal)
        for kind in ("country", "tier"):
            for (value,), part in marked.group_by(kind, maintain_order=True):
                fired = _numbers(part["is_fired"])
                if min(fired.sum(), part.height - fired.sum()) < facts.settings.minimum_verdicts:
                    continue
                labels = _numbers(part["verdict"] == "violation")
                found = compare_in_group(fired, labels, _numbers(part["weight"]), facts.settings.least_useful_lift)
                rows.append(
                    {
                        "signal_id": signal["signal_id"],
                        "signal_version": signal["signal_version"],
                        "group_kind": kind,
                        "group_value": value,
                        "fired_count": int(fired.sum()),
                        "other_count": part.height - int(fired.sum()),
                        "fired_precision": round(found.precision, _DECIMALS),
                        "other_precision": round(found.other_precision, _DECIMALS),
                        "p_value": round(found.p_value, _DECIMALS),
                        "adjusted_p_value": None,
                        "is_significant": False,
                    }
                )
    tested = pl.DataFrame(rows, schema=GROUP_SCHEMA).sort("signal_id", "group_kind", "group_value")
    return _adjusted(tested, facts.settings)


def _labelled(facts: Facts) -> pl.DataFrame:
    """One row a verdict on the rule set in force: lead_id, subject_type, weight, raw, label."""
    scores = (
        facts.evidence.group_by("lead_id", "subject_type", "subject_id", "seen_on", "ruleset_version", maintain_order=True)
        .agg(raw_log_odds=pl.col("contribution").sum(), raw_resale_log_odds=pl.col("resale_contribution").sum())
        .rename({"seen_on": "as_of_date"})
        .unique(["as_of_date", "subject_type", "subject_id"], keep="first", maintain_order=True)
        .drop("lead_id")
    )
    frame = label_scores(facts.verdicts.frame, scores, facts.ruleset_version).frame
    return frame.select(
        "lead_id", "subject_type", "weight", raw=pl.col("raw_log_odds").cast(pl.Float64), label="is_distillation"
    ).filter(pl.col("label").is_not_null())


def _marked(leads: pl.DataFrame, fired: pl.DataFrame, signal: dict[str, object]) -> pl.DataFrame:
    """Leads the signal could fire on, with is_fired; those on which another version of it fired are left out."""
    if signal["subject_type"] == "actor":
        leads = leads.filter(pl.col("subject_type") == "actor")
    of_signal = fired.filter(pl.col("signal_id") == signal["signal_id"])
    ours = of_signal.filter(pl.col("signal_version") == signal["signal_version"])
    others = of_signal.filter(pl.col("signal_version") != signal["signal_version"])
    return leads.join(others, on="lead_id", how="anti").with_columns(is_fired=pl.col("lead_id").is_in(ours["lead_id"].implode()))


def _weight_row(signal: dict[str, object], labelled: pl.DataFrame, facts: Facts) -> dict[str, object]:
    contributed = facts.evidence.filter((pl.col("signal_id") == signal["signal_id"]) & (pl.col("contribution") != 0))
    marked = _marked(labelled, contributed, signal).join(
        contributed.select("lead_id", pl.col("contribution").cast(pl.Float64)), on="lead_id", how="left"
    )
    marked = marked.sort("lead_id").with_columns(pl.col("contribution").fill_null(0.0))
    labels = _numbers(marked["label"])
    counts = Counts.of(_numbers(marked["is_fired"]), labels)
    row: dict[str, object] = {
        "signal_id": signal["signal_id"],
        "signal_version": signal["signal_version"],
        "fired_count": counts.fired,
        "fired_violation_count": counts.fired_violations,
        "other_count": counts.other,
        "other_violation_count": counts.other_violations,
    }
    refusal = _weightless(signal) or counts.refusal(facts.settings)
    if refusal:
        return row | {"refusal": refusal}
    found = signal_slope(
        _numbers(marked["contribution"]), _numbers(marked["raw"]), labels, _numbers(marked["weight"]), facts.settings.ridge
    )
    return row | {
        "slope": round(found.value, _DECIMALS),
        "slope_lower": round(found.lower, _DECIMALS),
        "slope_upper": round(found.upper, _DECIMALS),
        "p_value": round(found.p_value, _DECIMALS),
    }


def _weightless(signal: dict[str, object]) -> str | None:
    if signal["status"] != "active":
        return "counts for nothing: it is not active"
    return "counts for nothing here: its weight for distillation is 0" if not signal["weight"] else None


def _adjusted(tested: pl.DataFrame, settings: RecommendingSettings) -> pl.DataFrame:
    """Fill adjusted_p_value over all rows with a p-value, and whether it stays within the false discovery rate."""
    known = tested.filter(pl.col("p_value").is_not_null())
    adjusted = pl.Series("adjusted", adjusted_p_values(known["p_value"].to_numpy()).round(_DECIMALS), dtype=pl.Float64)
    filled = known.with_columns(adjusted_p_value=adjusted)
    unknown = tested.filter(pl.col("p_value").is_null())
    keys = [name for name in ("signal_id", "group_kind", "group_value") if name in tested.columns]
    return (
        pl.concat([filled, unknown])
        .with_columns(is_significant=(pl.col("adjusted_p_value") <= settings.false_discovery_rate).fill_null(False))
        .sort(keys)
    )


def _numbers(values: pl.Series) -> Numbers:
    return values.cast(pl.Float64).to_numpy().astype(np.float64)
