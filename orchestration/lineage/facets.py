"""OpenLineage's facets of a night's tables and jobs.

Belongs here: one function for each thing a catalogue shows, from our own shapes to the specification's. Words of databases and
values of rows go into none.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from importlib.metadata import version
from urllib.parse import quote

import duckdb
from openlineage.client.event_v2 import Dataset, InputDataset
from openlineage.client.facet_v2 import (
    DatasetFacet,
    InputDatasetFacet,
    JobFacet,
    RunFacet,
    column_lineage_dataset,
    data_quality_assertions_dataset,
    data_quality_metrics_dataset,
    datasource_dataset,
    documentation_dataset,
    error_message_run,
    job_type_job,
    nominal_time_run,
    processing_engine_run,
    schema_dataset,
    source_code_location_job,
    sql_job,
)

from expectations.report import Finding
from orchestration.lineage.graph import Column, Table, Test
from orchestration.warehouse.transform import NodeRun

STORES = {"landing": "landing", "published": "published", "exports": "exports"}
"""Where the tables of a namespace's part lie in a home; all others are in the working warehouse."""
_PASSED = "pass"


def dataset_facets(home: str, name: str, table: Table | None, columns: Sequence[Column] | None = None) -> dict[str, DatasetFacet]:
    """Return what is known of a table: where it lies, and where YAML describes it its meaning and its columns."""
    store = STORES.get(name.partition(".")[0], "warehouse.duckdb")
    found: dict[str, DatasetFacet] = {
        "dataSource": datasource_dataset.DatasourceDatasetFacet(name=store, uri=f"stillwatch://{quote(home)}/{store}")
    }
    if table and table.description:
        found["documentation"] = documentation_dataset.DocumentationDatasetFacet(description=table.description)
    shown = columns if columns is not None else table.columns if table else ()
    if shown:
        fields = [
            schema_dataset.SchemaDatasetFacetFields(name=each.name, type=each.data_type, description=each.description or None)
            for each in shown
        ]
        found["schema"] = schema_dataset.SchemaDatasetFacet(fields=fields)
    return found


def row_count(rows: int) -> data_quality_metrics_dataset.DataQualityMetricsDatasetFacet:
    """Return how many rows a table holds, where that is not what the run wrote."""
    return data_quality_metrics_dataset.DataQualityMetricsDatasetFacet(columnMetrics={}, rowCount=rows)


def copied_columns(source: Dataset, columns: Iterable[Column]) -> column_lineage_dataset.ColumnLineageDatasetFacet:
    """Return the lineage of columns that are copied as they are, under the same names."""
    same = [column_lineage_dataset.Transformation(type="DIRECT", subtype="IDENTITY")]
    fields = {
        column.name: column_lineage_dataset.Fields(
            inputFields=[
                column_lineage_dataset.InputField(
                    namespace=source.namespace, name=source.name, field=column.name, transformations=same
                )
            ]
        )
        for column in columns
    }
    return column_lineage_dataset.ColumnLineageDatasetFacet(fields=fields)


def with_assertions(dataset: InputDataset, assertions: Sequence[data_quality_assertions_dataset.Assertion]) -> InputDataset:
    """Return an input with what was asserted of it; facets it has already stay."""
    judged: dict[str, InputDatasetFacet] = {
        "dataQualityAssertions": data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet(assertions=list(assertions))
    }
    dataset.inputFacets = {**(dataset.inputFacets or {}), **judged}
    return dataset


def of_finding(finding: Finding) -> data_quality_assertions_dataset.Assertion:
    """Return a gate's finding: what was expected and how much was against it, never its examples."""
    return data_quality_assertions_dataset.Assertion(
        assertion=finding.limit or "expectation",
        name=finding.expectation,
        success=finding.success,
        severity="error" if finding.severity == "block" else "warn",
        actual=f"{finding.unexpected_count} of {finding.element_count} against it" if finding.unexpected_count else None,
        description=f"{finding.verdict} in the gate" if not finding.success else None,
    )


def of_test(test: Test, run: NodeRun) -> data_quality_assertions_dataset.Assertion:
    """Return a dbt test's outcome."""
    return data_quality_assertions_dataset.Assertion(
        assertion=test.kind,
        name=test.name,
        success=run.status == _PASSED,
        severity=test.severity,
        expected="0" if run.failures is not None else None,
        actual=str(run.failures) if run.failures is not None else None,
    )


def run_facets(first: date, last: date, error: str = "") -> dict[str, RunFacet]:
    """Return the days a run is for, what it runs on, and in our words why it failed."""
    begins, ends = (datetime.combine(day, time(), UTC).isoformat() for day in (first, last + timedelta(days=1)))
    found: dict[str, RunFacet] = {
        "nominalTime": nominal_time_run.NominalTimeRunFacet(nominalStartTime=begins, nominalEndTime=ends),
        "processing_engine": processing_engine_run.ProcessingEngineRunFacet(
            name="DuckDB", version=duckdb.__version__, openlineageAdapterVersion=version("stillwatch")
        ),
    }
    if error:
        found["errorMessage"] = error_message_run.ErrorMessageRunFacet(message=error, programmingLanguage="Python")
    return found


def job_facets(kind: str, path: str, revision: str) -> dict[str, JobFacet]:
    """Return what kind of job it is, and the file of its code at the revision."""
    return {
        "jobType": job_type_job.JobTypeJobFacet(processingType="BATCH", integration="STILLWATCH", jobType=kind),
        # the code has no public address to name; path and version say where it is in a checkout
        "sourceCodeLocation": source_code_location_job.SourceCodeLocationJobFacet(
            type="git", url=f"urn:stillwatch:{path}", path=path, version=revision
        ),
    }


def sql_facets(sql: str) -> dict[str, JobFacet]:
    """Return the SQL that dbt ran for a job, if it ran any."""
    return {"sql": sql_job.SQLJobFacet(query=sql, dialect="duckdb")} if sql else {}
