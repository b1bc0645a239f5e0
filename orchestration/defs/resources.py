"""The one resource of a run: which home and landing folder, held under the home's lock for the run's duration."""

import logging
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path

import dagster as dg

from expectations.report import GateReport
from orchestration import run_log
from orchestration.landing.files import RunPlan
from orchestration.night.lock import home_lock
from orchestration.settings import Home

progress_log = logging.getLogger("stillwatch.progress")
PROGRESS = logging.INFO + 5
"""Above the chatter of libraries, below a warning."""
GATES = ("sources", "marts")


class NightResource(dg.ConfigurableResource["NightResource"]):
    """Home, landing folder, for a superseding release the reason, and whether the range is computed alone."""

    home: str
    landing: str
    reason: str = ""
    alone: bool = False

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator["NightResource"]:
        """Hold the home's lock while the run lasts; HomeLockedError when another run has it.

        A run that the command line began is recorded by it; one that Dagster's pages began is recorded here.
        """
        recorded = nullcontext() if run_log.run_id() else run_log.recording(self.where, "dagster", context.run_id)
        with home_lock(self.where), recorded:
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

    def forget_gates(self) -> None:
        """Remove the reports of the run before, so that none is taken for this run's."""
        forget_gates(self.where)

    def keep_gate(self, report: GateReport) -> None:
        """Keep a gate's report for publishing and for the message to the caller."""
        self.gate_path(report.gate).write_text(report.model_dump_json(), encoding="utf-8")
        if not report.success:
            run_log.warn(report.message().split("\n", 1)[0])

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


def kept_gates(home: Home) -> list[GateReport]:
    """Return the reports that the gates left in the latest run, the source gate's first."""
    paths = [home.gate_report(gate) for gate in GATES]
    return [GateReport.model_validate_json(path.read_text(encoding="utf-8")) for path in paths if path.exists()]


def forget_gates(home: Home) -> None:
    """Remove the reports of the latest run."""
    for gate in GATES:
        home.gate_report(gate).unlink(missing_ok=True)


@contextmanager
def step(context: dg.AssetExecutionContext, message: str) -> Generator[run_log.Counts]:
    """Show that a step begins and record it in the run log with its dates, seconds and what it counts."""
    say(context, message)
    keys = context.partition_key_range
    with run_log.step(context.op.name, date.fromisoformat(keys.start), date.fromisoformat(keys.end)) as counts:
        yield counts
