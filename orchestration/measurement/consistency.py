"""Whether like cases are treated alike."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from orchestration.measurement.intervals import Numbers, percentile_bounds
from orchestration.measurement.odds import Strata, pooled_odds_ratio
from orchestration.measurement.rows import Estimate, MetricRow, counted, immature, slice_of
from orchestration.measurement.settings import BLOCKING_ACTIONS, MeasurementSettings

_CELL = ("policy_clause_id", "tactic_id", "strength_grade")
_HALF = 0.5
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
        for value in sorted(value for value in decisions[column].drop_nulls().unique() if value):
            odds = stopping_odds(decisions, pl.col(column) == value, settings)
            yield MetricRow("consistency_odds", odds, slice_of(**{name: value}))
    yield from _outliers(cells, settings)


def stopping_odds(decisions: pl.DataFrame, is_compared: pl.Expr, settings: MeasurementSettings) -> Estimate:
    """Return the odds ratio of a stopping action where `is_compared` against elsewhere, over comparable decisions."""
    counted_cells = (
        decisions.with_columns(is_compared=is_compared.fill_null(False), is_stopped=pl.col("action_type").is_in(BLOCKING_ACTIONS))
        .group_by(_CELL)
        .agg(
            a=(pl.col("is_compared") & pl.col("is_stopped")).sum(),
            b=(pl.col("is_compared") & ~pl.col("is_stopped")).sum(),
            c=(~pl.col("is_compared") & pl.col("is_stopped")).sum(),
            d=(~pl.col("is_compared") & ~pl.col("is_stopped")).sum(),
        )
        .sort(_CELL, nulls_last=True)
    )
    return pooled_odds_ratio(
        Strata(*(counted_cells[name].to_numpy().astype(np.float64) for name in "abcd")), settings.minimum_pairs
    )


def _index(cells: list[pl.DataFrame], across: str | None, settings: MeasurementSettings) -> Estimate:
    """Return the share of agreeing pairs; n is the number of pairs.

    The interval is that of the shares of action types in each cell and side, drawn from their Dirichlet distribution given
    the decisions, with half a decision more for each type and for one not seen yet (Jeffreys' prior); a side leans on its
    cell with the weight of one decision. A bootstrap over cases never draws what was not decided yet, and is too narrow
    where nearly all agree.
    """
    method = "agreeing pairs of comparable decisions, Dirichlet 95 %"
    counted_cells = _counts(cells, across)
    agreeing, pairs = (
        sum(column) for column in zip((0.0, 0.0), *((one.agreeing, one.pairs) for one in counted_cells), strict=True)
    )
    n = round(pairs)
    if n < settings.minimum_pairs:
        return immature(n, f"{method}; shown from {settings.minimum_pairs} pairs")
    generator = np.random.Generator(np.random.PCG64(settings.seed))
    drawn = sum(one.pairs * one.drawn_agreement(generator, settings.bootstrap_draws) for one in counted_cells if one.pairs)
    lower, upper = percentile_bounds(np.asarray(drawn) / pairs)
    value = agreeing / pairs
    return Estimate(value, min(lower, value), max(upper, value), n, method)


@dataclass(frozen=True)
class _Cell:
    """Decisions of one cell per side and action type (sides, types), and its pairs of different cases and sides."""

    counts: Numbers
    agreeing: float
    pairs: float
    cases_per_decision: float
    is_across: bool

    def drawn_agreement(self, generator: np.random.Generator, draws: int) -> Numbers:
        """Return the probability that two decisions agree, for each of `draws` draws of the shares of action types."""
        whole = _shares(generator, self.counts.sum(axis=0) * self.cases_per_decision, draws, _HALF)
        if not self.is_across:
            return (whole**2).sum(axis=1)
        sides = (
            np.stack([_shares(generator, side * self.cases_per_decision, draws, whole) for side in self.counts], axis=1)
            * self.counts.sum(axis=1)[None, :, None]
        )
        sizes = self.counts.sum(axis=1)
        between = (sides.sum(axis=1) ** 2).sum(axis=1) - (sides**2).sum(axis=(1, 2))
        return between / (sizes.sum() ** 2 - (sizes**2).sum())


def _shares(generator: np.random.Generator, counts: Numbers, draws: int, prior: Numbers | float) -> Numbers:
    """Return (draws, types + 1) shares of action types, the last one not seen yet, given counts and a prior for each."""
    shares = generator.standard_gamma(np.append(counts, 0.0) + prior, size=(draws, counts.size + 1))
    return shares / shares.sum(axis=1, keepdims=True)


def _counts(cells: list[pl.DataFrame], across: str | None) -> list[_Cell]:
    """Return the counts of each cell and its pairs of different cases (and sides), without listing the pairs.

    All pairs, less those of one case, less those of one side, plus those of both.
    """
    if not cells:
        return []
    sizes = [cell.height for cell in cells]
    side = pl.col(across).fill_null("").rank("dense").over("cell") - 1 if across else pl.lit(0)
    numbered = (
        pl.concat(cells)
        .with_columns(cell=np.repeat(np.arange(len(cells)), sizes))
        .with_columns(side=side.cast(pl.Int64), type=(pl.col("action_type").rank("dense").over("cell") - 1).cast(pl.Int64))
    )
    kept: list[tuple[float, list[str]]] = [(0.5, []), (-0.5, ["case_id"])]
    if across:
        kept += [(-0.5, [across]), (0.5, ["case_id", across])]
    pairs = np.add.reduce([sign * _sums_of_squares(numbered, columns) for sign, columns in kept])
    agreeing = np.add.reduce([sign * _sums_of_squares(numbered, [*columns, "action_type"]) for sign, columns in kept])
    cases = numbered.group_by("cell").agg(pl.col("case_id").n_unique()).sort("cell")["case_id"]
    sides, types = numbered["side"].to_numpy(), numbered["type"].to_numpy()
    ends = np.cumsum(sizes)
    found: list[_Cell] = []
    for number, (end, size) in enumerate(zip(ends, sizes, strict=True)):
        rows, columns = sides[end - size : end], types[end - size : end]
        counts = np.zeros((int(rows.max()) + 1, int(columns.max()) + 1))
        np.add.at(counts, (rows, columns), 1.0)
        # decisions of one case are not so many independent ones
        found.append(_Cell(counts, float(agreeing[number]), float(pairs[number]), cases[number] / size, across is not None))
    return found


def _sums_of_squares(numbered: pl.DataFrame, columns: list[str]) -> Numbers:
    """Return for each cell, in order of its number, the sum over groups of equal `columns` of their squared sizes."""
    squares = numbered.group_by("cell", *columns).len().select("cell", square=pl.col("len").cast(pl.Float64) ** 2)
    return squares.group_by("cell").agg(pl.col("square").sum()).sort("cell")["square"].to_numpy()


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
