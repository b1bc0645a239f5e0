"""Dagster's entry point: `dagster dev` loads `defs` from here."""

from orchestration.build import build_defs

defs = build_defs()
