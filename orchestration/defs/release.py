"""The mart gate and the release: nothing is published that the gate did not pass."""

from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from orchestration.defs.checks import table_check_results, table_check_specs
from orchestration.defs.partitions import as_of_dates
from orchestration.defs.resources import NightResource


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
        yield dg.MaterializeResult(asset_key=gated)
        yield from table_check_results("mart_gate", report, tables, gated)

    @dg.asset(
        name="release",
        deps=[gated],
        group_name="release",
        partitions_def=as_of_dates,
        backfill_policy=dg.BackfillPolicy.single_run(),
        description="The published release: Parquet parts, marts.duckdb, manifest and site.",
    )
    def release(context: dg.AssetExecutionContext, night: NightResource) -> dg.MaterializeResult[Any]:
        """Publish atomically; equal content publishes nothing new."""
        published = night.of(context).publish()
        return dg.MaterializeResult(
            metadata={"release_id": published.release_id, "is_new": published.is_new, "path": str(published.folder)}
        )

    return [mart_gate, release]
