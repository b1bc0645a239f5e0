"""Scales and tick marks."""

import math
from collections.abc import Callable

Scale = Callable[[float], float]


def linear(domain: tuple[float, float], span: tuple[float, float]) -> Scale:
    """Return the linear map from `domain` to `span` (SVG units); a domain without width maps to the span's start."""
    low, high = domain
    start, end = span
    slope = (end - start) / (high - low) if high > low else 0.0
    return lambda value: start + (value - low) * slope


def nice_ticks(maximum: float, target: int) -> list[float]:
    """Return about `target` round ticks from zero to at least `maximum` (steps of 1, 2 or 5 times a power of ten).

    Heckbert, "Nice numbers for graph labels", Graphics Gems (1990). A maximum that is not above zero counts as 1.
    """
    top = maximum if maximum > 0 and math.isfinite(maximum) else 1.0
    raw = top / max(1, target)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= raw * (1 - 1e-9))
    return [round(step * index, 12) for index in range(math.ceil(top / step - 1e-9) + 1)]


def day_ticks(first: int, last: int, target: int, anchor: int) -> list[int]:
    """Return days from `first` to `last` in whole weeks around `anchor` (or single days when there are few)."""
    step = next((step for step in (1, 2, 7, 14, 28, 56, 112) if (last - first) / step <= target), 364)
    start = anchor - ((anchor - first) // step) * step
    return list(range(start, last + 1, step))
