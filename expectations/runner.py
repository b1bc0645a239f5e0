"""The two gates of a night: `validate_sources` before the build and `validate_marts` before publication."""

from expectations.delivery import DeliveredFile, Delivery
from expectations.history import History
from expectations.marts_gate import validate_marts
from expectations.report import Finding, GateReport
from expectations.settings import GateSettings
from expectations.sources_gate import validate_sources

__all__ = [
    "DeliveredFile",
    "Delivery",
    "Finding",
    "GateReport",
    "GateSettings",
    "History",
    "validate_marts",
    "validate_sources",
]
