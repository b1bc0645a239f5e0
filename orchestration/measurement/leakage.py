"""What still got through while an action was in force."""

from collections.abc import Iterator

import polars as pl

from orchestration.measurement.rows import MetricRow, counted, slice_of
from orchestration.measurement.settings import BLOCKING_ACTIONS

_MEASURES = {"requests": "request_count", "output_tokens": "output_tokens"}


def leakage_rows(leakage: pl.DataFrame, actions: pl.DataFrame) -> Iterator[MetricRow]:
    """Yield successful requests and output tokens inside blocking actions: in all, by type, and each leaking action.

    Counted completely over every request, so there is nothing to estimate; n is the number of actions that took effect.
    """
    watched = actions.filter(pl.col("action_type").is_in(BLOCKING_ACTIONS) & pl.col("effective_at").is_not_null())
    method = "complete count over all requests"
    for measure, column in _MEASURES.items():
        metric = f"leakage_{measure}"
        yield MetricRow(metric, counted(float(leakage[column].sum()), watched.height, method))
        for (action_type,), part in watched.group_by("action_type", maintain_order=True):
            leaked = leakage.filter(pl.col("action_type") == action_type)
            total = float(leaked[column].sum())
            yield MetricRow(metric, counted(total, part.height, method), slice_of(action_type=action_type))
    leaking = leakage.group_by("action_id", "surface", "partner", maintain_order=True).agg(
        pl.col("request_count").sum(), pl.col("output_tokens").sum()
    )
    for action_id, surface, partner, requests, tokens in leaking.iter_rows():
        where = slice_of(action_id=action_id, surface=surface, **({"partner": partner} if partner else {}))
        yield MetricRow("leakage_requests", counted(float(requests), 1, method), where)
        yield MetricRow("leakage_output_tokens", counted(float(tokens), 1, method), where)
