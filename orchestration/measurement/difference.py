"""Difference in differences: what enforced units would have done, read from matched untreated ones."""

from dataclasses import dataclass

import numpy as np

from orchestration.measurement.intervals import Numbers, bootstrap_weights, percentile_bounds
from orchestration.measurement.rows import Estimate

METHOD = "difference in differences against matched untreated units, bootstrap over units 95 %"


@dataclass(frozen=True)
class DifferencePanel:
    """Daily means of each enforced unit and of the mean of its matched controls; all arrays have one entry a unit.

    `days` are the days after enforcement that the post means cover.
    """

    treated_pre: Numbers
    treated_post: Numbers
    control_pre: Numbers
    control_post: Numbers
    days: Numbers


def prevented_per_unit(panel: DifferencePanel) -> Numbers:
    """Return the volume each unit fell short of its counterfactual: days x (change of controls - change of treated).

    Assumes that treated and controls would have changed alike (parallel trends); the pre-trend test looks at that.
    """
    return panel.days * ((panel.control_post - panel.control_pre) - (panel.treated_post - panel.treated_pre))


def prevented_total(panel: DifferencePanel, least: int, draws: int, seed: int) -> Estimate:
    """Return the volume prevented over all units, with the percentile interval of a bootstrap over units.

    A control may serve several units, which the bootstrap does not see; the interval is then somewhat narrow.
    """
    contributions = prevented_per_unit(panel)
    n = int(contributions.size)
    if n < least:
        return Estimate(None, None, None, n, f"{METHOD}; shown from {least} units", immature=True)
    samples = bootstrap_weights(n, draws, seed) @ contributions
    lower, upper = percentile_bounds(samples)
    value = float(np.sum(contributions))
    return Estimate(value, min(lower, value), max(upper, value), n, METHOD)
