"""No telemetry: what each library is told so that it reports to nobody.

Belongs here: the switches that are environment variables. dbt's also stands in `dbt_project.yml`, Dagster's in `dagster.yaml`.
"""

import os

_SWITCHES = {
    "DAGSTER_DISABLE_TELEMETRY": "true",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
}


def quiet_environment() -> dict[str, str]:
    """Return the variables that switch telemetry off in every library that has any."""
    return dict(_SWITCHES)


def silence_libraries() -> None:
    """Switch telemetry off in this process and those it starts, whatever the environment said."""
    os.environ.update(_SWITCHES)
