"""A night as OpenLineage events: one run for the night, one in it for each step, one in that for each table that is made.

Belongs here: which job reads and writes what. Ids of runs follow from the night's own, which is that of the run log, so that the
same run told twice is the same run.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal
from uuid import UUID, uuid5

from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import (
    OutputDatasetFacet,
    dataset_version_dataset,
    input_statistics_input_dataset,
    output_statistics_output_dataset,
    parent_run,
    set_producer,
)
from openlineage.client.serde import Serde
from pydantic import BaseModel, ConfigDict

from expectations.report import Finding, GateReport
from orchestration.exporting.export import Export, exports_folder
from orchestration.landing.files import RunPlan
from orchestration.lineage import facets
from orchestration.lineage.graph import SCHEMA_OF_MODELS, Graph
from orchestration.lineage.telling import Built, Computed, Exported, Judged, Released, Told
from orchestration.publishing.manifest import read_manifest
from orchestration.publishing.parts import is_internal
from orchestration.settings import Home
from orchestration.warehouse.transform import NodeRun

PRODUCER = f"urn:stillwatch:{version('stillwatch')}"
NIGHT = "night"
State = Literal["START", "COMPLETE", "FAIL", "ABORT"]
_CODE_OF_STEPS = "orchestration/night/running.py"
_CODE_OF_RELEASES = "orchestration/publishing/release.py"
_CODE_OF_EXPORTS = "orchestration/exporting/export.py"
_SKIPPED = "skipped"
set_producer(PRODUCER)
_ROWS_WRITTEN = output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet


class About(BaseModel):
    """The run that events are of: its id, the as-of dates it is for, the revision of the code."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Home
    namespace: str
    run_id: str
    first: date
    last: date
    revision: str


