"""What a note says of a score: log-odds until it is calibrated, a probability with its interval afterwards."""

import pytest

from orchestration.publishing.notes import how_sure

LEAD = {
    "log_odds": 1.5, "resale_log_odds": -2.0, "score": 0.82, "lower": 0.7, "upper": 0.9, "resale_score": 0.12,
    "resale_lower": 0.05, "resale_upper": 0.3, "coverage_share": 1.0,
}  # fmt: skip


@pytest.mark.parametrize("status", ["expert prior", "expert prior; resale calibrated on 80 verdicts"])
def test_an_expert_prior_is_no_probability(status: str) -> None:
    text = how_sure(LEAD | {"calibration_status": status})
    assert f"({status}: good for ranking, no probability until verdicts calibrate it)" in text
    assert "82%" not in text


def test_a_calibrated_score_is_a_probability_with_its_interval() -> None:
    for status in ("calibrated on 80 verdicts", "calibrated on 80 verdicts; resale expert prior"):
        assert f"Probability of distillation 82% (70% to 90%, {status})" in how_sure(LEAD | {"calibration_status": status})


def test_a_resale_score_is_a_probability_only_where_resale_is_calibrated() -> None:
    resale = LEAD | {"resale_score": 0.95, "calibration_status": "calibrated on 80 verdicts; resale expert prior"}
    assert "Probability" not in how_sure(resale)
    assert "Probability of resale 95%" in how_sure(resale | {"calibration_status": "calibrated on 80 verdicts"})
