"""What a terminal says of a score: log-odds until it is calibrated, a probability with its interval afterwards."""

import pytest

from orchestration.terminal import print_leads

LEAD = {
    "priority": 1, "subject_id": "actor_x", "subject_type": "actor", "account_count": 9, "lead_id": "lead_x", "log_odds": 1.5,
    "score": 0.82, "lower": 0.7, "upper": 0.9, "role": "distiller", "selection": "score", "why": "Because.",
}  # fmt: skip


def said(capsys: pytest.CaptureFixture[str], status: str) -> str:
    print_leads([LEAD | {"calibration_status": status}])
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("status", ["expert prior", "expert prior; resale calibrated on 80 verdicts"])
def test_an_expert_prior_is_no_probability(capsys: pytest.CaptureFixture[str], status: str) -> None:
    text = said(capsys, status)
    assert f"log-odds +1.50 ({status}, not a probability until verdicts calibrate it)" in text
    assert "82%" not in text


def test_a_calibrated_score_is_a_probability_with_its_interval(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "calibrated on 80 verdicts")
    assert "(probability 82%, 70% to 90%; calibrated on 80 verdicts)" in text
    assert "not a probability" not in text
