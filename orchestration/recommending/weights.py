"""What verdicts say of a signal's weight, all other evidence of the score left as it is.

Belongs here: the slope of one signal's contribution. The rest of the score is an offset, so that the slope answers how many of
the nats that the signal adds are borne out: 1 confirms the present weight, 0.5 halves it. Verdicts carry the number of subjects
they stand for (`scoring.verdicts`), so the interval is that of survey-weighted estimating equations (Binder 1983, International
Statistical Review 51:279-292): it asks of the weights nothing but that selection was as stated.
"""

import math
from dataclasses import dataclass

import numpy as np

from orchestration.calibrating.fit import fit_lines, logistic
from orchestration.measurement.intervals import Z_95, Numbers
from orchestration.recommending.multiplicity import normal_tail
from orchestration.recommending.settings import RecommendingSettings


@dataclass(frozen=True)
class Slope:
    """A signal's slope with its 95 % interval and the two-sided p-value of 1, the present weight."""

    value: float
    lower: float
    upper: float
    p_value: float


@dataclass(frozen=True)
class Counts:
    """Verdicts on which the signal fired and on which it did not, and the violations among each."""

    fired: int
    fired_violations: int
    other: int
    other_violations: int

    @staticmethod
    def of(fired: Numbers, labels: Numbers) -> "Counts":
        """Count; both arrays hold 0 or 1, shape (verdicts,)."""
        return Counts(
            fired=int(fired.sum()),
            fired_violations=int((fired * labels).sum()),
            other=int((1 - fired).sum()),
            other_violations=int(((1 - fired) * labels).sum()),
        )

    def refusal(self, settings: RecommendingSettings) -> str | None:
        """Return what is missing for a slope, or None."""
        wants = [
            f"{least - found} more {name} ({found} of {least})"
            for name, found, least in (
                ("verdicts where it fired", self.fired, settings.minimum_verdicts),
                ("where it did not", self.other, settings.minimum_verdicts),
                ("violations where it fired", self.fired_violations, settings.minimum_of_each),
                ("others where it fired", self.fired - self.fired_violations, settings.minimum_of_each),
                ("violations where it did not", self.other_violations, settings.minimum_of_each),
                ("others where it did not", self.other - self.other_violations, settings.minimum_of_each),
            )
            if found < least
        ]
        return f"needs {', '.join(wants)}" if wants else None


def signal_slope(contribution: Numbers, raw: Numbers, labels: Numbers, weights: Numbers, ridge: float) -> Slope:
    """Return the slope of `contribution`, which is part of `raw` (log-odds); all of shape (verdicts,), labels 0 or 1.

    Raises ValueError where labels are of one kind only.
    """
    offset = raw - contribution
    ((intercept, slope),) = fit_lines(contribution, labels, weights[None, :], ridge, offset, is_smoothed=False)
    scaled = weights / weights.sum() * weights.size
    predicted = logistic(offset + intercept + slope * contribution)
    design = np.stack([np.ones_like(contribution), contribution], axis=1)
    bread = np.linalg.inv((design * (scaled * predicted * (1 - predicted))[:, None]).T @ design + ridge * np.eye(2))
    scores = design * (scaled * (predicted - labels))[:, None]
    variance = bread @ (scores.T @ scores) @ bread * labels.size / (labels.size - 2)
    deviation = math.sqrt(float(variance[1, 1]))
    return Slope(
        value=float(slope),
        lower=float(slope) - Z_95 * deviation,
        upper=float(slope) + Z_95 * deviation,
        p_value=2 * normal_tail(-abs(float(slope) - 1) / deviation),
    )
