"""The models between landing and quarantine, compiled by dbt once and run on a database in memory for each trial.

Belongs here: running the project's own SQL apart from a night. Nothing of it is written again.
"""

import os
from dataclasses import dataclass
from datetime import date
from typing import Any
from unittest.mock import patch

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from orchestration.landing.files import RunPlan
from orchestration.landing.views import create_landing_views
from orchestration.settings import PROJECT_ROOT, Home
from orchestration.warehouse import transform

SELECTED = ("+int_quarantine__intake", "+quarantine")


@dataclass(frozen=True)
class Screened:
    """What became of the rows of a run: quarantined ones as (table, reason, file, row), and the intake by table."""

    quarantined: list[tuple[str, str, str, int]]
    intake: dict[str, tuple[int, int, int, int]]

    def unaccounted(self) -> dict[str, tuple[int, int, int, int]]:
        """Tables whose rows delivered are not those accepted, repeated and quarantined."""
        return {t: n for t, n in self.intake.items() if n[0] != n[1] + n[2] + n[3] or min(n) < 0}


class Screening:
    """The compiled models for runs over one as-of date."""

    def __init__(self, home: Home, day: date) -> None:
        manifest = transform.parse_project(home)
        dates = f"{{as_of_from: '{day}', as_of_to: '{day}', arrived_from: '{day}'}}"
        command = ["compile", "--select", *SELECTED, "--vars", dates]
        # a home without a warehouse: every incremental model compiles as on its first night
        folders = {
            "project-dir": PROJECT_ROOT,
            "profiles-dir": PROJECT_ROOT,
            "target-path": home.dbt_target,
            "log-path": home.logs,
        }
        command += [word for name, folder in folders.items() for word in (f"--{name}", str(folder))]
        with patch.dict(os.environ, STILLWATCH_WAREHOUSE=str(home.warehouse)):
            outcome = dbtRunner(manifest=manifest).invoke([*command, "--log-level", "none"])
            DuckDBConnectionManager.env().close()
        assert outcome.success, outcome.exception
        results: Any = outcome.result
        self.models = [
            (result.node.name, result.node.config.materialized, result.node.compiled_code)
            for result in results
            if result.node.resource_type == "model"
        ]

    def run(self, plan: RunPlan) -> Screened:
        """Build the models over a plan's files; duckdb.Error when a landed value breaks one."""
        with duckdb.connect() as connection:
            connection.execute("attach ':memory:' as warehouse; use warehouse; set TimeZone = 'UTC'")
            create_landing_views(connection, plan)
            for name, materialized, sql in self.models:
                kind = "view" if materialized == "view" else "table"
                connection.execute(f'create {kind} main."{name}" as {sql}')
            quarantined = connection.execute(
                "select table_name, reason, source_file, source_row from quarantine order by all"
            ).fetchall()
            intake = connection.execute(
                "select table_name, delivered_count, accepted_count, repeated_count, quarantined_count "
                "from int_quarantine__intake"
            ).fetchall()
        return Screened(quarantined, {table: tuple(counts) for table, *counts in intake})
