"""From a release to a recommendation: the line that made the verdicts is found, and too few verdicts are refused."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from orchestration.backtesting.challenger import read_calibration
from orchestration.calibrating.labels import label_scores
from orchestration.calibrating.result import Calibration, CalibrationReport
from orchestration.calibrating.running import CalibrationError, calibrate, write_recommendation
from orchestration.calibrating.settings import CalibrationSettings

from .release import LINE, write_release

SETTINGS = CalibrationSettings(bootstrap_draws=300)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_release(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="module")
def report(release: Path) -> CalibrationReport:
    return calibrate(release, settings=SETTINGS)


def of(report: CalibrationReport, subject_type: str, kind: str) -> Calibration:
    (found,) = (c for c in report.calibrations if (c.subject_type, c.kind) == (subject_type, kind))
    return found


def test_the_line_behind_the_verdicts_is_found_with_its_interval(report: CalibrationReport) -> None:
    found = of(report, "actor", "distillation")
    assert found.refusal is None
    assert found.line is not None
    for bounded, truth in zip((found.line.intercept, found.line.slope), LINE, strict=True):
        assert bounded.lower < truth < bounded.upper
        assert bounded.upper - bounded.lower < 0.6
    assert 0.02 < found.line.slope_deviation < 0.1


def test_the_calibrated_scores_are_nearer_to_the_verdicts(report: CalibrationReport) -> None:
    found = of(report, "actor", "distillation")
    assert found.brier_before and found.brier_after and found.brier_difference
    assert found.brier_difference.upper < 0
    assert found.brier_after.value - found.brier_before.value == pytest.approx(found.brier_difference.value)
    assert sum(each.verdicts for each in found.bins) == found.violations + found.benign == 600
    far = [abs(each.predicted - each.observed.value) for each in found.bins]
    near = [abs((each.calibrated or 0) - each.observed.value) for each in found.bins]
    assert sum(near) < sum(far) / 2


def test_without_verdicts_enough_nothing_is_recommended_and_what_is_missing_is_said(report: CalibrationReport) -> None:
    resale, account = of(report, "actor", "resale"), of(report, "account", "distillation")
    assert (resale.violations, resale.benign, resale.line) == (0, 600, None)
    assert resale.refusal == "needs 30 more violations (0 of 30)"
    assert account.refusal == "needs 30 more violations (0 of 30) and 30 more others (0 of 30)"
    assert account.bins == ()


def test_scores_that_do_not_order_the_verdicts_are_not_calibrated(release: Path) -> None:
    shuffled = calibrate(release, settings=SETTINGS)
    assert of(shuffled, "actor", "distillation").refusal is None
    reviews = release / "parquet/reviews/all.parquet"
    kept = pl.read_parquet(reviews)
    try:
        turned = pl.when(pl.col("lead_id").str.ends_with("1")).then(pl.lit("violation")).otherwise(pl.lit("benign"))
        kept.with_columns(verdict=turned, label=turned, role=pl.lit("distiller")).write_parquet(reviews)
        assert "higher scores do not mean more violations" in str(
            of(calibrate(release, settings=SETTINGS), "actor", "distillation").refusal
        )
    finally:
        kept.write_parquet(reviews)


def test_second_reviews_are_compared_and_not_used_as_labels(report: CalibrationReport) -> None:
    counts = report.counts
    assert (counts.decided, counts.second_review_pairs) == (600, 20)
    assert 0 < counts.second_review_differing < 20
    assert counts.second_review_lower is not None
    assert counts.second_review_lower < counts.second_review_differing / 20


def test_what_is_written_is_a_row_of_the_seed_that_a_backtest_can_read(report: CalibrationReport, tmp_path: Path) -> None:
    path = write_recommendation(report, tmp_path / "recommended")
    (row,) = read_calibration(path)
    found = of(report, "actor", "distillation")
    assert found.line is not None
    assert (row["subject_type"], row["kind"], row["ruleset_version"]) == ("actor", "distillation", "1")
    assert float(row["slope"]) == pytest.approx(found.line.slope.value, abs=1e-6)
    assert int(row["violation_count"]) + int(row["benign_count"]) == 600
    seed = Path(__file__).parents[3] / "seeds/signals/score_calibration.csv"
    assert path.read_text(encoding="utf-8").splitlines()[0] == seed.read_text(encoding="utf-8").splitlines()[0]


def test_a_calibration_already_in_the_scores_is_taken_out_first(report: CalibrationReport, tmp_path: Path) -> None:
    moved = calibrate(write_release(tmp_path, move=1.25), settings=SETTINGS)
    assert of(moved, "actor", "distillation") == of(report, "actor", "distillation")


def test_verdicts_on_another_rule_set_are_counted_and_left_out(tmp_path: Path) -> None:
    other = calibrate(write_release(tmp_path, per_night=3, ruleset_version="0"), settings=SETTINGS)
    assert other.counts.other_rule_set == 60
    with pytest.raises(CalibrationError, match="nothing was written: account distillation needs 30 more violations"):
        write_recommendation(other, tmp_path / "recommended")
    assert not (tmp_path / "recommended").exists()


def test_a_range_without_nights_is_refused(release: Path) -> None:
    with pytest.raises(CalibrationError, match=r"no queue from 2027-01-01 .* its nights are 2026-03-01 to 2026-03-20"):
        calibrate(release, date(2027, 1, 1), date(2027, 1, 2))
    half = calibrate(release, date(2026, 3, 11), settings=SETTINGS)
    assert (half.counts.decided, half.counts.nights) == (300, 10)


def test_a_violation_counts_for_its_own_kind_of_score() -> None:
    of_role = [
        ("violation", "distiller", None),
        ("violation", "reseller", None),
        ("violation", "log_harvesting_reseller", None),
        ("violation", "trial_farmer", None),
        ("violation", None, "tou-4.1-resale"),
        ("violation", None, None),
        ("benign", "reseller", None),
    ]
    verdicts = pl.DataFrame(
        [("l" + str(n), "actor", "a", "2026-03-01-x", 1.0, *row) for n, row in enumerate(of_role)],
        schema=["lead_id", "subject_type", "subject_id", "release_id", "weight", "verdict", "role", "policy_clause_id"],
        orient="row",
    )
    scores = pl.DataFrame(
        {"as_of_date": [date(2026, 3, 1)], "subject_type": ["actor"], "subject_id": ["a"], "ruleset_version": ["1"],
         "raw_log_odds": [1.0], "raw_resale_log_odds": [1.0]}
    )  # fmt: skip
    found = label_scores(verdicts, scores, "1").frame
    assert found["is_distillation"].to_list() == [1, 0, 1, 0, 0, None, 0]
    assert found["is_resale"].to_list() == [0, 1, 1, 0, 1, None, 0]
    unseen = label_scores(verdicts.with_columns(release_id=pl.lit("unknown")), scores, "1")
    assert (unseen.frame.height, unseen.unscored) == (0, 7)
