"""All trials, side by side."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat

from orchestration.proving.returns import TRIALS as RETURNS
from orchestration.proving.reviews import TRIALS as REVIEWS
from orchestration.proving.trial import Coverage, Proven, Trial, prove
from orchestration.proving.volumes import TRIALS as VOLUMES

TRIALS: tuple[Trial, ...] = (*VOLUMES, *RETURNS, *REVIEWS)
"""Every trial, in the order of the page."""

_BY_NAME = {trial.name: trial for trial in TRIALS}


class CoverageError(Exception):
    """An interval holds the truth less often than it claims."""


def prove_all(tables: int, seed: int, jobs: int, progress: Callable[[str], None]) -> tuple[Proven, ...]:
    """Return what every trial gave over `tables` tables each; the same whatever `jobs` is."""
    proven: list[Proven] = []
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        found = pool.map(_coverages, _BY_NAME, repeat(tables), repeat(seed))
        for trial, (ours, shortcut) in zip(TRIALS, found, strict=True):
            proven.append(Proven(trial, tables, ours, shortcut))
            progress(f"{trial.name}: the truth held in {ours.covered} of {ours.shown} tables")
    return tuple(proven)


def _coverages(name: str, tables: int, seed: int) -> tuple[Coverage, Coverage | None]:
    # a trial's draw is a function that another process cannot be handed
    proven = prove(_BY_NAME[name], tables, seed)
    return proven.ours, proven.shortcut
