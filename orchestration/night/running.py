"""One run from the landing folder to a published release, step by step, whoever drives it.

Belongs here: what each step says, records and keeps for those after it, and their order. The command line calls them one after
the other in this process; Dagster's assets call the same ones under its schedule. Starting Dagster for one run costs more than a
small night.
"""

import logging
from collections.abc import Generator
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from expectations.report import GateReport
from orchestration import run_log
from orchestration.alerting.causes import late_sources
from orchestration.alerting.raising import raise_alerts, raise_failure
from orchestration.exporting import handing_on
from orchestration.exporting.export import latest_export
from orchestration.landing.files import RunPlan, list_partitions
from orchestration.lineage import recording
from orchestration.lineage.telling import Built, Computed, Exported, Judged, Released
from orchestration.night import apart, models, steps, weighing
from orchestration.night.aside import HERE
from orchestration.night.lock import home_lock
from orchestration.night.stages import ACTORS, MEASUREMENT, QUEUE, RECOMMENDING, STAGES, Stage
from orchestration.night.steps import GateFailedError, Progress
from orchestration.publishing.release import Published
from orchestration.settings import Home
from orchestration.warehouse.transform import NodeRun, TransformError, project_of_a_night

PROGRESS = logging.INFO + 5
"""Above the chatter of libraries, below a warning."""
_GATES = ("sources", "marts")
_SLOWEST = 5
_progress_log = logging.getLogger("stillwatch.progress")


def say(message: str) -> None:
    """Show progress to whoever runs the command line."""
    _progress_log.log(PROGRESS, message)


class Night(BaseModel):
    """The steps of one run over a home. `alone` computes the range as given, though later nights were published.

    `aside` is where the gates judge, and what needs no dbt is done.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    home: Home
    landing: Path
    reason: str = ""
    alone: bool = False
    say: Progress = say
    aside: Executor = HERE

    def take_in(self, as_of_from: date, as_of_to: date) -> GateReport:
        """Plan the run, let the source gate judge its files, and only where it passes touch the warehouse."""
        forget_gates(self.home)
        with self._step("landing", "landing files", as_of_from, as_of_to) as counts:
            run = steps.plan(self.home, self.landing, as_of_from, as_of_to, alone=self.alone)
            # the steps after this one may not plan again: the rewind changes what a plan sees
            self.home.latest_plan.write_text(run.model_dump_json(), encoding="utf-8")
            self.say(f"source gate: {len(run.files)} files that arrived {run.arrived_from} to {run.as_of_to}")
            report = steps.gate_sources(self.home, run, self.aside, partial(project_of_a_night, self.home))
            self._keep(report)
            recording.tell(lambda: Judged(report=report, plan=run))
            counts |= {"files": len(run.files), "expectations": len(report.findings), "unmet": len(report.failures)}
            if report.success:
                steps.prepare(self.home, run)
        if not self.alone:
            raise_alerts(self.home, late_sources(self.home, report, run_log.run_id()))
        return report

    def build(self, stage: Stage) -> dict[str, float]:
        """Build one stage of dbt models; return the seconds that each node took by its name."""
        run = self.plan()
        says = f"{stage.says}: as-of dates {run.as_of_from} to {run.as_of_to}"
        with self._step(stage.name, says) as counts:
            built = {node.unique_id.split(".", 2)[-1]: node.seconds for node in self._run_models(run, stage)}
            counts["nodes"] = len(built)
            slowest = sorted(built, key=lambda name: -built[name])[:_SLOWEST]
            counts["slowest"] = ", ".join(f"{name} {built[name]:.1f} s" for name in slowest)
            if stage is STAGES[-1]:
                models.remember_code(self.home)
        return built

    def _run_models(self, run: RunPlan, stage: Stage) -> list[NodeRun]:
        try:
            nodes = models.run_models(self.home, run, list(stage.select), list(stage.exclude), self.say)
        except TransformError as error:
            failed = error.nodes
            recording.tell(lambda: Built(nodes=failed, rows={}))
            raise
        recording.tell(lambda: Built(nodes=tuple(nodes), rows=models.count_rows(self.home)))
        return nodes

    def find_actors(self) -> int:
        """Group linked accounts into actors with lasting ids; return the memberships written."""
        with self._step(ACTORS.name, "actors") as counts:
            counts["rows"] = written = steps.find_actors_by_date(self.home, self.plan(), self.say)
            recording.tell(lambda: Computed(step=ACTORS, rows={"actor_members": written}))
        return written

    def choose_queue(self) -> int:
        """Choose each night's leads within the review budget, and the audit samples; return the leads written."""
        with self._step(QUEUE.name, "review queue") as counts:
            counts["rows"] = written = steps.build_queue_by_date(self.home, self.plan(), self.say)
            recording.tell(lambda: Computed(step=QUEUE, rows={"review_queue": written}))
        return written

    def measure(self) -> int:
        """Estimate what enforcement achieved; return the rows written."""
        with self._step(MEASUREMENT.name, "measuring enforcement") as counts:
            counts["rows"] = written = steps.measure(self.home, self.plan(), self.aside)
            recording.tell(lambda: Computed(step=MEASUREMENT, rows={"metric_values": written}))
        return written

    def weigh_signals(self) -> int:
        """Ask the verdicts what each signal is worth; return the rows written."""
        with self._step(RECOMMENDING.name, "weighing signals by their verdicts") as counts:
            counts["rows"] = written = weighing.weigh_signals(self.home)
            recording.tell(lambda: Computed(step=RECOMMENDING, rows={}))
        return written

    def judge_marts(self) -> GateReport:
        """Let the mart gate judge what would be published."""
        with self._step("mart_gate", "mart gate") as counts:
            report = steps.gate_marts(self.home, self.plan(), self.aside)
            self._keep(report)
            recording.tell(lambda: Judged(report=report))
            counts |= {"expectations": len(report.findings), "unmet": len(report.failures)}
        return report

    def publish(self) -> Published:
        """Publish atomically; equal content publishes nothing new."""
        with self._step("release", "release") as counts:
            gates = kept_gates(self.home)
            published = steps.publish_release(self.home, self.plan(), gates, self.reason or None, self.say, self.aside)
            recording.tell(lambda: Released(folder=published.folder))
            counts |= {"release_id": published.release_id, "is_new": published.is_new}
        word = "published" if published.is_new else "unchanged, nothing new published:"
        self.say(f"{word} {published.release_id}")
        if not self.alone and handing_on.asked_for():
            with self._step("export", "export") as counts:
                counts.update(handing_on.hand_on(self.home, published.folder))
                if (export := latest_export(self.home)) and counts["exported"]:
                    recording.tell(lambda: Exported(export=export))
        return published

    def plan(self) -> RunPlan:
        """Return the plan that the first step kept."""
        return RunPlan.model_validate_json(self.home.latest_plan.read_text(encoding="utf-8"))

    def _keep(self, report: GateReport) -> None:
        self.home.gate_report(report.gate).write_text(report.model_dump_json(), encoding="utf-8")
        if not report.success:
            run_log.warn(report.message().split("\n", 1)[0])

    @contextmanager
    def _step(self, name: str, says: str, first: date | None = None, last: date | None = None) -> Generator[run_log.Counts]:
        """Say that a step begins, and record it in the run log with its dates, seconds and what it counts."""
        if first is None or last is None:
            run = self.plan()
            first, last = run.as_of_from, run.as_of_to
        self.say(says)
        with recording.step(name, first, last), run_log.step(name, first, last) as counts:
            yield counts


