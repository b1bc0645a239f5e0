"""Dagster's entry point: `dagster dev` loads `defs` from here."""

from orchestration.build import build_defs
from orchestration.silence import silence_libraries

silence_libraries()

defs = build_defs()
