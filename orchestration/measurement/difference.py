"""Difference in differences: what enforced units would have done, read from matched untreated ones."""

from dataclasses import dataclass

import numpy as np

from orchestration.measurement.dependence import Dependence, total_bounds
from orchestration.measurement.intervals import Numbers
from orchestration.measurement.rows import Estimate, immature

METHOD = "difference in differences against matched untreated units, cluster-robust 95 %"


@dataclass(frozen=True)
class DifferencePanel:
    """Daily means of each enforced unit and of the mean of its matched controls; all arrays have one entry a unit.

    `days` are the days after enforcement that the post means cover; `dependence` says which units share a case, a
    network or a control.
    """

    treated_pre: Numbers
    treated_post: Numbers
    control_pre: Numbers
    control_post: Numbers
    days: Numbers
    dependence: Dependence


def prevented_per_unit(panel: DifferencePanel) -> Numbers:
    """Return the volume each unit fell short of its counterfactual: days x (change of controls - change of treated).

    Assumes that treated and controls would have changed alike (parallel trends); the pre-trend test looks at that.
    """
    return panel.days * ((panel.control_post - panel.control_pre) - (panel.treated_post - panel.treated_pre))


def prevented_total(panel: DifferencePanel, least: int) -> Estimate:
    """Return the volume prevented over all units, with an interval robust to units that err alike.

    With units alone or in equal groups it is the mean difference of ordinary least squares with cluster-robust errors,
    times the number of units. Immature below `least` units, or when the units are worth fewer than that.
    """
    contributions = prevented_per_unit(panel)
    n = int(contributions.size)
    if n < least or panel.dependence.effective_count < least:
        return immature(n, f"{METHOD}; shown from {least} units that share no case, network or control")
    lower, upper = total_bounds(contributions, panel.dependence)
    return Estimate(float(np.sum(contributions)), lower, upper, n, f"{METHOD}, effective n {panel.dependence.effective_count:.1f}")