def run_nights(
    home: Home,
    landing: Path,
    as_of_from: date,
    as_of_to: date,
    reason: str | None = None,
    *,
    alone: bool = False,
    aside: Executor = HERE,
) -> Published:
    """Run the steps over a range of as-of dates and return what was published.

    `alone` is what rebuilds a warehouse stretch by stretch, `aside` where gates judge. Raises HomeLockedError before anything
    is touched when another run has the home, GateFailedError when a gate failed and whatever a step raised otherwise; nothing was
    published then. The run is recorded in the run log, and its lineage where that is asked for; a failure is alerted.
    """
    with run_log.recording(home) as run_id, recording.recording(home, run_id):
        try:
            list_partitions(landing)
            with home_lock(home):
                night = Night(home=home, landing=landing.resolve(), reason=reason or "", alone=alone, aside=aside)
                published = _in_order(night, as_of_from, as_of_to)
        except Exception as error:
            reports = kept_gates(home) if isinstance(error, GateFailedError) else []
            raise_failure(home, as_of_to, run_id, error, reports)
            raise
        raise_alerts(home)
    return published


def _in_order(night: Night, as_of_from: date, as_of_to: date) -> Published:
    features, signals, enforcement, metrics = STAGES
    _passed(night.take_in(as_of_from, as_of_to))
    night.aside.submit(apart.get_ready)
    night.build(features)
    night.find_actors()
    night.build(signals)
    night.choose_queue()
    night.build(enforcement)
    night.measure()
    night.weigh_signals()
    night.build(metrics)
    _passed(night.judge_marts())
    return night.publish()


def _passed(report: GateReport) -> None:
    if not report.success:
        raise GateFailedError(report.message())


def kept_gates(home: Home) -> list[GateReport]:
    """Return the reports that the gates left in the latest run, the source gate's first."""
    paths = [home.gate_report(gate) for gate in _GATES]
    return [GateReport.model_validate_json(path.read_text(encoding="utf-8")) for path in paths if path.exists()]


def forget_gates(home: Home) -> None:
    """Remove the reports of the latest run, so that none is taken for the next one's."""
    for gate in _GATES:
        home.gate_report(gate).unlink(missing_ok=True)
