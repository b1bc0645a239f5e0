"""Platt's line: known lines are found, weights count, and separable verdicts stay finite."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from orchestration.calibrating.fit import fit_lines, logistic, smoothed_targets


def test_smoothed_targets_are_platts() -> None:
    assert smoothed_targets(np.array([1.0, 1.0, 0.0])).tolist() == [3 / 4, 3 / 4, 1 / 3]


def test_the_line_that_made_the_labels_is_found() -> None:
    generator = np.random.default_rng(1)
    raw = generator.normal(-1, 2, 20_000)
    labels = (generator.random(raw.size) < logistic(-0.5 + 0.6 * raw)).astype(np.float64)
    assert fit_lines(raw, labels, np.ones((1, raw.size)), 0.1)[0] == pytest.approx([-0.5, 0.6], abs=0.05)


def test_it_agrees_with_another_implementation_on_the_same_targets() -> None:
    generator = np.random.default_rng(2)
    raw = generator.normal(0, 2, 200)
    labels = (generator.random(200) < logistic(raw - 1)).astype(np.float64)
    weights = generator.uniform(1, 30, 200)
    targets = smoothed_targets(labels)
    # a target t is t parts of a positive and 1 - t of a negative
    doubled = np.concatenate([weights * targets, weights * (1 - targets)]) * raw.size / weights.sum()
    other = LogisticRegression(C=1e10, tol=1e-12, max_iter=10_000).fit(
        np.concatenate([raw, raw])[:, None], np.repeat([1, 0], 200), sample_weight=doubled
    )
    ours = fit_lines(raw, labels, weights[None, :], 0.0)[0]
    assert ours == pytest.approx([other.intercept_[0], other.coef_[0, 0]], abs=1e-4)


def test_a_weight_of_two_is_the_verdict_twice_up_to_the_targets() -> None:
    raw, labels = np.array([-1.0, 0.0, 1.0, 2.0]), np.array([0.0, 1.0, 0.0, 1.0])
    one, heavy = fit_lines(raw, labels, np.array([[1.0, 1, 1, 1], [1, 1, 1, 50]]), 0.1)
    assert logistic(heavy[0] + heavy[1] * 2.0) > logistic(one[0] + one[1] * 2.0)


def test_separable_verdicts_give_a_finite_line() -> None:
    raw = np.concatenate([np.full(40, -5.0), np.full(40, 5.0)])
    intercept, slope = fit_lines(raw, (raw > 0).astype(np.float64), np.ones((1, 80)), 0.1)[0]
    assert abs(intercept) < 0.01
    assert 0.3 < slope < 1.2


def test_scores_that_are_far_off_do_not_keep_newton_from_its_optimum() -> None:
    raw = np.concatenate([np.full(50, 20.0), np.full(50, 30.0)])
    labels = np.concatenate([np.zeros(45), np.ones(5), np.zeros(5), np.ones(45)])
    (line,) = fit_lines(raw, labels, np.ones((1, 100)), 1e-6)
    targets = smoothed_targets(labels)
    predicted = logistic(line[0] + line[1] * raw)
    assert predicted[0] == pytest.approx(float(targets[:50].mean()), abs=1e-4)
    assert predicted[-1] == pytest.approx(float(targets[50:].mean()), abs=1e-4)


@pytest.mark.parametrize(
    ("labels", "weights", "says"),
    [
        ([1.0, 1.0], [[1.0, 1.0]], "verdicts of both kinds"),
        ([1.0, 0.0], [[0.0, 0.0]], "a positive weight"),
        ([1.0, 0.0], [[1.0, 1.0, 1.0]], r"weights must be \(fits, 2\)"),
    ],
)
def test_what_cannot_be_fitted_is_refused(labels: list[float], weights: list[list[float]], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        fit_lines(np.array([0.0, 1.0]), np.array(labels), np.array(weights), 0.1)
