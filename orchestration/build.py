"""Assembly: one function that builds the Dagster definitions, with resources to swap by argument."""

import os
from datetime import timedelta
from typing import Any

import dagster as dg

from orchestration.defs.alerting import alert_of_failure
from orchestration.defs.computed import actors_step, measurement_step, queue_step, recommending_step
from orchestration.defs.landing import landing
from orchestration.defs.models import all_stages
from orchestration.defs.partitions import as_of_dates
from orchestration.defs.release import release_assets
from orchestration.defs.resources import NightResource
from orchestration.defs.retention import every_week, retention_job
from orchestration.settings import Home, default_home
from orchestration.warehouse import transform

JOB_NAME = "nightly"


def build_defs(home: Home | None = None, landing_folder: str | None = None) -> dg.Definitions:
    """Return the definitions for a home: every asset, the nightly and the retention job and their schedules."""
    home = home or default_home()
    landing_folder = landing_folder or os.environ.get("STILLWATCH_LANDING", str(home.landing))
    parsed = transform.parse_project(home)
    manifest: dict[str, Any] = parsed.writable_manifest().to_dict(omit_none=False)
    tables = sorted(transform.published_tables(parsed))
    job = dg.define_asset_job(
        JOB_NAME,
        selection=dg.AssetSelection.all(),
        partitions_def=as_of_dates,
        executor_def=dg.in_process_executor,
        # a run begins by rewinding what an attempt before it left, so a whole run can be tried again
        tags={"dagster/max_retries": "2"},
        hooks={alert_of_failure},
        description="From landing to a published release, for one as-of date or a range of them.",
    )
    return dg.Definitions(
        assets=[
            landing,
            *all_stages(manifest),
            actors_step,
            queue_step,
            measurement_step,
            recommending_step,
            *release_assets(tables),
        ],
        jobs=[job, retention_job],
        schedules=[_schedule(job), every_week],
        resources={"night": NightResource(home=str(home.root), landing=landing_folder)},
    )


def _schedule(job: Any) -> dg.ScheduleDefinition:
    @dg.schedule(
        name="every_night", job=job, cron_schedule="30 2 * * *", execution_timezone="UTC",
        description="Half past two, UTC: the night of the day that ended.",
    )  # fmt: skip
    def every_night(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        as_of = (context.scheduled_execution_time - timedelta(days=1)).date().isoformat()
        return dg.RunRequest(run_key=as_of, partition_key=as_of)

    return every_night
