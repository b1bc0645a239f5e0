"""Which units may err alike, and intervals that allow for it.

Belongs here: the variance of sums and ratios over units that share a case, a network or a control.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

import numpy as np
from scipy import sparse, stats

from orchestration.measurement.intervals import Flags, Numbers


@dataclass(frozen=True)
class Dependence:
    """Which of `count` units (n) may err alike: a symmetric (n, n) matrix of 0 and 1 with a diagonal of 1."""

    pairs: sparse.csr_array
    count: int

    @property
    def effective_count(self) -> float:
        """n squared over the number of pairs: n where all are alone, the number of groups where groups are equal."""
        return self.effective_count_of(np.ones(self.count))

    def effective_count_of(self, sizes: Numbers) -> float:
        """Return how many equal groups the units, of unequal `sizes` (n, not negative), are worth; 0 for none of a size."""
        squares = float(sizes @ (self.pairs @ sizes))
        return float(sizes.sum()) ** 2 / squares if squares > 0 else 0.0

    def among(self, kept: Flags) -> "Dependence":
        """Return the dependence of the kept units (a flag each) alone: what others share with them ties nobody together."""
        return self if kept.all() else Dependence(sparse.csr_array(self.pairs[kept][:, kept]), int(kept.sum()))

    def variance(self, influences: Numbers) -> float:
        """Return the variance of the sum of `influences` (n), each the pull of one unit, summing to zero.

        Sum over all pairs that may err alike of the product of both (Aronow, Samii and Assenova 2015, Political
        Analysis 23:564-577): with disjoint groups it is the cluster-robust variance. Never less than if all were
        alone, since the sum over overlapping groups may fall below zero by chance.
        """
        alone = float(influences @ influences)
        return max(alone, float(influences @ (self.pairs @ influences)))


def dependence_of(units: Sequence[str], shared: Iterable[Iterable[tuple[str, str]]]) -> Dependence:
    """Return the dependence of `units` (distinct, in order): two may err alike when they share something.

    Each part of `shared` yields (unit, thing) of one kind; units not asked for are passed over.
    """
    place = {unit: number for number, unit in enumerate(units)}
    things: dict[tuple[int, str], int] = {}
    rows, columns = [], []
    for kind, (unit, thing) in chain.from_iterable(zip(repeat(kind), part, strict=False) for kind, part in enumerate(shared)):
        if unit in place:
            rows.append(place[unit])
            columns.append(things.setdefault((kind, thing), len(things)))
    holds = sparse.csr_array(
        (np.ones(len(rows)), (np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64))),
        shape=(len(units), max(1, len(things))),
    )
    pairs = sparse.csr_array(holds @ holds.T + sparse.eye_array(len(units)))
    pairs.data[:] = 1.0
    return Dependence(pairs, len(units))


def total_margin(amounts: Numbers, dependence: Dependence, sizes: Numbers | None = None) -> float:
    """Return half the 95 % interval of the sum of `amounts` (n) over units, by Student's t at the effective count less one.

    `sizes` (n) are the units' volumes where they differ: a sum that a few great units carry is worth few units. Raises
    ValueError unless the effective count is above one.
    """
    return _margin(amounts - float(np.mean(amounts)), dependence, np.ones_like(amounts) if sizes is None else sizes)


def ratio_margin(amounts: Numbers, bases: Numbers, dependence: Dependence) -> float:
    """Return half the 95 % interval of sum(amounts) / sum(bases), linearised (Woodruff 1971, JASA 66:411-414).

    Raises ValueError unless the effective count is above one and the bases sum to more than zero.
    """
    whole = float(np.sum(bases))
    if whole <= 0:
        raise ValueError(f"A ratio over units needs bases that sum to more than zero; given {whole}. Leave it out.")
    share = float(np.sum(amounts)) / whole
    return _margin((amounts - share * bases) / whole, dependence, bases)


def _margin(influences: Numbers, dependence: Dependence, sizes: Numbers) -> float:
    count = dependence.effective_count
    if count <= 1:
        raise ValueError(
            f"An interval over units needs an effective count above 1; given {count:.2f}. "
            "Wait for a unit that shares no case, network or control with the others."
        )
    deviation = float(np.sqrt(dependence.variance(influences) * count / (count - 1)))
    freedom = max(1.0, dependence.effective_count_of(sizes) - 1)
    return float(stats.t.ppf(0.975, freedom)) * deviation
