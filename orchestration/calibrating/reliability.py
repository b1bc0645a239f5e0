"""One kind of score against its verdicts: reliability curve, Brier score, and the recommended line.

Belongs here: the numbers and the refusal. Brier 1950 (Monthly Weather Review 78:1-3), as a weighted mean of squared differences;
afterwards each verdict is predicted by a line fitted without its fold, so that the line is not judged on what made it.
"""

import numpy as np
import polars as pl

from orchestration.calibrating.fit import fit_lines, logistic
from orchestration.calibrating.result import Bin, Bounded, Calibration, Line
from orchestration.calibrating.settings import CalibrationSettings
from orchestration.measurement.intervals import Numbers, bootstrap_weights, percentile_bounds
from orchestration.measurement.sampling import horvitz_thompson_share


def calibrate_kind(subject_type: str, kind: str, labelled: pl.DataFrame, settings: CalibrationSettings) -> Calibration:
    """Return the curve, and the line where there are verdicts enough.

    `labelled`: lead_id, raw (log-odds), label (1, 0 or NULL) and weight of one subject type and kind.
    """
    told = labelled.filter(pl.col("label").is_not_null()).sort("lead_id")
    raw, label, weight = (told[name].to_numpy().astype(np.float64) for name in ("raw", "label", "weight"))
    violations = int(label.sum())
    benign = told.height - violations
    refusal = _missing(violations, benign, settings)
    before = logistic(raw)
    draws = bootstrap_weights(told.height, settings.bootstrap_draws, settings.seed) if told.height else np.ones((1, 0))
    line, calibrated, crossed = None, None, None
    if refusal is None:
        line = _line(raw, label, weight, draws, settings)
        if line.slope.lower <= 0:
            refusal = f"the slope may be {line.slope.lower:.2f}: higher scores do not mean more violations among these verdicts"
        calibrated = logistic(line.intercept.value + line.slope.value * raw)
        crossed = _cross_fitted(raw, label, weight, settings)
    squared = (before - label) ** 2
    after = (crossed - label) ** 2 if crossed is not None else None
    return Calibration(
        subject_type=subject_type,
        kind=kind,
        violations=violations,
        benign=benign,
        unstated=labelled.height - told.height,
        bins=_bins(raw, label, weight, before, calibrated if refusal is None else None, settings),
        brier_before=_mean(squared, weight, draws) if told.height else None,
        brier_after=_mean(after, weight, draws) if after is not None else None,
        brier_difference=_mean(after - squared, weight, draws) if after is not None else None,
        line=line,
        refusal=refusal,
    )


def _missing(violations: int, benign: int, settings: CalibrationSettings) -> str | None:
    wants = [
        f"{least - found} more {name} ({found} of {least})"
        for name, found, least in (
            ("violations", violations, settings.minimum_violations),
            ("others", benign, settings.minimum_benign),
        )
        if found < least
    ]
    return f"needs {' and '.join(wants)}" if wants else None


def _line(raw: Numbers, label: Numbers, weight: Numbers, draws: Numbers, settings: CalibrationSettings) -> Line:
    intercept, slope = fit_lines(raw, label, weight[None, :], settings.ridge)[0]
    fits = fit_lines(raw, label, draws * weight, settings.ridge)
    deviations = fits.std(axis=0, ddof=1)
    bounds = [percentile_bounds(fits[:, column]) for column in (0, 1)]
    return Line(
        intercept=Bounded(value=float(intercept), lower=bounds[0][0], upper=bounds[0][1]),
        slope=Bounded(value=float(slope), lower=bounds[1][0], upper=bounds[1][1]),
        intercept_deviation=float(deviations[0]),
        slope_deviation=float(deviations[1]),
        correlation=float(np.corrcoef(fits[:, 0], fits[:, 1])[0, 1]),
    )


def _cross_fitted(raw: Numbers, label: Numbers, weight: Numbers, settings: CalibrationSettings) -> Numbers:
    """Return each verdict's score by the line of the other folds; folds take turns within each label, by lead id."""
    fold = np.empty(raw.size, dtype=np.int64)
    for kind in (0.0, 1.0):
        of_kind = np.flatnonzero(label == kind)
        fold[of_kind] = np.arange(of_kind.size) % settings.folds
    without = np.stack([np.where(fold == number, 0.0, weight) for number in range(settings.folds)])
    lines = fit_lines(raw, label, without, settings.ridge)
    return logistic(lines[fold, 0] + lines[fold, 1] * raw)


def _mean(values: Numbers, weight: Numbers, draws: Numbers) -> Bounded:
    lower, upper = percentile_bounds((draws @ (weight * values)) / (draws @ weight))
    return Bounded(value=float(np.average(values, weights=weight)), lower=lower, upper=upper)


def _bins(
    raw: Numbers, label: Numbers, weight: Numbers, before: Numbers, after: Numbers | None, settings: CalibrationSettings
) -> tuple[Bin, ...]:
    if not raw.size:
        return ()
    cuts = np.unique(np.quantile(raw, np.linspace(0, 1, settings.bins + 1)[1:-1], method="inverted_cdf"))
    number = np.searchsorted(cuts, raw, side="left")
    bins: list[Bin] = []
    for each in np.unique(number):
        inside = number == each
        share = horvitz_thompson_share(label[inside], np.ones(int(inside.sum())), 1 / weight[inside])
        bins.append(
            Bin(
                from_log_odds=float(raw[inside].min()),
                to_log_odds=float(raw[inside].max()),
                verdicts=int(inside.sum()),
                violations=int(label[inside].sum()),
                predicted=float(np.average(before[inside], weights=weight[inside])),
                calibrated=None if after is None else float(np.average(after[inside], weights=weight[inside])),
                observed=Bounded(value=share.value, lower=share.lower, upper=share.upper),
            )
        )
    return tuple(bins)
