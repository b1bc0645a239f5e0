"""Coverage of the estimators of times, shares, agreement and odds."""

import pytest

from orchestration.proving.reviews import TRIALS
from orchestration.proving.trial import Trial
from tests.integration.estimators.holding import holds, name_of

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("trial", TRIALS, ids=name_of)
def test_interval_holds_the_truth_as_often_as_it_says(trial: Trial) -> None:
    holds(trial)
