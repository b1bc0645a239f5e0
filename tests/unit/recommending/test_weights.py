"""The slope of a signal: recovered from verdicts of known truth, with an interval that holds it, whatever the selection."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from orchestration.calibrating.fit import logistic
from orchestration.recommending.settings import RecommendingSettings
from orchestration.recommending.weights import Counts, Slope, signal_slope


def simulated(slope: float, seed: int, draws: int = 400, slant: float = 0.0) -> Slope:
    """A population judged by a draw that prefers high scores; its truth follows the rest of the score and `slope`.

    `slant` bends the truth of subjects with low scores, which only the selection weights can put right.
    """
    generator = np.random.default_rng(seed)
    size = draws * 10
    rest = generator.normal(-1.5, 1.5, size)
    contribution = np.where(generator.random(size) < 0.3, generator.uniform(0.5, 1.5, size), 0.0)
    truth = 0.3 + rest + slope * contribution + slant * (rest < -1.5) * contribution
    label = (generator.random(size) < logistic(truth)).astype(np.float64)
    probability = np.clip(0.3 * logistic(rest + contribution), 0.03, 1)
    is_drawn = generator.random(size) < probability
    raw = rest + contribution
    return signal_slope(contribution[is_drawn], raw[is_drawn], label[is_drawn], 1 / probability[is_drawn], 0.1)


@pytest.mark.parametrize("slope", [0.0, 1.0, 2.0])
def test_the_interval_holds_the_true_slope_as_often_as_it_says(slope: float) -> None:
    found = [simulated(slope, seed) for seed in range(200)]
    held = np.mean([each.lower <= slope <= each.upper for each in found])
    assert 0.90 <= held <= 0.99
    # the median, since a few small samples are far out on one side
    assert np.median([each.value for each in found]) == pytest.approx(slope, abs=0.12)


def test_a_present_weight_that_is_right_is_seldom_questioned_and_one_twice_too_high_is() -> None:
    questioned = np.mean([simulated(1.0, seed).p_value < 0.05 for seed in range(200)])
    assert questioned <= 0.10
    assert np.mean([simulated(-0.5, seed).p_value < 0.05 for seed in range(50)]) > 0.7


def test_the_ridge_pulls_to_the_present_weight() -> None:
    free, pulled = (signal_slope(*_small(), ridge).value for ridge in (0.0, 1000.0))
    assert abs(pulled - 1) < 0.05 < abs(free - 1)


def _small() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    contribution = np.repeat([0.0, 1.0], 40)
    label = np.tile([0.0, 1.0], 40)
    return contribution, contribution - 0.5, label, np.ones(80)


def test_equal_shares_on_both_sides_mean_no_evidence_at_all() -> None:
    # half of both kinds are violations: log-odds 0 on either side, so a signal of one nat is worth none
    found = signal_slope(*_small(), 0.0)
    assert found.value == pytest.approx(0, abs=1e-6)
    # two independent shares of 1/2 over 40: the log odds ratio has variance 2 x 4 / 40, times 80 / 78
    assert (found.upper - found.lower) / 2 == pytest.approx(1.959964 * np.sqrt(0.2 * 80 / 78), rel=1e-4)


def test_too_little_data_says_what_is_missing() -> None:
    settings = RecommendingSettings()
    assert Counts(20, 5, 20, 5).refusal(settings) is None
    assert Counts(7, 5, 20, 5).refusal(settings) == (
        "needs 13 more verdicts where it fired (7 of 20), 3 more others where it fired (2 of 5)"
    )
    # every verdict where it fired agrees: the weight has no bound above
    assert Counts(30, 30, 40, 10).refusal(settings) == "needs 5 more others where it fired (0 of 5)"


def test_too_few_is_the_same_number_in_the_models_and_here() -> None:
    project = yaml.safe_load((Path(__file__).parents[3] / "dbt_project.yml").read_text(encoding="utf-8"))
    assert project["vars"]["minimum_reviews"] == RecommendingSettings().minimum_verdicts
