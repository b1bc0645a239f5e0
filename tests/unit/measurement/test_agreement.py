"""Cohen's kappa against scikit-learn and a published variance."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from orchestration.measurement.agreement import cohen_kappa, kappa_and_variance

VERDICTS = ["violation", "benign", "insufficient"]


@pytest.mark.parametrize("seed", range(5))
def test_kappa_equals_scikit_learn(seed: int) -> None:
    generator = np.random.default_rng(seed)
    first = generator.choice(VERDICTS, 60, p=[0.5, 0.4, 0.1]).tolist()
    second = [one if generator.random() < 0.7 else str(generator.choice(VERDICTS)) for one in first]
    assert cohen_kappa(first, second, 20).value == pytest.approx(cohen_kappa_score(first, second), abs=1e-12)


def test_variance_equals_fleiss_cohen_everitt() -> None:
    """Fleiss, Cohen and Everitt 1969, Psychological Bulletin 72:323-327: 200 cases, kappa .429, variance .002885."""
    counts = [[106, 10, 4], [22, 28, 10], [2, 12, 6]]
    pairs = [(str(i), str(j)) for i, row in enumerate(counts) for j, count in enumerate(row) for _ in range(count)]
    kappa, variance = kappa_and_variance([one for one, _ in pairs], [other for _, other in pairs])
    assert kappa == pytest.approx(0.429, abs=5e-4)
    assert variance == pytest.approx(0.002885, abs=5e-6)


def test_full_agreement_leaves_the_number_of_pairs_to_say_what_was_missed() -> None:
    verdicts = ["violation"] * 10 + ["benign"] * 20
    estimate = cohen_kappa(verdicts, verdicts, 20)
    assert (estimate.value, estimate.upper) == (1.0, 1.0)
    # Wilson's lower bound of 30 of 30 is 0.8865
    assert estimate.lower == pytest.approx(2 * 0.8865 - 1, abs=5e-4)


def test_one_and_the_same_verdict_has_no_kappa() -> None:
    estimate = cohen_kappa(["benign"] * 30, ["benign"] * 30, 20)
    assert (estimate.value, estimate.immature) == (None, True)


def test_few_pairs_and_unequal_lengths() -> None:
    assert cohen_kappa(["benign"] * 5, ["violation"] * 5, 20).immature
    with pytest.raises(ValueError, match="given 2 and 1"):
        cohen_kappa(["benign", "benign"], ["benign"], 20)
