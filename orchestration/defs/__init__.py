"""Dagster glue and nothing else."""
