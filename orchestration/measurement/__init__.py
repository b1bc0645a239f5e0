"""What enforcement achieved: estimators over named facts models, with intervals.

Belongs here: statistics on frames. Reading and writing the warehouse, and drawing, happen elsewhere.
"""

from orchestration.measurement.compute import compute_metrics
from orchestration.measurement.facts import FACTS
from orchestration.measurement.rows import METRIC_SCHEMA
from orchestration.measurement.settings import MeasurementSettings

__all__ = ["FACTS", "METRIC_SCHEMA", "MeasurementSettings", "compute_metrics"]
