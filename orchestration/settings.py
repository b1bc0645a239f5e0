"""Frozen settings of a stillwatch home: where its parts are, and the dials of a night.

Belongs here: names of folders and defaults. Values come from the command line or the environment.
"""

import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

PROJECT_ROOT = Path(__file__).resolve().parent.parent

DEFAULT_MEMORY_LIMIT = "3GB"
"""What a database may use at a time where nobody says otherwise; `profiles.yml` repeats it for dbt run by hand."""


Target = Literal["duckdb", "spark"]
"""Where the models run, by the name of dbt's target."""


class TargetError(ValueError):
    """A target that is none; the message names those there are."""


def target_asked_for() -> Target:
    """Return the target that $STILLWATCH_TARGET names, `duckdb` where it is not set; TargetError where there is none such."""
    asked = os.environ.get("STILLWATCH_TARGET") or "duckdb"
    if asked in ("duckdb", "spark"):
        return asked
    if asked == "release":
        # dbt's own target for asking a release, which MetricFlow needs set beside commands on a home
        return "duckdb"
    raise TargetError(f"STILLWATCH_TARGET must be duckdb or spark, given {asked!r}")


class Home(BaseModel):
    """One home folder: the working warehouse, releases, packages and logs of one installation.

    `memory_limit` is what the database may use at a time, as DuckDB writes sizes; $STILLWATCH_MEMORY_LIMIT where it is set.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    root: Path
    memory_limit: str = Field(default_factory=lambda: os.environ.get("STILLWATCH_MEMORY_LIMIT", DEFAULT_MEMORY_LIMIT))
    target: Target = Field(default_factory=target_asked_for)

    @property
    def warehouse(self) -> Path:
        """The working warehouse; never for readers."""
        return self.root / "warehouse.duckdb"

    @property
    def is_on_spark(self) -> bool:
        """Whether the models run on Spark."""
        return self.target == "spark"

    @property
    def spark(self) -> Path:
        """What Python computed, for Spark to read where the models run there."""
        return self.root / "spark"

    @property
    def landing(self) -> Path:
        """The landing folder where none other is named."""
        return self.root / "landing"

    @property
    def published(self) -> Path:
        """Releases and the `current` link; for readers."""
        return self.root / "published"

    @property
    def current(self) -> Path:
        """The link to the current release."""
        return self.published / "current"

    @property
    def reviews(self) -> Path:
        """Filled review forms, kept by what they say."""
        return self.root / "reviews"

    @property
    def exports(self) -> Path:
        """Exports of releases for other systems; for readers."""
        return self.root / "exports"

    @property
    def lineage(self) -> Path:
        """What catalogues are told of runs, a file of events each."""
        return self.root / "lineage"

    @property
    def packages(self) -> Path:
        """Enforcement packages, one folder a case; for readers."""
        return self.root / "packages"

    @property
    def lists(self) -> Path:
        """The installation's own lists: disposable mail domains and hosting networks, with dates."""
        return self.root / "lists"

    @property
    def gate_overrides(self) -> Path:
        """Leave given to let limits of the gates be broken, one line each; only ever appended to."""
        return self.root / "gate-overrides.jsonl"

    @property
    def vault(self) -> Path:
        """Sealed maps from published to provider ids; never for readers."""
        return self.root / "vault"

    @property
    def access_log(self) -> Path:
        """Who found out whom an id names, and why; only ever appended to."""
        return self.root / "access-log.jsonl"

    @property
    def alerts(self) -> Path:
        """Alerts that were raised and what became of them; only ever appended to."""
        return self.root / "alerts.jsonl"

    @property
    def latest_plan(self) -> Path:
        """What the last run decided to read."""
        return self.root / "latest-plan.json"

    @property
    def lock_holder(self) -> Path:
        """Who holds the home, while a run does."""
        return self.root / "lock-holder.json"

    @property
    def gate_spill(self) -> Path:
        """Where a gate keeps what is beyond its memory, while it judges."""
        return self.root / "gate-spill"

    def gate_report(self, gate: str) -> Path:
        """What a gate of the last run found."""
        return self.root / f"latest-{gate}-gate.json"

    @property
    def forgotten(self) -> Path:
        """Requests to delete accounts, one a line; it holds digests of their ids, never the ids."""
        return self.root / "forgotten.jsonl"

    @property
    def pruned(self) -> Path:
        """Releases that were pruned, one a line."""
        return self.root / "pruned.jsonl"

    @property
    def logs(self) -> Path:
        """Logs of runs and of dbt."""
        return self.root / "logs"

    @property
    def dagster(self) -> Path:
        """Dagster's instance folder."""
        return self.root / "dagster"

    @property
    def dbt_target(self) -> Path:
        """dbt's compiled project and artifacts."""
        return self.root / "dbt"


def default_home() -> Home:
    """Return the home named by $STILLWATCH_HOME, else var/demo under the working folder."""
    return Home(root=Path(os.environ.get("STILLWATCH_HOME", "var/demo")).resolve())
