"""How coverage is counted, and that trials depend on their seed alone."""

import math

import numpy as np
import pytest

from orchestration.measurement.rows import Estimate, immature
from orchestration.proving.page import estimators_page
from orchestration.proving.run import TRIALS
from orchestration.proving.trial import Coverage, Drawn, Proven, Trial, coverage_of, prove, seed_of


def _drawn(generator: np.random.Generator) -> Drawn:
    value = float(generator.normal())
    return Drawn(0.0, Estimate.around(value, 1.96, 9, "normal"), Estimate.around(value, 0.1, 9, "too sure"))


NORMAL = Trial("normal", "a metric", "one draw", _drawn, trap="overconfidence", shortcut="a tenth")


def test_an_interval_that_keeps_its_word_passes_and_one_too_sure_does_not() -> None:
    proven = prove(NORMAL, 400, seed=1)
    assert proven.ours.reaches_nominal
    assert proven.ours.share == pytest.approx(0.95, abs=0.04)
    assert proven.shortcut is not None
    assert not proven.shortcut.reaches_nominal


def test_edges_count_as_held_and_open_bounds_reach_as_far_as_need_be() -> None:
    pairs = [
        (1.0, Estimate(0.5, 0.0, 1.0, 9, "met by its edge")),
        (1.0, Estimate(None, 0.0, None, 9, "open above")),
        (1.0, Estimate(0.5, 0.0, 0.9, 9, "below")),
        (1.0, immature(3, "too few")),
    ]
    found = coverage_of(pairs)
    assert (found.shown, found.covered) == (3, 2)
    assert found.bias == pytest.approx(-0.5)


def test_a_trial_that_never_shows_a_number_proves_nothing() -> None:
    found = coverage_of([(1.0, immature(3, "too few"))] * 30)
    assert (found.shown, found.reaches_nominal) == (0, False)
    assert math.isnan(found.share)


def test_tables_are_their_own_whatever_runs_beside_them() -> None:
    first, second = seed_of("a trial", 1, 0).random(4), seed_of("a trial", 1, 0).random(4)
    assert (first == second).all()
    assert (first != seed_of("a trial", 1, 1).random(4)).all()
    assert (first != seed_of("another", 1, 0).random(4)).all()


def test_names_are_unique_and_every_trap_has_its_shortcut() -> None:
    assert len({trial.name for trial in TRIALS}) == len(TRIALS)
    assert all(bool(trial.trap) == bool(trial.shortcut) for trial in TRIALS)
    asked = {
        "immortal time",
        "informative censoring",
        "regression to the mean",
        "interference through a shared proxy",
        "immature windows",
        "audits of flagged subjects only",
    }
    assert asked <= {trial.trap for trial in TRIALS}


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.name)
def test_the_same_seed_gives_the_same_table(trial: Trial) -> None:
    first, second = (trial.draw(seed_of(trial.name, 7, 0)) for _ in range(2))
    assert first == second


def test_the_page_says_which_trial_failed() -> None:
    good, bad = Coverage(500, 475, 0.01), Coverage(500, 400, -0.2)
    rows = [
        Proven(NORMAL, 500, good, bad),
        Proven(Trial("failing", "m", "c", _drawn), 500, bad, None),
        Proven(Trial("limit", "m", "all change", _drawn, is_limit=True), 500, bad, None),
    ]
    page = estimators_page(rows, "stillwatch prove", 1)
    assert "1 of 2 trials do not reach 95%: failing." in page
    assert "**80.0% (76.3% to 83.3%)**" in page
    assert "95.0% (92.7% to 96.6%)" in page
    assert page.index("## Where an estimator cannot know") < page.index("all change")
