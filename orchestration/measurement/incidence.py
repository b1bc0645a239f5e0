"""How many ended in one way by a time, while others ended otherwise or are still watched.

Belongs here: Aalen and Johansen's cumulative incidence, of which one minus Kaplan and Meier's curve is the case of one
cause, and the pull of each unit on it.
"""

from dataclasses import dataclass

import numpy as np

from orchestration.measurement.dependence import Dependence
from orchestration.measurement.intervals import Numbers, wilson_bounds

WATCHED = 0
"""The cause of units that had not ended when watching stopped."""


@dataclass(frozen=True)
class Incidence:
    """The share ended by one cause by a time, and the pull of each unit on it (sums to zero)."""

    value: float
    influences: Numbers


@dataclass(frozen=True)
class BoundedShare:
    """A share with its interval and the number of independent units it is worth."""

    value: float
    lower: float
    upper: float
    effective_n: float


def cumulative_incidence(durations: Numbers, causes: Numbers, cause: int, time: float) -> Incidence:
    """Return the share that ended by `cause` by `time` among all, and each unit's influence on it.

    `durations` (n) are non-negative; `causes` (n) are WATCHED or a number from 1. Aalen and Johansen 1978, Scandinavian
    J. Statistics 5:141-150; the influences are its derivatives by the unit weights (infinitesimal jackknife), whose
    squares sum to Greenwood's variance where there is one cause. Counting an end by another cause as watching that
    stopped (one minus Kaplan and Meier) would take those units to be still at risk.
    """
    times = np.unique(durations[(causes != WATCHED) & (durations <= time)])
    influences = np.zeros_like(durations)
    if times.size == 0:
        return Incidence(0.0, influences)
    at_risk = durations.size - np.searchsorted(np.sort(durations), times, side="left")
    column = np.searchsorted(times, durations)
    is_end = (causes != WATCHED) & (durations <= time)
    ended = np.bincount(column[is_end], minlength=times.size).astype(np.float64)
    ended_so = np.bincount(column[is_end & (causes == cause)], minlength=times.size).astype(np.float64)
    left = np.cumprod(1 - ended / at_risk)
    before = np.concatenate([[1.0], left[:-1]])
    steps = before * ended_so / at_risk
    grown = np.cumsum(steps)
    # a unit at risk lowers every hazard a little; where all still watched end at once nothing is left to lower
    rest = at_risk - ended
    drag = np.divide(ended / at_risk, rest, out=np.zeros_like(rest, dtype=np.float64), where=rest > 0)
    dragged = np.cumsum(drag)
    dragged_before = np.concatenate([[0.0], dragged[:-1]])
    # while watched: survival is higher by what the unit's presence took off each hazard, and each step is shared by one more
    watched_pull = np.cumsum(steps * dragged_before - before * ended_so / at_risk**2)
    last = np.searchsorted(times, np.minimum(durations, time), side="right") - 1
    is_seen = last >= 0
    held = np.where(is_seen, last, 0)
    influences += np.where(is_seen, watched_pull[held], 0.0)
    after = grown[-1] - np.where(is_seen, grown[held], 0.0)
    influences += after * np.where(is_seen, dragged[held], 0.0)
    where = column[is_end]
    lost = np.divide(1.0, rest[where], out=np.zeros(where.size), where=rest[where] > 0)
    influences[is_end] -= lost * (grown[-1] - grown[where])
    influences[is_end & (causes == cause)] += (before / at_risk)[column[is_end & (causes == cause)]]
    return Incidence(float(grown[-1]), influences)


def bounded_share(incidence: Incidence, dependence: Dependence) -> BoundedShare:
    """Return the incidence with Wilson's interval at the effective size share (1 - share) / variance.

    Dorey and Korn 1987, Statistics in Medicine 6:679-687, with Wilson's in place of Clopper and Pearson's interval.
    Where none or all have ended the variance is zero and the effective count of units stands in.
    """
    share = min(1.0, max(0.0, incidence.value))
    variance = dependence.variance(incidence.influences)
    count = dependence.effective_count
    effective = share * (1 - share) / variance if variance > 0 and 0 < share < 1 else count
    lower, upper = wilson_bounds(share * effective, effective)
    return BoundedShare(share, lower, upper, effective)
