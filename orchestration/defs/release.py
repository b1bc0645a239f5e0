"""The mart gate and the release: nothing is published that the gate did not pass."""

from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from orchestration.defs.checks import table_check_results, table_check_specs
from orchestration.defs.partitions import as_of_dates
from orchestration.defs.resources import NightResource, say, step
from orchestration.night import steps


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
        with step(context, "mart gate") as counts:
            report = steps.gate_marts(night.where, night.plan())
            night.keep_gate(report)
            counts |= {"expectations": len(report.findings), "unmet": len(report.failures)}
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
        with step(context, "release") as counts:
            published = steps.publish_release(
                night.where,
                night.plan(),
                [night.gate("sources"), night.gate("marts")],
                night.reason or None,
                lambda message: say(context, message),
            )
            counts |= {"release_id": published.release_id, "is_new": published.is_new}
        word = "published" if published.is_new else "unchanged, nothing new published:"
        say(context, f"{word} {published.release_id}")
        return dg.MaterializeResult(
            metadata={"release_id": published.release_id, "is_new": published.is_new, "path": str(published.folder)}
        )

    return [mart_gate, release]
