"""Coverage of the estimators of prevented and displaced volume."""

import pytest

from orchestration.proving.trial import Trial, prove
from orchestration.proving.volumes import TRIALS
from tests.integration.estimators.holding import SEED, holds, name_of

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("trial", [trial for trial in TRIALS if not trial.is_limit], ids=name_of)
def test_interval_holds_the_truth_as_often_as_it_says(trial: Trial) -> None:
    holds(trial)


@pytest.mark.parametrize("trial", [trial for trial in TRIALS if trial.is_limit], ids=name_of)
def test_what_an_estimator_cannot_know_it_does_not(trial: Trial) -> None:
    assert not prove(trial, 100, SEED).ours.reaches_nominal
