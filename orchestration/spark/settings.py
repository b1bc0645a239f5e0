"""Where Spark is. `profiles.yml` reads the same variables for dbt."""

import os

from pydantic import BaseModel, ConfigDict, Field

REQUIRED = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    # the optimizer otherwise writes a landing table's checks into each other until memory is gone
    "spark.sql.constraintPropagation.enabled": "false",
}
"""What a server must be set to, or a night computes other rows or does not end."""

NO_PACKAGES = (
    "STILLWATCH_TARGET=spark needs the packages of the group `spark`: run `uv sync --group spark` in the project's folder"
)
"""What is said where the optional packages are missing, by whichever part needs one first."""


class SparkSettingsError(ValueError):
    """A setting that is no number where one is needed; the message names it."""


class SparkSettings(BaseModel):
    """The Thrift server that statements are sent to, as whom, and how many of a night's tables are built at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(default_factory=lambda: os.environ.get("STILLWATCH_SPARK_HOST") or "localhost")
    port: int = Field(default_factory=lambda: _number("STILLWATCH_SPARK_PORT", 10000, most=65535))
    user: str = Field(default_factory=lambda: os.environ.get("STILLWATCH_SPARK_USER") or "stillwatch")
    threads: int = Field(default_factory=lambda: _number("STILLWATCH_SPARK_THREADS", 4, most=64))

    @property
    def environment(self) -> dict[str, str]:
        """The variables of these settings."""
        return {f"STILLWATCH_SPARK_{name.upper()}": str(value) for name, value in self.model_dump().items()}


def _number(name: str, default: int, most: int) -> int:
    asked = os.environ.get(name) or str(default)
    if asked.isdecimal() and 1 <= int(asked) <= most:
        return int(asked)
    raise SparkSettingsError(f"{name} must be a whole number from 1 to {most}, given {asked!r}")
