"""One estimator tried on simulated tables: the draw, and what many draws say of its interval."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from orchestration.measurement.intervals import wilson_bounds
from orchestration.measurement.rows import Estimate
from orchestration.measurement.settings import MeasurementSettings

NOMINAL = 0.95
"""What every interval claims: the share of tables in which it holds the truth."""

SETTINGS = MeasurementSettings()
"""The settings that every release is measured with."""

Draw = Callable[[np.random.Generator], "Drawn"]


@dataclass(frozen=True)
class Drawn:
    """What one table was drawn with, what the estimator says of it, and what a usual shortcut would have said."""

    truth: float
    estimate: Estimate
    shortcut: Estimate | None = None


@dataclass(frozen=True)
class Trial:
    """An estimator under stated conditions. `trap` names what would mislead a shortcut, `shortcut` how it would be done."""

    name: str
    metric: str
    conditions: str
    draw: Draw
    trap: str = ""
    shortcut: str = ""
    is_limit: bool = False
    """Whether the estimator cannot know the truth here, and another must be asked."""


@dataclass(frozen=True)
class Coverage:
    """How often an interval held the truth over the tables that showed one."""

    shown: int
    covered: int
    bias: float
    """Mean of estimate minus truth over mean of truth; nan where no value stands between the bounds."""

    @property
    def share(self) -> float:
        """Share of the tables shown whose interval held the truth; nan where none was shown."""
        return self.covered / self.shown if self.shown else float("nan")

    @property
    def bounds(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the share."""
        return wilson_bounds(self.covered, self.shown) if self.shown else (0.0, 1.0)

    @property
    def reaches_nominal(self) -> bool:
        """Whether the share's interval reaches what the estimator's interval claims, or lies above it."""
        return self.shown > 0 and self.bounds[1] >= NOMINAL


@dataclass(frozen=True)
class Proven:
    """A trial's outcome over `tables` draws, for the estimator and for the shortcut."""

    trial: Trial
    tables: int
    ours: Coverage
    shortcut: Coverage | None


def seed_of(name: str, seed: int, table: int) -> np.random.Generator:
    """Return the generator of one table of one trial: the same whichever trials run beside it."""
    return np.random.default_rng([seed, table, *name.encode()])


def prove(trial: Trial, tables: int, seed: int) -> Proven:
    """Return the coverage of a trial over `tables` tables drawn from `seed`."""
    drawn = [trial.draw(seed_of(trial.name, seed, table)) for table in range(tables)]
    shortcuts = [(one.truth, one.shortcut) for one in drawn if one.shortcut is not None]
    return Proven(
        trial=trial,
        tables=tables,
        ours=coverage_of([(one.truth, one.estimate) for one in drawn]),
        shortcut=coverage_of(shortcuts) if shortcuts else None,
    )


def coverage_of(pairs: list[tuple[float, Estimate]]) -> Coverage:
    """Return the coverage over (truth, estimate); an immature estimate shows nothing, a bound not reached is open."""
    shown = [(truth, estimate) for truth, estimate in pairs if not estimate.immature]
    covered = sum(_holds(estimate, truth) for truth, estimate in shown)
    valued = [(estimate.value - truth, truth) for truth, estimate in shown if estimate.value is not None]
    size = float(np.mean([abs(truth) for _, truth in valued])) if valued else 0.0
    bias = float(np.mean([error for error, _ in valued])) / size if size > 0 else float("nan")
    return Coverage(shown=len(shown), covered=covered, bias=bias)


def _holds(estimate: Estimate, truth: float) -> bool:
    lower = -np.inf if estimate.lower is None else estimate.lower
    upper = np.inf if estimate.upper is None else estimate.upper
    # a truth that an edge meets is held, whatever the last digit
    slack = 1e-9 * max(1.0, abs(truth))
    return bool(lower - slack <= truth <= upper + slack)
