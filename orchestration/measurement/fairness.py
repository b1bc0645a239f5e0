"""Outcomes by country, account type and tier."""

from collections.abc import Iterator

import polars as pl

from orchestration.measurement.intervals import proportion
from orchestration.measurement.rows import Estimate, MetricRow, slice_of
from orchestration.measurement.settings import MeasurementSettings
from orchestration.scoring.checks import CHECK_STRATA

_GROUPS = ("country", "language", "tier", "account_type")


def fairness_rows(
    actions: pl.DataFrame, leads: pl.DataFrame, group_sizes: pl.DataFrame, settings: MeasurementSettings
) -> Iterator[MetricRow]:
    """Yield, by group: accounts acted on of all accounts, actions overturned, and flagged leads found benign.

    `no_action` and `victim_notice` are not held against an account. A difference between groups is a question, not a
    finding: the groups differ in what they do too.
    """
    least = settings.minimum_items
    adverse = actions.filter(~pl.col("action_type").is_in(["no_action", "victim_notice"]))
    decided_appeals = actions.filter(pl.col("appeal_outcome").is_not_null())
    judged = leads.filter(
        pl.col("selection").is_in(["score", "audit_flagged"])
        & ~pl.col("stratum").is_in(CHECK_STRATA).fill_null(False)
        & pl.col("verdict").is_in(["violation", "benign"])
    )
    for kind, value, size in group_sizes.sort("group_kind", "group_value").iter_rows():
        of_group = pl.lit(True) if kind == "all" else pl.col(kind) == value
        acted = min(adverse.filter(of_group)["account_id"].n_unique(), size)
        slice_text = "all" if kind == "all" else slice_of(**{kind: value})
        yield MetricRow("action_rate", proportion(acted, size, least), slice_text)
    yield MetricRow("flagged_benign_rate", _benign(judged, settings))
    for kind in _GROUPS:
        for (value,), part in judged.group_by(kind, maintain_order=True):
            yield MetricRow("flagged_benign_rate", _benign(part, settings), slice_of(**{kind: value}))
        for (value,), part in decided_appeals.group_by(kind, maintain_order=True):
            overturned = part.filter(pl.col("appeal_outcome") == "overturned").height
            yield MetricRow("overturn_rate", proportion(overturned, part.height, least), slice_of(**{kind: value}))


def _benign(judged: pl.DataFrame, settings: MeasurementSettings) -> Estimate:
    return proportion(judged.filter(pl.col("verdict") == "benign").height, judged.height, settings.minimum_items)
