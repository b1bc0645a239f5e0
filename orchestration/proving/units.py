"""Customers by day before anything was done, and the frames that estimators read of them.

Belongs here: what tables are drawn from; what is done to them and what an estimator says of it is in the trials.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from orchestration.measurement.facts import FACTS
from orchestration.measurement.intervals import Numbers, Places

DAYS = np.array([day for day in range(-56, 29) if day != 0])
"""Days relative to the action; its own day is left out."""
AFTER = DAYS > 0
SPREAD = 0.3
"""Standard deviation of the logarithm of a day's volume around its usual."""
_CARRIED = 0.7
_CONTROLS = 5
_ENFORCED = date(2026, 3, 3)
_STOPPED = 0.8
_KEYS = ("unit_id", "member_unit_id", "is_control")


@dataclass(frozen=True)
class Units:
    """Requests per unit and day that would have been, (units, 84 days), and how far each day stands above usual (log)."""

    requests: Numbers
    above_usual: Numbers

    @property
    def last_week(self) -> Numbers:
        """Mean of the seven days before the action."""
        return self.requests[:, (DAYS < 0) & (DAYS >= -7)].mean(axis=1)

    @property
    def last_weeks(self) -> Numbers:
        """Mean of the 28 days before the action."""
        return self.requests[:, (DAYS < 0) & (DAYS >= -28)].mean(axis=1)


def untouched(generator: np.random.Generator, units: int, *, growth: float = 0.0, step: float = 0.0) -> Units:
    """Return units of unequal size whose days are carried over, with a week, a common growth a day and a common step."""
    usual = generator.lognormal(5, 0.8, units)
    above = carried(generator, units)
    week = np.where(np.isin(DAYS % 7, (4, 5)), 0.7, 1.0)
    common = week * (1 + growth * DAYS + step * AFTER)
    return Units(generator.poisson(usual[:, None] * np.exp(above - SPREAD**2 / 2) * common).astype(np.float64), above)


def carried(generator: np.random.Generator, rows: int) -> Numbers:
    """Return (rows, 84 days) of how far each day stands above usual (log), most of it carried over to the next."""
    shocks = generator.normal(0, SPREAD, (rows, DAYS.size))
    above = np.empty_like(shocks)
    above[:, 0] = shocks[:, 0]
    for day in range(1, DAYS.size):
        above[:, day] = _CARRIED * above[:, day - 1] + np.sqrt(1 - _CARRIED**2) * shocks[:, day]
    return above


def matched(units: Units, chosen: Places, pool: Places) -> list[Places]:
    """Return the controls of each chosen unit, nearest by volume of 28 and 7 days, as int_measurement__matched_units has it."""
    longer, shorter = (np.log1p(mean) for mean in (units.last_weeks, units.last_week))
    return [
        pool[np.argsort(np.abs(longer[pool] - longer[unit]) + np.abs(shorter[pool] - shorter[unit]), kind="stable")[:_CONTROLS]]
        for unit in chosen
    ]


def stopped(generator: np.random.Generator, requests: Numbers) -> Numbers:
    """Return the requests after an action that stops four in five, day by day."""
    left = requests.copy()
    left[:, AFTER] = generator.binomial(requests[:, AFTER].astype(np.int64), 1 - _STOPPED)
    return left


def unit_days(chosen: Places, seen: Numbers, controls: Sequence[Places], others: Numbers) -> pl.DataFrame:
    """Return int_measurement__unit_days of the chosen units (seen: their volume) and of their controls (rows of others)."""
    rows = [(f"u{unit}", f"u{unit}", False, seen[place]) for place, unit in enumerate(chosen)]
    for unit, members in zip(chosen, controls, strict=True):
        rows += [(f"u{unit}", f"u{member}", True, others[member]) for member in members]
    volume = np.concatenate([row for *_, row in rows]).astype(np.int64)
    days = np.tile(DAYS, len(rows))
    frame = pl.DataFrame({name: np.repeat([row[place] for row in rows], DAYS.size) for place, name in enumerate(_KEYS)})
    nothing = pl.lit(0, pl.Int64)
    return frame.with_columns(
        relative_day=days,
        activity_date=pl.lit(_ENFORCED),
        request_count=volume,
        output_tokens=volume,
        returned_request_count=nothing,
        returned_output_tokens=nothing,
    ).cast(FACTS["int_measurement__unit_days"])


def ties_of(rows: Sequence[tuple[str, str, str, str]]) -> pl.DataFrame:
    """Return int_measurement__unit_ties of (unit, member unit, kind, value) rows."""
    return pl.DataFrame(rows, schema=FACTS["int_measurement__unit_ties"], orient="row")
