"""Whether like cases are treated alike."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from orchestration.measurement.intervals import Numbers, bootstrap_weights, percentile_bounds
from orchestration.measurement.odds import Strata, pooled_odds_ratio
from orchestration.measurement.rows import Estimate, MetricRow, counted, immature, slice_of
from orchestration.measurement.settings import BLOCKING_ACTIONS, MeasurementSettings

_CELL = ("policy_clause_id", "tactic_id", "strength_grade")
_ACROSS = {"surface": "surface", "decided_by": "reviewer", "partner": "partner", "period": "month"}


def consistency_rows(decisions: pl.DataFrame, settings: MeasurementSettings) -> Iterator[MetricRow]:
    """Yield the consistency index, overall and across surfaces, reviewers, partners and months, odds, and the outliers.

    The index is the share of pairs of comparable decisions (same clause, tactic and strength, of different cases)
    that took the same action; across a dimension only pairs that differ in it count. A decision is one case, surface
    and partner. `consistency_odds` compares each surface, reviewer, partner and month with all others: the odds of an
    action that stops an account, among comparable decisions.
    """
    cells = [part.sort("case_id", "action_id") for _, part in decisions.group_by(_CELL, maintain_order=True)]
    yield MetricRow("consistency_index", _index(cells, None, settings))
    for column, name in _ACROSS.items():
        yield MetricRow("consistency_index", _index(cells, column, settings), slice_of(across=name))
        for value in sorted(decisions[column].drop_nulls().unique()):
            odds = stopping_odds(decisions, pl.col(column) == value, settings)
            yield MetricRow("consistency_odds", odds, slice_of(**{name: value}))
    yield from _outliers(cells, settings)


def stopping_odds(decisions: pl.DataFrame, is_compared: pl.Expr, settings: MeasurementSettings) -> Estimate:
    """Return the odds ratio of a stopping action where `is_compared` against elsewhere, over comparable decisions."""
    counted_cells = (
        decisions.with_columns(
            is_compared=is_compared.fill_null(False), is_stopped=pl.col("action_type").is_in(BLOCKING_ACTIONS)
        )
        .group_by(_CELL)
        .agg(
            a=(pl.col("is_compared") & pl.col("is_stopped")).sum(),
            b=(pl.col("is_compared") & ~pl.col("is_stopped")).sum(),
            c=(~pl.col("is_compared") & pl.col("is_stopped")).sum(),
            d=(~pl.col("is_compared") & ~pl.col("is_stopped")).sum(),
        )
        .sort(_CELL, nulls_last=True)
    )
    return pooled_odds_ratio(Strata(*(counted_cells[name].to_numpy().astype(np.float64) for name in "abcd")), settings.minimum_pairs)


def _index(cells: list[pl.DataFrame], across: str | None, settings: MeasurementSettings) -> Estimate:
    """Return the share of agreeing pairs with a bootstrap over cases; n is the number of pairs."""
    method = "agreeing pairs of comparable decisions, bootstrap over cases 95 %"
    cases = sorted({case for cell in cells for case in cell["case_id"]})
    if not cases:
        return immature(0, f"{method}; shown from {settings.minimum_pairs} pairs")
    agreeing, pairs = _pair_counts(cells, cases, across, np.ones((1, len(cases))))
    n = round(float(pairs[0]))
    if n < settings.minimum_pairs:
        return immature(n, f"{method}; shown from {settings.minimum_pairs} pairs")
    drawn = bootstrap_weights(len(cases), settings.bootstrap_draws, settings.seed)
    draws_agreeing, draws_pairs = _pair_counts(cells, cases, across, drawn)
    shares = np.divide(draws_agreeing, draws_pairs, out=np.full_like(draws_pairs, np.nan), where=draws_pairs > 0)
    lower, upper = percentile_bounds(shares)
    value = float(agreeing[0] / pairs[0])
    return Estimate(value, min(lower, value), max(upper, value), n, method)


def _pair_counts(cells: list[pl.DataFrame], cases: list[str], across: str | None, weights: Numbers) -> tuple[Numbers, Numbers]:
    """Return agreeing and all pairs for each row of (draws, cases) weights, without listing the pairs.

    Pairs of different cases (and sides): all pairs, less those of one case, less those of one side, plus those of both.
    """
    place = {case: number for number, case in enumerate(cases)}
    agreeing, pairs = np.zeros(weights.shape[0]), np.zeros(weights.shape[0])
    for cell in cells:
        drawn = weights[:, [place[case] for case in cell["case_id"]]]
        kept: list[tuple[float, list[str]]] = [(0.5, []), (-0.5, ["case_id"])]
        if across:
            kept += [(-0.5, [across]), (0.5, ["case_id", across])]
        for sign, columns in kept:
            pairs += sign * _sum_of_squares(drawn, cell, columns)
            agreeing += sign * _sum_of_squares(drawn, cell, [*columns, "action_type"])
    return agreeing, pairs


def _sum_of_squares(drawn: Numbers, cell: pl.DataFrame, columns: list[str]) -> Numbers:
    """Return, for each draw, the sum over groups of equal `columns` of the squared sum of weights."""
    if not columns:
        return drawn.sum(axis=1) ** 2
    groups = cell.select(pl.struct(columns).rank("dense"))[:, 0].to_numpy()
    order = np.argsort(groups, kind="stable")
    starts = np.unique(groups[order], return_index=True)[1]
    return (np.add.reduceat(drawn[:, order], starts, axis=1) ** 2).sum(axis=1)


def _outliers(cells: list[pl.DataFrame], settings: MeasurementSettings) -> Iterator[MetricRow]:
    """Yield the decisions whose action few comparable ones took; the value is that share, n the comparable ones."""
    method = f"share of comparable decisions with the same action, listed below {settings.outlier_share:.0%}"
    for cell in cells:
        if cell.height < settings.outlier_cell:
            continue
        counts = dict(cell.group_by("action_type").len().iter_rows())
        for action_id, action_type in cell.select("action_id", "action_type").iter_rows():
            share = counts[action_type] / cell.height
            if share < settings.outlier_share:
                where = slice_of(action_id=action_id, action_type=action_type)
                yield MetricRow("consistency_outlier", counted(share, cell.height, method), where)
