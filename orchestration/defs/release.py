"""The mart gate and the release: nothing is published that the gate did not pass."""

from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from orchestration.defs.checks import table_check_results, table_check_specs
from orchestration.defs.partitions import as_of_dates
from orchestration.defs.resources import NightResource
from orchestration.publishing.manifest import read_manifest
from orchestration.publishing.release import Published


def release_assets(tables: Sequence[str]) -> list[dg.AssetsDefinition]:
    """Return the gate on the published tables and the release that follows it."""
    gated = dg.AssetKey("gated_marts")

    @dg.multi_asset(
        name="mart_gate",
        specs=[
            dg.AssetSpec(
                gated, deps=list(tables), group_name="release", partitions_def=as_of_dates,
                description="The marts of a night, judged before they are handed out.",
            )
        ],
        check_specs=table_check_specs("mart_gate", tables, gated),
        backfill_policy=dg.BackfillPolicy.single_run(),
    )  # fmt: skip
    def mart_gate(
        context: dg.AssetExecutionContext, night: NightResource
    ) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        report = night.of(context).judge_marts()
        told = {"expectations": len(report.findings), "not held": len(report.failures)}
        yield dg.MaterializeResult(asset_key=gated, metadata=told)
        yield from table_check_results("mart_gate", report, tables, gated)

    @dg.asset(
        name="release",
        deps=[gated],
        group_name="release",
        partitions_def=as_of_dates,
        backfill_policy=dg.BackfillPolicy.single_run(),
        description="The published release: Parquet parts, marts.duckdb, catalog, manifest and site.",
    )
    def release(context: dg.AssetExecutionContext, night: NightResource) -> dg.MaterializeResult[Any]:
        """Publish atomically; equal content publishes nothing new."""
        published = night.of(context).publish()
        return dg.MaterializeResult(metadata=release_metadata(published))

    return [mart_gate, release]


def release_metadata(published: Published) -> dict[str, dg.MetadataValue[Any] | str | bool]:
    """Return what is shown of a release: what it is, its rows, what the gates said, and where its pages are."""
    manifest = read_manifest(published.folder)
    gates = [
        f"- {gate['gate']}: {len(gate['findings'])} expectations, "
        f"{sum(not finding['success'] for finding in gate['findings'])} not held"
        for gate in manifest.gates
    ]
    pages = {
        f"page {page.stem}": dg.MetadataValue.url(page.resolve().as_uri())
        for page in sorted((published.folder / "site").glob("*.html"))
    }
    return {
        "release_id": published.release_id,
        "is_new": published.is_new,
        "path": dg.MetadataValue.path(str(published.folder)),
        "content_hash": manifest.content_hash,
        "code_revision": manifest.code_revision,
        "ruleset_version": manifest.ruleset_version,
        "dagster/row_count": dg.MetadataValue.int(sum(manifest.tables.values())),
        "rows": dg.MetadataValue.json(manifest.tables),
        "gates": dg.MetadataValue.md("\n".join(gates)),
        **pages,
    }
