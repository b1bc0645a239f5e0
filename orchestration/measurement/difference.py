"""Difference in differences: what enforced units would have done, read from matched untreated ones."""

from dataclasses import dataclass

import numpy as np

from orchestration.measurement.dependence import Dependence, total_margin
from orchestration.measurement.intervals import Numbers
from orchestration.measurement.rows import Estimate, immature

METHOD = "difference in differences against matched untreated units, cluster-robust 95 %"


@dataclass(frozen=True)
class DifferencePanel:
    """Volume a day of n enforced units before and after, and the change of the mean of each one's controls; all (n).

    `earlier` is what the same difference finds between two spans of the time before, where nothing was prevented; `days`
    are the days after enforcement that the post means cover; `dependence` says which units share a case, a network or a
    control.
    """

    treated_pre: Numbers
    treated_post: Numbers
    control_change: Numbers
    earlier: Numbers
    days: float
    dependence: Dependence

    @property
    def prevented(self) -> Numbers:
        """Volume each unit fell short of its counterfactual: days x (change of controls - change of treated).

        Assumes that treated and controls would have changed alike (parallel trends); the pre-trend test looks at that.
        """
        return self.days * (self.control_change - (self.treated_post - self.treated_pre))


def prevented_total(panel: DifferencePanel, least: int) -> Estimate:
    """Return the volume prevented over all units, with an interval robust to units that err alike.

    What is not known is how units would have gone on, and once stopped their days no longer show it: the variance is that
    of the same difference between two spans before, larger where the controls have grown since. Immature below `least`
    units, or when the units are worth fewer.
    """
    usual = np.maximum(panel.treated_pre, 1.0)
    grown = np.maximum(1.0, 1 + panel.control_change / usual)
    return _summed(panel, panel.prevented, grown * panel.earlier, least)


def earlier_total(panel: DifferencePanel, least: int) -> Estimate:
    """Return what the same difference finds between two spans before enforcement, where it should find 0."""
    return _summed(panel, panel.days * panel.earlier, panel.earlier, least)


def _summed(panel: DifferencePanel, amounts: Numbers, errors: Numbers, least: int) -> Estimate:
    n = int(amounts.size)
    if n < least or panel.dependence.effective_count < least:
        return immature(n, f"{METHOD}; shown from {least} units that share no case, network or control")
    margin = total_margin(panel.days * errors, panel.dependence, panel.treated_pre)
    return Estimate.around(float(amounts.sum()), margin, n, f"{METHOD}, effective n {panel.dependence.effective_count:.1f}")
