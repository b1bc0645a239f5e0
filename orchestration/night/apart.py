"""The steps of a run that the process beside it does, apart from dbt: what they need takes seconds to import, and it waits.

Belongs here: what they read and write, and getting ready for them. This module imports none of it: naming a step is cheap.
"""

from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from orchestration.measurement.facts import FACTS
from orchestration.measurement.settings import MeasurementSettings
from orchestration.settings import Home
from orchestration.warehouse.frames import append_frame, read_frame
from orchestration.warehouse.opening import warehouse


def get_ready() -> None:
    """Import what the steps need, and let the renderer of charts start."""
    from orchestration.measurement import compute  # noqa: F401  # pyright: ignore[reportUnusedImport]
    from orchestration.reporting import site  # noqa: F401  # pyright: ignore[reportUnusedImport]
    from orchestration.reporting.charts.rendering import start

    start()


def measure(home: Home, as_of: date) -> int:
    """Estimate the enforcement metrics from the facts models; return the rows written."""
    from orchestration.measurement.compute import compute_metrics

    with warehouse(home) as connection:
        metrics = compute_metrics(read_facts(connection), as_of, MeasurementSettings())
        connection.execute("delete from computed.metric_values")
        append_frame(connection, "computed.metric_values", metrics)
    return metrics.height


def read_facts(connection: duckdb.DuckDBPyConnection) -> dict[str, pl.DataFrame]:
    """Return the facts models as the estimators are given them."""
    return {name: read_frame(connection, f"select * from main.{name}") for name in FACTS}


def draw_pages(release: Path) -> None:
    """Write the pages of a release into it."""
    from orchestration.reporting.site import write_site

    write_site(release, release / "site")
