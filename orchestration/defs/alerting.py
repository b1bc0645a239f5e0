"""The alert of a night that failed, whoever began the run: the command line, a schedule or Dagster's pages."""

from datetime import date

import dagster as dg

from orchestration.alerting.raising import raise_failure
from orchestration.defs.resources import NightResource
from orchestration.night.running import kept_gates


@dg.failure_hook(name="alert_of_failure", required_resource_keys={"night"})
def alert_of_failure(context: dg.HookContext) -> None:
    """Raise the alert of the step that failed; it is the night's, since the steps after it do not run."""
    night: NightResource = context.resources.night
    run = context.instance.get_run_by_id(context.run_id)
    tags = run.tags if run else {}
    as_of = date.fromisoformat(tags.get("dagster/asset_partition_range_end") or tags["dagster/partition"])
    error = context.op_exception or RuntimeError("a step failed")
    gates = kept_gates(night.where) if isinstance(error, dg.DagsterError) else []
    raise_failure(night.where, as_of, context.run_id, error, gates)
