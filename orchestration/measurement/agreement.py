"""Agreement between two reviewers of the same leads."""

from collections.abc import Sequence

import numpy as np

from orchestration.measurement.intervals import Z_95
from orchestration.measurement.rows import Estimate, immature


def cohen_kappa(first: Sequence[str], second: Sequence[str], least: int) -> Estimate:
    """Return Cohen's kappa (1960) with the large-sample interval of Fleiss, Cohen and Everitt (1969).

    Immature below `least` pairs, and where both reviewers gave every lead one and the same verdict: agreement by chance
    is then complete and kappa is not defined. Raises ValueError when the two differ in length.
    """
    if len(first) != len(second):
        raise ValueError(f"Kappa needs one second verdict per first; given {len(first)} and {len(second)}.")
    n, method = len(first), "Cohen's kappa, Fleiss-Cohen-Everitt 95 %"
    if n < least:
        return immature(n, f"{method}; shown from n = {least}")
    labels = sorted({*first, *second})
    place = {label: number for number, label in enumerate(labels)}
    table = np.zeros((len(labels), len(labels)))
    for one, other in zip(first, second, strict=True):
        table[place[one], place[other]] += 1 / n
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    chance = float(rows @ columns)
    if len(labels) == 1:
        return immature(n, f"{method}; not defined where all verdicts are one and the same")
    kappa = (float(np.trace(table)) - chance) / (1 - chance)
    diagonal = np.diag(table)
    agreeing = float(np.sum(diagonal * (1 - (rows + columns) * (1 - kappa)) ** 2))
    margins = (columns[:, None] + rows[None, :]) ** 2
    differing = (1 - kappa) ** 2 * float(np.sum(table * margins) - np.sum(diagonal * np.diag(margins)))
    variance = (agreeing + differing - (kappa - chance * (1 - kappa)) ** 2) / (n * (1 - chance) ** 2)
    margin = Z_95 * float(np.sqrt(max(0.0, variance)))
    return Estimate(kappa, max(-1.0, kappa - margin), min(1.0, kappa + margin), n, method)
