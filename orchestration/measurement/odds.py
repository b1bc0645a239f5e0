"""Odds of one decision against another among comparable cases."""

import math
from dataclasses import dataclass

import numpy as np

from orchestration.measurement.intervals import Z_95, Numbers
from orchestration.measurement.rows import Estimate, immature

METHOD = "Mantel-Haenszel odds ratio, Robins-Breslow-Greenland 95 %"


@dataclass(frozen=True)
class Strata:
    """Counts per stratum of comparable decisions: where compared, and elsewhere, each so decided and otherwise."""

    compared_so: Numbers
    compared_otherwise: Numbers
    elsewhere_so: Numbers
    elsewhere_otherwise: Numbers


def pooled_odds_ratio(strata: Strata, least: int) -> Estimate:
    """Return Mantel and Haenszel's odds ratio (1959) with the interval of Robins, Breslow and Greenland (1986).

    n is the number of decisions in strata that hold decisions of both sides; only those say anything. Immature below
    `least` of them, and where the ratio is not defined because one side never differs from the other. Decisions of one
    case on several surfaces count each.
    """
    a, b, c, d = strata.compared_so, strata.compared_otherwise, strata.elsewhere_so, strata.elsewhere_otherwise
    is_mixed = (a + b > 0) & (c + d > 0)
    a, b, c, d = a[is_mixed], b[is_mixed], c[is_mixed], d[is_mixed]
    sizes = a + b + c + d
    n = int(sizes.sum())
    if n < least:
        return immature(n, f"{METHOD}; shown from {least} comparable decisions")
    concordant, discordant = a * d / sizes, b * c / sizes
    whole_concordant, whole_discordant = float(concordant.sum()), float(discordant.sum())
    if whole_concordant == 0 or whole_discordant == 0:
        return immature(n, f"{METHOD}; not defined where no stratum holds both decisions on opposite sides")
    same, other = (a + d) / sizes, (b + c) / sizes
    variance = (
        float(np.sum(same * concordant)) / (2 * whole_concordant**2)
        + float(np.sum(same * discordant + other * concordant)) / (2 * whole_concordant * whole_discordant)
        + float(np.sum(other * discordant)) / (2 * whole_discordant**2)
    )
    value, margin = math.log(whole_concordant / whole_discordant), Z_95 * math.sqrt(variance)
    return Estimate(math.exp(value), math.exp(value - margin), math.exp(value + margin), n, METHOD)
