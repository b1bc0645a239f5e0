"""Agreement between two reviewers of the same leads."""

from collections.abc import Sequence

import numpy as np

from orchestration.measurement.intervals import wilson_bounds
from orchestration.measurement.rows import Estimate, immature

METHOD = "Cohen's kappa, Wilson 95 % at the effective size"


def cohen_kappa(first: Sequence[str], second: Sequence[str], least: int) -> Estimate:
    """Return Cohen's kappa (1960) with Wilson's interval of (1 + kappa) / 2 at the size its variance is worth.

    The symmetric large-sample interval is too narrow for tens of pairs (`stillwatch prove`). Immature below `least` pairs,
    and where both reviewers gave every lead one and the same verdict: agreement by chance is then complete and kappa is not
    defined. Raises ValueError when the two differ in length.
    """
    if len(first) != len(second):
        raise ValueError(f"Kappa needs one second verdict per first; given {len(first)} and {len(second)}.")
    n = len(first)
    if n < least:
        return immature(n, f"{METHOD}; shown from n = {least}")
    if len({*first, *second}) == 1:
        return immature(n, f"{METHOD}; not defined where all verdicts are one and the same")
    kappa, variance = kappa_and_variance(first, second)
    share = (1 + kappa) / 2
    # full agreement has no variance: the pairs themselves say how much may be missed
    effective = share * (1 - share) / (variance / 4) if variance > 0 and share < 1 else float(n)
    lower, upper = wilson_bounds(share * effective, effective)
    return Estimate(kappa, 2 * lower - 1, 2 * upper - 1, n, METHOD)


def kappa_and_variance(first: Sequence[str], second: Sequence[str]) -> tuple[float, float]:
    """Return kappa and its large-sample variance (Fleiss, Cohen and Everitt 1969, Psychological Bulletin 72:323-327).

    The verdicts must not all be one and the same.
    """
    n = len(first)
    labels = sorted({*first, *second})
    place = {label: number for number, label in enumerate(labels)}
    table = np.zeros((len(labels), len(labels)))
    for one, other in zip(first, second, strict=True):
        table[place[one], place[other]] += 1 / n
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    chance = float(rows @ columns)
    kappa = min(1.0, (float(np.trace(table)) - chance) / (1 - chance))
    diagonal = np.diag(table)
    agreeing = float(np.sum(diagonal * (1 - (rows + columns) * (1 - kappa)) ** 2))
    margins = (columns[:, None] + rows[None, :]) ** 2
    differing = (1 - kappa) ** 2 * float(np.sum(table * margins) - np.sum(diagonal * np.diag(margins)))
    variance = (agreeing + differing - (kappa - chance * (1 - kappa)) ** 2) / (n * (1 - chance) ** 2)
    return kappa, max(0.0, variance)
