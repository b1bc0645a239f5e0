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


class SparkSettings(BaseModel):
    """The Thrift server that statements are sent to, and as whom."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(default_factory=lambda: os.environ.get("STILLWATCH_SPARK_HOST", "localhost"))
    port: int = Field(default_factory=lambda: int(os.environ.get("STILLWATCH_SPARK_PORT", "10000")))
    user: str = Field(default_factory=lambda: os.environ.get("STILLWATCH_SPARK_USER", "stillwatch"))
