"""The retention job: what has expired goes once a week, a while after the night."""

import dagster as dg

from orchestration.defs.resources import NightResource
from orchestration.night.retaining import retain


@dg.op(name="drop_expired")
def drop_expired_op(context: dg.OpExecutionContext, night: NightResource) -> None:
    """Drop from the working warehouse what is older than its class allows; releases are not touched."""
    done = retain(night.where)
    context.log.info(f"dropped {sum(done.dropped.values())} rows of usage, as of {done.as_of}")
    context.add_output_metadata({"as_of": str(done.as_of), **done.dropped})


@dg.job(name="retention", executor_def=dg.in_process_executor)
def retention_job() -> None:
    """Drop what has expired."""
    drop_expired_op()


every_week = dg.ScheduleDefinition(
    name="every_week",
    job=retention_job,
    cron_schedule="30 8 * * 0",
    execution_timezone="UTC",
    description="Half past eight on Sundays, UTC: what has expired goes.",
)
