"""What was appealed and overturned, who was found first, and the harm of what fell."""

from collections.abc import Iterator

import polars as pl

from orchestration.measurement.intervals import proportion
from orchestration.measurement.rows import MetricRow, counted, slice_of
from orchestration.measurement.settings import MeasurementSettings

_GROUNDS = ("factual", "procedural", "goodwill")


def appeal_rows(actions: pl.DataFrame, settings: MeasurementSettings) -> Iterator[MetricRow]:
    """Yield appeals per noticed action and overturned per decided appeal, by type, surface, clause and month.

    Partial reversals stand apart in `partial_overturn_rate`; `overturn_rate` by ground is a share of all decided
    appeals.
    """
    dated = actions.with_columns(period=pl.col("decided_at").dt.strftime("%Y-%m"))
    noticed = dated.filter(pl.col("notice_sent_at").is_not_null())
    decided = dated.filter(pl.col("appeal_outcome").is_not_null())
    least = settings.minimum_items
    for slice_text, period, part in _parts(noticed):
        appealed = part.filter(pl.col("is_appealed")).height
        yield MetricRow("appeal_rate", proportion(appealed, part.height, least), slice_text, period)
    for slice_text, period, part in _parts(decided):
        overturned = part.filter(pl.col("appeal_outcome") == "overturned").height
        partly = part.filter(pl.col("appeal_outcome") == "partially_overturned").height
        yield MetricRow("overturn_rate", proportion(overturned, part.height, least), slice_text, period)
        yield MetricRow("partial_overturn_rate", proportion(partly, part.height, least), slice_text, period)
    for ground in _GROUNDS:
        fallen = decided.filter((pl.col("appeal_outcome") == "overturned") & (pl.col("appeal_ground") == ground)).height
        yield MetricRow("overturn_rate", proportion(fallen, decided.height, least), slice_of(ground=ground))


def proactive_rows(units: pl.DataFrame, settings: MeasurementSettings) -> Iterator[MetricRow]:
    """Yield the share of enforced units, overturned ones excluded, raised by detection before an external lead."""
    known = units.filter(~pl.col("is_overturned") & pl.col("is_proactive").is_not_null()).with_columns(
        period=pl.col("enforced_on").dt.strftime("%Y-%m")
    )
    for slice_text, period, part in [("all", "all", known), *(("all", m, p) for m, p in _months(known))]:
        raised = part.filter(pl.col("is_proactive")).height
        estimate = proportion(raised, part.height, settings.minimum_items)
        yield MetricRow("proactive_rate", estimate, slice_text, period)


def harm_rows(actions: pl.DataFrame, units: pl.DataFrame) -> Iterator[MetricRow]:
    """Yield account-days lost to actions overturned on the facts, and innocent requests stopped inside mixed actors.

    The second is the part of an enforced actor's requests of the 28 days before that did not look like harvesting
    (1 - mixture share); an estimate of the mixture, so it has no interval of its own.
    """
    fallen = actions.filter(pl.col("lost_days").is_not_null())
    days = float(fallen["lost_days"].sum())
    yield MetricRow("harm_account_days_lost", counted(days, fallen.height, "complete count of factual overturns"))
    mixed = units.filter(~pl.col("is_overturned") & pl.col("mixture_share").is_not_null())
    innocent = float(((1 - mixed["mixture_share"]) * mixed["request_count_28d"]).sum())
    method = "28-day requests x (1 - mixture share) of enforced actors; the mixture's own error is not included"
    yield MetricRow("harm_innocent_requests", counted(innocent, mixed.height, method))


def _parts(actions: pl.DataFrame) -> Iterator[tuple[str, str, pl.DataFrame]]:
    yield "all", "all", actions
    for column, name in (("action_type", "action_type"), ("surface", "surface"), ("policy_clause_id", "clause")):
        for (value,), part in actions.group_by(column, maintain_order=True):
            yield slice_of(**{name: value}), "all", part
    for period, part in _months(actions):
        yield "all", period, part


def _months(frame: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    for (period,), part in frame.group_by("period", maintain_order=True):
        yield str(period), part
