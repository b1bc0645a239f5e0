"""Facts drawn at volume: what the estimators ask for, the same again for a seed, and enough of each for a number."""

import pytest

from orchestration.measurement.compute import compute_metrics
from orchestration.measurement.facts import FACTS
from orchestration.measurement.settings import MeasurementSettings
from tests.benchmarks.case_tables import AS_OF, case_tables


def test_every_model_has_its_columns_and_nearly_every_metric_a_number() -> None:
    facts = case_tables(100)
    assert {model: frame.schema for model, frame in facts.items()} == dict(FACTS)
    metrics = compute_metrics(facts, AS_OF, MeasurementSettings(bootstrap_draws=100))
    assert metrics.filter("immature").height < metrics.height / 3
    prevented = metrics.filter(metric="prevented_requests", slice="design=did,days=28").row(0, named=True)
    assert prevented["lower"] > 0


def test_equal_seeds_draw_equal_cases() -> None:
    one, other, third = case_tables(100), case_tables(100), case_tables(100, seed=1)
    assert all(one[model].equals(other[model]) for model in FACTS)
    assert not one["int_measurement__unit_days"].equals(third["int_measurement__unit_days"])


def test_cases_come_in_whole_blocks() -> None:
    with pytest.raises(ValueError, match="multiple"):
        case_tables(150)
