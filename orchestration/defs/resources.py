"""The one resource of a run: which home and landing folder, held under the home's lock for the run's duration."""

import logging
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from expectations.report import GateReport
from orchestration.landing.files import RunPlan
from orchestration.night.lock import home_lock
from orchestration.settings import Home

progress_log = logging.getLogger("stillwatch.progress")
PROGRESS = logging.INFO + 5
"""Above the chatter of libraries, below a warning."""


class NightResource(dg.ConfigurableResource["NightResource"]):
    """Home, landing folder, for a superseding release the reason, and whether the range is computed alone."""

    home: str
    landing: str
    reason: str = ""
    alone: bool = False

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator["NightResource"]:
        """Hold the home's lock while the run lasts; HomeLockedError when another run has it."""
        with home_lock(self.where):
            yield self

    @property
    def where(self) -> Home:
        """The home as settings."""
        return Home(root=Path(self.home))

    def keep_plan(self, plan: RunPlan) -> None:
        """Keep the run's plan for the steps after the first, which may not plan again: the rewind changed what it saw."""
        self._plan_path.write_text(plan.model_dump_json(), encoding="utf-8")

    def plan(self) -> RunPlan:
        """Return the plan the first step kept."""
        return RunPlan.model_validate_json(self._plan_path.read_text(encoding="utf-8"))

    def keep_gate(self, report: GateReport) -> None:
        """Keep a gate's report for publishing and for the message to the caller."""
        self.gate_path(report.gate).write_text(report.model_dump_json(), encoding="utf-8")

    def gate(self, gate: str) -> GateReport:
        """Return the report a gate left in this run."""
        return GateReport.model_validate_json(self.gate_path(gate).read_text(encoding="utf-8"))

    def gate_path(self, gate: str) -> Path:
        """Where a gate's report of the latest run is kept."""
        return self.where.gate_report(gate)

    @property
    def _plan_path(self) -> Path:
        return self.where.root / "latest-plan.json"


def say(context: dg.AssetExecutionContext, message: str) -> None:
    """Show progress in Dagster's log and to whoever runs the command line."""
    context.log.info(message)
    progress_log.log(PROGRESS, message)