class NightEvents:
    """Makes the events of one run; `graph` is asked for once something was built."""

    def __init__(self, about: About, graph: Callable[[], Graph]) -> None:
        self._about = about
        self._graph = graph

    def night(self, state: State, error: str = "") -> str:
        """Return the event of the run itself."""
        return self._event(state, NIGHT, None, facets.job_facets("DAG", _CODE_OF_STEPS, self._about.revision), error=error)

    def step_begins(self, name: str) -> str:
        """Return the event of a step that begins."""
        return self._step(name, "START", [], [])

    def step_ends(self, name: str, told: Sequence[Told], state: State, error: str = "") -> list[str]:
        """Return the events of what a step made, and that of its end."""
        made: list[str] = []
        inputs: list[InputDataset] = []
        outputs: list[OutputDataset] = []
        for each in told:
            match each:
                case Judged():
                    inputs += self._judged(each)
                case Built():
                    made += self._built(name, each)
                    inputs += self._tested(each)
                case Computed():
                    inputs += [self._input(table) for table in self._graph().read_by(each.step.reads)]
                    inputs += [self._input(f"computed.{table}") for table in each.step.reads_computed]
                    outputs += [self._output(f"computed.{table}", rows=each.rows.get(table)) for table in each.step.writes]
                case Released():
                    made += self._released(name, each.folder)
                case Exported():
                    made += self._exported(name, each.export)
        return [*made, self._step(name, state, inputs, outputs, error)]

    def _step(self, name: str, state: State, inputs: list[InputDataset], outputs: list[OutputDataset], error: str = "") -> str:
        about = facets.job_facets("TASK", _CODE_OF_STEPS, self._about.revision)
        return self._event(state, f"{NIGHT}.{name}", NIGHT, about, inputs, outputs, error)

    def _judged(self, told: Judged) -> Iterator[InputDataset]:
        by_table: dict[str, list[Finding]] = {}
        for finding in told.report.findings:
            by_table.setdefault(finding.table, []).append(finding)
        part = "landing" if told.plan else SCHEMA_OF_MODELS
        for table, findings in by_table.items():
            dataset = self._input(f"{part}.{table}", is_described=told.plan is not None)
            if told.plan:
                dataset.inputFacets = {"inputStatistics": _landed(told.plan, told.report, table)}
            yield facets.with_assertions(dataset, [facets.of_finding(finding) for finding in findings])

    def _built(self, step: str, told: Built) -> Iterator[str]:
        graph = self._graph()
        for run in told.nodes:
            table = graph.tables.get(graph.names.get(run.unique_id, ""))
            if table is None or run.status == _SKIPPED:
                continue
            name = f"{run.unique_id.split('.', 1)[0]}.{table.name.split('.', 1)[1]}"
            about = facets.job_facets("MODEL", table.path or "", self._about.revision)
            with_sql = about | facets.sql_facets(run.sql)
            inputs = [self._input(read) for read in graph.behind.get(table.name, ())]
            rows = told.rows.get(table.name.split(".", 1)[1])
            output = self._output(table.name, rows=rows, is_written_whole=table.is_rewritten)
            parent = f"{NIGHT}.{step}"
            yield self._event("START", name, parent, about, at=run.began_at)
            if run.is_bad:
                error = f"dbt could not build {table.name}; logs/dbt.log in the home says why"
                yield self._event("FAIL", name, parent, with_sql, inputs, [], error, run.ended_at)
            else:
                yield self._event("COMPLETE", name, parent, with_sql, inputs, [output], at=run.ended_at)

    def _tested(self, told: Built) -> Iterator[InputDataset]:
        graph = self._graph()
        by_table: dict[str, list[NodeRun]] = {}
        for run in told.nodes:
            test = graph.tests.get(run.unique_id)
            if test and test.table and run.status != _SKIPPED:
                by_table.setdefault(test.table, []).append(run)
        for table, runs in by_table.items():
            assertions = [facets.of_test(graph.tests[run.unique_id], run) for run in runs]
            yield facets.with_assertions(self._input(table), assertions)

    def _released(self, step: str, folder: Path) -> Iterator[str]:
        manifest = read_manifest(folder)
        about = facets.job_facets("TASK", _CODE_OF_RELEASES, self._about.revision)
        for name, rows in manifest.tables.items():
            files = [folder / part.relative_path for part in manifest.parts if part.table == name]
            inputs = [self._input(table) for table in self._graph().read_by([name])]
            output = self._output(f"published.{name}", rows=rows, files=files, release=manifest.release_id)
            if [dataset.name for dataset in inputs] == [f"{SCHEMA_OF_MODELS}.{name}"]:
                output.facets = {**(output.facets or {}), "columnLineage": facets.copied_columns(inputs[0], self._columns(name))}
            yield from self._once(f"publish.{name}", step, about, inputs, [output])

    def _exported(self, step: str, export: Export) -> Iterator[str]:
        folder = exports_folder(self._about.home) / export.folder_name
        about = facets.job_facets("TASK", _CODE_OF_EXPORTS, self._about.revision)
        for name, counts in export.tables.items():
            inputs = [self._input(f"published.{name}")]
            files = sorted(folder.glob(f"{name}.*"))
            output = self._output(f"exports.{name}", rows=counts.rows, files=files, release=export.release_id)
            yield from self._once(f"export.{name}", step, about, inputs, [output])

    def _once(
        self,
        name: str,
        step: str,
        about: dict[str, facets.JobFacet],
        inputs: list[InputDataset],
        outputs: list[OutputDataset],
    ) -> Iterator[str]:
        """Yield the two events of a job that is known when it is done."""
        yield self._event("START", name, f"{NIGHT}.{step}", about)
        yield self._event("COMPLETE", name, f"{NIGHT}.{step}", about, inputs, outputs)

    def _columns(self, name: str) -> list[facets.Column]:
        """Return a mart's columns as a release has them: internal keys stay behind."""
        table = self._graph().tables.get(f"{SCHEMA_OF_MODELS}.{name}")
        return [column for column in table.columns if not is_internal(column.name)] if table else []

    def _input(self, name: str, *, is_described: bool = False) -> InputDataset:
        known = self._graph().tables.get(name) if is_described else None
        found = facets.dataset_facets(self._about.home.root.name, name, known)
        return InputDataset(namespace=self._about.namespace, name=name, facets=found)

    def _output(
        self,
        name: str,
        *,
        rows: int | None = None,
        is_written_whole: bool = True,
        files: Sequence[Path] | None = None,
        release: str | None = None,
    ) -> OutputDataset:
        part, short = name.split(".", 1)
        is_handed_out = part in {"published", "exports"}
        table = self._graph().tables.get(f"{SCHEMA_OF_MODELS}.{short}" if is_handed_out else name)
        found = facets.dataset_facets(self._about.home.root.name, name, table, self._columns(short) if is_handed_out else None)
        written: dict[str, OutputDatasetFacet] = {}
        if rows is not None and is_written_whole:
            size = sum(file.stat().st_size for file in files) if files is not None else None
            written["outputStatistics"] = _ROWS_WRITTEN(
                rowCount=rows, size=size, fileCount=len(files) if files is not None else None
            )
        elif rows is not None:
            found["dataQualityMetrics"] = facets.row_count(rows)
        if release:
            found["version"] = dataset_version_dataset.DatasetVersionDatasetFacet(datasetVersion=release)
        return OutputDataset(namespace=self._about.namespace, name=name, facets=found, outputFacets=written)

    def _event(
        self,
        state: State,
        job: str,
        parent: str | None,
        about: dict[str, facets.JobFacet],
        inputs: Sequence[InputDataset] = (),
        outputs: Sequence[OutputDataset] = (),
        error: str = "",
        at: datetime | None = None,
    ) -> str:
        run_facets = facets.run_facets(self._about.first, self._about.last, error)
        if parent:
            run_facets["parent"] = self._parent(parent)
        event = RunEvent(
            eventType=RunState(state),
            eventTime=(at or datetime.now(tz=UTC)).isoformat(),
            run=Run(runId=self._run_id(job), facets=run_facets),
            job=Job(namespace=self._about.namespace, name=job, facets=about),
            inputs=list(inputs),
            outputs=list(outputs),
            producer=PRODUCER,
        )
        return Serde.to_json(event)

    def _run_id(self, job: str) -> str:
        return self._about.run_id if job == NIGHT else str(uuid5(UUID(self._about.run_id), job))

    def _parent(self, job: str) -> parent_run.ParentRunFacet:
        namespace = self._about.namespace
        return parent_run.ParentRunFacet(
            run=parent_run.Run(runId=self._run_id(job)),
            job=parent_run.Job(namespace=namespace, name=job),
            root=parent_run.Root(
                run=parent_run.RootRun(runId=self._about.run_id), job=parent_run.RootJob(namespace=namespace, name=NIGHT)
            ),
        )


def _landed(plan: RunPlan, report: GateReport, table: str) -> input_statistics_input_dataset.InputStatisticsInputDatasetFacet:
    files = [path for path in plan.paths(table) if path.is_file()]
    counted = [profile.row_count for profile in report.profiles if profile.table == table]
    return input_statistics_input_dataset.InputStatisticsInputDatasetFacet(
        rowCount=sum(counted) if counted else None, size=sum(path.stat().st_size for path in files), fileCount=len(files)
    )
