"""What Python computes between the dbt stages: actors, the review queue, the metrics, what verdicts say of signals."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from orchestration.defs.partitions import as_of_dates
from orchestration.defs.resources import NightResource
from orchestration.warehouse.computed import COMPUTED_FROM


def _key(name: str) -> dg.AssetKey:
    return dg.AssetKey(["computed", name])


def _deps(name: str) -> list[dg.AssetKey]:
    return [dg.AssetKey(made_from.split(".")) for made_from in COMPUTED_FROM[name]]


def _specs(descriptions: Mapping[str, str]) -> list[dg.AssetSpec]:
    """Return the specs of tables that one step writes together."""
    return [
        dg.AssetSpec(_key(name), deps=_deps(name), group_name="computed", description=description, partitions_def=as_of_dates)
        for name, description in descriptions.items()
    ]


@dg.multi_asset(
    name="actors_step",
    specs=_specs(
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
    deps=_deps("review_queue"),
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
    deps=_deps("metric_values"),
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
