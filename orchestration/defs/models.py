"""The dbt models as assets, in four stages with the Python steps between them.

Views are shown in the graph but not materialised by a night: they change only when code does. What is built depends,
through them, on what they read.
"""

from collections.abc import Iterator, Mapping, Sequence
from graphlib import TopologicalSorter
from typing import Any

import dagster as dg
from dagster_dbt import build_dbt_asset_specs

from orchestration.defs.partitions import as_of_dates
from orchestration.defs.resources import NightResource
from orchestration.night import models
from orchestration.night.stages import STAGES, Stage

Specs = Mapping[dg.AssetKey, dg.AssetSpec]


def all_stages(manifest: dict[str, Any]) -> Sequence[dg.AssetsDefinition | dg.AssetSpec]:
    """Return the assets of every stage, and the views as assets that nothing materialises."""
    specs = {spec.key: spec for spec in build_dbt_asset_specs(manifest=manifest)}
    views = {key: spec for key, spec in specs.items() if _is_view(spec, manifest)}
    stages = [_stage_assets(manifest, stage, views) for stage in STAGES]
    return [*stages, *views.values()]


def _is_view(spec: dg.AssetSpec, manifest: dict[str, Any]) -> bool:
    node = manifest["nodes"].get(str(spec.metadata.get("dagster_dbt/unique_id")))
    if node is None:
        node = next(n for n in manifest["nodes"].values() if n["name"] == spec.key.path[-1] and n["resource_type"] != "test")
    return node["config"].get("materialized") == "view"


def _read_through(key: dg.AssetKey, views: Specs) -> set[dg.AssetKey]:
    """Return the key, or for a view all that it reads in the end."""
    if key not in views:
        return {key}
    return {found for dep in views[key].deps for found in _read_through(dep.asset_key, views)}


def _stage_assets(manifest: dict[str, Any], stage: Stage, views: Specs) -> dg.AssetsDefinition:
    selected = build_dbt_asset_specs(manifest=manifest, select=" ".join(stage.select) or "fqn:*", exclude=" ".join(stage.exclude))
    specs = [
        spec.replace_attributes(
            partitions_def=as_of_dates,
            deps=sorted({key for dep in spec.deps for key in _read_through(dep.asset_key, views)}, key=str),
        )
        for spec in selected
        if spec.key not in views
    ]
    # Dagster wants the keys of one step in the order of their dependencies
    after = {spec.key: {dep.asset_key for dep in spec.deps} for spec in specs}
    ordered = [key for key in TopologicalSorter(after).static_order() if key in after]

    @dg.multi_asset(name=stage.name, specs=specs, backfill_policy=dg.BackfillPolicy.single_run())
    def build_stage(context: dg.AssetExecutionContext, night: NightResource) -> Iterator[dg.MaterializeResult[Any]]:
        seconds = night.of(context).build(stage)
        rows = models.count_rows(night.where)
        for key in ordered:
            name = key.path[-1]
            told = {"dagster/row_count": rows.get(name), "seconds": seconds.get(name)}
            # what a night did not build again, a seed, took no time
            yield dg.MaterializeResult(asset_key=key, metadata={what: value for what, value in told.items() if value is not None})

    return build_stage
