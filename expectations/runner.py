"""The two gates of a night: `validate_sources` before the build and `validate_marts` before publication."""

from expectations.marts_gate import validate_marts
from expectations.report import Finding, GateReport
from expectations.settings import GateSettings
from expectations.sources_gate import validate_sources

__all__ = ["Finding", "GateReport", "GateSettings", "validate_marts", "validate_sources"]
