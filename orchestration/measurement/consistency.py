"""Whether like cases are treated alike."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from orchestration.measurement.intervals import bootstrap_weights, percentile_bounds
from orchestration.measurement.rows import Estimate, MetricRow, counted, immature, slice_of
from orchestration.measurement.settings import MeasurementSettings

_CELL = ("policy_clause_id", "tactic_id", "strength_grade")
_ACROSS = {"surface": "surface", "decided_by": "reviewer", "partner": "partner", "period": "month"}


def consistency_rows(decisions: pl.DataFrame, settings: MeasurementSettings) -> Iterator[MetricRow]:
    """Yield the consistency index, overall and across surfaces, reviewers, partners and months, and the outlying decisions.

    The index is the share of pairs of comparable decisions (same clause, tactic and strength, of different cases) that took
    the same action; across a dimension only pairs that differ in it count. A decision is one case, surface and partner.
    """
    cells = [part.sort("case_id", "action_id") for _, part in decisions.group_by(_CELL, maintain_order=True)]
    yield MetricRow("consistency_index", _index(cells, None, settings))
    for column, name in _ACROSS.items():
        yield MetricRow("consistency_index", _index(cells, column, settings), slice_of(across=name))
    yield from _outliers(cells, settings)


def _index(cells: list[pl.DataFrame], across: str | None, settings: MeasurementSettings) -> Estimate:
    """Return the share of agreeing pairs with a bootstrap over cases; n is the number of pairs."""
    method = "agreeing pairs of comparable decisions, bootstrap over cases 95 %"
    cases = sorted({case for cell in cells for case in cell["case_id"]})
    place = {case: number for number, case in enumerate(cases)}
    firsts: list[int] = []
    seconds: list[int] = []
    agreeing: list[float] = []
    for cell in cells:
        owners = [place[case] for case in cell["case_id"]]
        actions = cell["action_type"].to_list()
        sides = cell[across].to_list() if across else [None] * cell.height
        for one in range(cell.height):
            for other in range(one + 1, cell.height):
                if owners[one] != owners[other] and (across is None or sides[one] != sides[other]):
                    firsts.append(owners[one])
                    seconds.append(owners[other])
                    agreeing.append(float(actions[one] == actions[other]))
    n = len(agreeing)
    if n < settings.minimum_pairs:
        return immature(n, f"{method}; shown from {settings.minimum_pairs} pairs")
    agrees = np.array(agreeing)
    drawn = bootstrap_weights(len(cases), settings.bootstrap_draws, settings.seed)
    weights = drawn[:, firsts] * drawn[:, seconds]
    sums = weights.sum(axis=1)
    draws = np.divide(weights @ agrees, sums, out=np.full_like(sums, np.nan), where=sums > 0)
    lower, upper = percentile_bounds(draws)
    value = float(agrees.mean())
    return Estimate(value, min(lower, value), max(upper, value), n, method)


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
