"""The night: Dagster glue in defs, and plain functions beside it that it calls."""
