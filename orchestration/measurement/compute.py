"""All enforcement metrics from the facts models."""

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from orchestration.measurement.appeals import appeal_rows, harm_rows, proactive_rows
from orchestration.measurement.audit import audit_rows
from orchestration.measurement.consistency import consistency_rows
from orchestration.measurement.displacement import displacement_rows
from orchestration.measurement.facts import checked_facts
from orchestration.measurement.fairness import fairness_rows
from orchestration.measurement.health import coverage_rows, drift_rows, tactic_time_rows
from orchestration.measurement.leakage import leakage_rows
from orchestration.measurement.operations import agreement_rows, partner_rows, queue_rows
from orchestration.measurement.prevention import prevention_rows
from orchestration.measurement.reentry import reentry_rows
from orchestration.measurement.rows import MetricRow, metric_frame
from orchestration.measurement.settings import MeasurementSettings
from orchestration.measurement.times import stage_time_rows


def compute_metrics(facts: Mapping[str, pl.DataFrame], as_of: date, settings: MeasurementSettings | None = None) -> pl.DataFrame:
    """Return `enforcement_metrics` (METRIC_SCHEMA) as of a date, from the models named in `FACTS`.

    Pure and deterministic: the same facts in any row order give the same frame. Raises ValueError when a model or a
    column is missing.
    """
    checked = checked_facts(facts)
    named = {model.removeprefix("int_measurement__"): frame for model, frame in checked.items()}
    return metric_frame(_rows(named, as_of, settings or MeasurementSettings()))


def _rows(facts: Mapping[str, pl.DataFrame], as_of: date, settings: MeasurementSettings) -> Iterator[MetricRow]:
    actions, leads, units = facts["actions"], facts["leads"], facts["enforced_units"]
    decisions, ties = facts["decisions"], facts["unit_ties"]
    yield from stage_time_rows(facts["stage_times"], settings)
    yield from proactive_rows(units, settings)
    yield from audit_rows(leads, settings)
    yield from appeal_rows(actions, settings)
    yield from harm_rows(actions, units)
    yield from fairness_rows(actions, leads, facts["group_sizes"], settings)
    yield from leakage_rows(facts["leakage"], actions)
    yield from reentry_rows(facts["unit_returns"], ties, settings)
    yield from displacement_rows(facts["displacement"], facts["unit_days"], ties, settings)
    yield from prevention_rows(facts["unit_days"], ties, settings)
    yield from consistency_rows(decisions, settings)
    yield from agreement_rows(facts["review_pairs"], settings)
    yield from partner_rows(facts["referrals"], as_of, settings)
    yield from queue_rows(facts["queue_days"], leads, decisions, as_of, settings)
    yield from drift_rows(facts["signal_days"], as_of, settings)
    yield from coverage_rows(facts["tactic_surfaces"])
    yield from tactic_time_rows(facts["tactic_times"], settings)
