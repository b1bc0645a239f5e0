"""The partitions of every asset: one an as-of date, UTC."""

from datetime import date

import dagster as dg

# simulated and replayed worlds may lie ahead of the clock
as_of_dates = dg.DailyPartitionsDefinition(start_date="2015-01-01", end_offset=3660, timezone="UTC")


def as_of_range(context: dg.AssetExecutionContext) -> tuple[date, date]:
    """Return the first and last as-of date of the run."""
    keys = context.partition_key_range
    return date.fromisoformat(keys.start), date.fromisoformat(keys.end)
