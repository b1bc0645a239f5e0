"""What Python computes between the dbt stages: actors, the review queue, the metrics, what verdicts say of signals."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from orchestration.defs.partitions import as_of_dates
from orchestration.defs.resources import NightResource
from orchestration.night.stages import ACTORS, MEASUREMENT, QUEUE, RECOMMENDING, ComputedStep


def _key(name: str) -> dg.AssetKey:
    return dg.AssetKey(["computed", name])


def _deps(step: ComputedStep) -> list[dg.AssetKey]:
    return [*map(dg.AssetKey, step.reads), *map(_key, step.reads_computed)]


def _specs(step: ComputedStep, descriptions: Mapping[str, str]) -> Sequence[dg.AssetSpec]:
    """Return the specs of tables that one step writes together."""
    return [
        dg.AssetSpec(
            _key(name), deps=_deps(step), group_name="computed", description=descriptions[name], partitions_def=as_of_dates
        )
        for name in step.writes
    ]


@dg.multi_asset(
    name="actors_step",
    specs=_specs(
        ACTORS,
        {
            "actor_members": "One row per account in an actor and as-of date.",
            "actor_events": "One row per actor, date, event and other actor.",
        },
    ),
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def actors_step(context: dg.AssetExecutionContext, night: NightResource) -> Iterator[dg.MaterializeResult[Any]]:
    """Group linked accounts into actors with stable ids."""
    written = night.of(context).find_actors()
    yield dg.MaterializeResult(asset_key=_key("actor_members"), metadata={"rows": written})
    yield dg.MaterializeResult(asset_key=_key("actor_events"))


@dg.asset(
    key=_key("review_queue"),
    deps=_deps(QUEUE),
    group_name="computed",
    partitions_def=as_of_dates,
    backfill_policy=dg.BackfillPolicy.single_run(),
    description="One row per lead and as-of date.",
)
def queue_step(context: dg.AssetExecutionContext, night: NightResource) -> dg.MaterializeResult[Any]:
    """Choose each night's leads within the review budget, and the audit samples."""
    return dg.MaterializeResult(metadata={"rows": night.of(context).choose_queue()})


@dg.asset(
    key=_key("metric_values"),
    deps=_deps(MEASUREMENT),
    group_name="computed",
    partitions_def=as_of_dates,
    backfill_policy=dg.BackfillPolicy.single_run(),
    description="One row per metric, period and slice.",
)
def measurement_step(context: dg.AssetExecutionContext, night: NightResource) -> dg.MaterializeResult[Any]:
    """Estimate what enforcement achieved."""
    return dg.MaterializeResult(metadata={"rows": night.of(context).measure()})


@dg.multi_asset(
    name="recommending_step",
    specs=_specs(
        RECOMMENDING,
        {
            "signal_weights": "One row per signal: what verdicts say of its weight.",
            "signal_groups": "One row per signal and group with verdicts enough.",
        },
    ),
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def recommending_step(context: dg.AssetExecutionContext, night: NightResource) -> Iterator[dg.MaterializeResult[Any]]:
    """Ask the verdicts what each signal is worth."""
    yield dg.MaterializeResult(asset_key=_key("signal_weights"), metadata={"rows": night.of(context).weigh_signals()})
    yield dg.MaterializeResult(asset_key=_key("signal_groups"))
