"""Platt's line: calibrated log-odds as intercept + slope x raw log-odds, by weighted penalised maximum likelihood.

Belongs here: the fit, for many weightings of the same verdicts at once. Platt 1999 (Advances in Large Margin Classifiers,
61-74) with his smoothed targets (N+ + 1) / (N+ + 2) and 1 / (N- + 2), solved by Newton's method with backtracking as Lin, Lin
and Weng 2007 (Machine Learning 68:267-276) do. We depart in two ways: verdicts carry weights, scaled to their number, and a weak
ridge pulls the line to intercept 0 and slope 1, so that verdicts which a score separates do not drive the slope to infinity.
"""

import numpy as np

from orchestration.measurement.intervals import Numbers

_STEPS = 50
_HALVINGS = 30
_CLOSE = 1e-10
_TINY = 1e-12
_UNCALIBRATED = np.array([0.0, 1.0])


def smoothed_targets(labels: Numbers) -> Numbers:
    """Return Platt's targets for labels 0 and 1, by their counts."""
    positive = float(labels.sum())
    negative = labels.size - positive
    return np.where(labels == 1, (positive + 1) / (positive + 2), 1 / (negative + 2))


def fit_lines(
    raw: Numbers, labels: Numbers, weights: Numbers, ridge: float, offset: Numbers | None = None, *, is_smoothed: bool = True
) -> Numbers:
    """Return intercept and slope, shape (fits, 2), for each row of `weights`, shape (fits, verdicts).

    `raw` are log-odds, `labels` 0 or 1. `offset`, log-odds too, enters with a slope of exactly 1. Without `is_smoothed` the
    labels themselves are the targets, for a part of the score whose verdicts are of both kinds. Raises ValueError where a row of
    weights is empty or labels are of one kind only.
    """
    if weights.ndim != 2 or weights.shape[1] != raw.size or labels.size != raw.size:
        raise ValueError(f"weights must be (fits, {raw.size}); given {weights.shape} for {labels.size} labels")
    totals = weights.sum(axis=1, keepdims=True)
    if not bool(np.all(totals > 0)) or len(np.unique(labels)) != 2:
        raise ValueError("a calibration needs verdicts of both kinds and a positive weight; give both, or do not fit")
    scaled = weights / totals * raw.size
    targets = smoothed_targets(labels) if is_smoothed else labels
    shift = np.zeros_like(raw) if offset is None else offset
    mean = scaled @ targets / raw.size
    lines = np.stack([np.log(mean / (1 - mean)) - scaled @ shift / raw.size, np.zeros(len(weights))], axis=1)
    for _ in range(_STEPS):
        steps = _newton_steps(lines, raw, targets, scaled, ridge, shift)
        if float(np.max(np.abs(steps))) < _CLOSE:
            break
        lines = _descend(lines, steps, raw, targets, scaled, ridge, shift)
    return lines


def _newton_steps(lines: Numbers, raw: Numbers, targets: Numbers, weights: Numbers, ridge: float, shift: Numbers) -> Numbers:
    predicted = logistic(shift + lines[:, :1] + lines[:, 1:] * raw)
    residual = weights * (predicted - targets)
    curvature = weights * predicted * (1 - predicted)
    gradient = np.stack([residual.sum(axis=1), residual @ raw], axis=1) + ridge * (lines - _UNCALIBRATED)
    aa = curvature.sum(axis=1) + ridge + _TINY
    ab = curvature @ raw
    bb = curvature @ raw**2 + ridge + _TINY
    determinant = aa * bb - ab**2
    return np.stack(
        [(bb * gradient[:, 0] - ab * gradient[:, 1]) / determinant, (aa * gradient[:, 1] - ab * gradient[:, 0]) / determinant],
        axis=1,
    )


def _descend(
    lines: Numbers, steps: Numbers, raw: Numbers, targets: Numbers, weights: Numbers, ridge: float, shift: Numbers
) -> Numbers:
    """Take each step as far as the loss falls, halving it where it would rise."""
    before = _loss(lines, raw, targets, weights, ridge, shift)
    for _ in range(_HALVINGS):
        rises = _loss(lines - steps, raw, targets, weights, ridge, shift) > before + 1e-12 * np.abs(before)
        if not bool(rises.any()):
            break
        steps = np.where(rises[:, None], steps / 2, steps)
    return lines - steps


def _loss(lines: Numbers, raw: Numbers, targets: Numbers, weights: Numbers, ridge: float, shift: Numbers) -> Numbers:
    log_odds = shift + lines[:, :1] + lines[:, 1:] * raw
    cross_entropy = np.logaddexp(0, log_odds) - targets * log_odds
    return (weights * cross_entropy).sum(axis=1) + ridge / 2 * ((lines - _UNCALIBRATED) ** 2).sum(axis=1)


def logistic(log_odds: Numbers) -> Numbers:
    """Return 1 / (1 + exp(-log_odds)), without overflow."""
    return np.exp(-np.logaddexp(0, -log_odds))
