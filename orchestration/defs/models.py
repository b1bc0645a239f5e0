"""The dbt models as assets, in four stages with the Python steps between them."""

from collections.abc import Iterator, Sequence
from graphlib import TopologicalSorter
from typing import Any

import dagster as dg
from dagster_dbt import build_dbt_asset_specs

from orchestration.defs.partitions import as_of_dates
from orchestration.defs.resources import NightResource, say
from orchestration.defs.stages import STAGES, Stage
from orchestration.night import steps


def stage_assets(manifest: dict[str, Any], stage: Stage) -> dg.AssetsDefinition:
    """Return one stage's models as a multi-asset; empty stages are not allowed."""
    specs = build_dbt_asset_specs(manifest=manifest, select=" ".join(stage.select) or "fqn:*", exclude=" ".join(stage.exclude))
    # Dagster wants the keys of one step in the order of their dependencies
    after = {spec.key: {dep.asset_key for dep in spec.deps} for spec in specs}
    ordered = [key for key in TopologicalSorter(after).static_order() if key in after]

    @dg.multi_asset(
        name=stage.name,
        specs=[spec.replace_attributes(partitions_def=as_of_dates) for spec in specs],
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def build_stage(context: dg.AssetExecutionContext, night: NightResource) -> Iterator[dg.MaterializeResult[Any]]:
        run = night.plan()
        say(context, f"{stage.says}: as-of dates {run.as_of_from} to {run.as_of_to}")
        steps.run_models(night.where, run, list(stage.select), list(stage.exclude), lambda message: say(context, message))
        if stage is STAGES[-1]:
            steps.remember_code(night.where)
        for key in ordered:
            yield dg.MaterializeResult(asset_key=key)

    return build_stage


def all_stages(manifest: dict[str, Any]) -> Sequence[dg.AssetsDefinition]:
    """Return the assets of every stage."""
    return [stage_assets(manifest, stage) for stage in STAGES]
