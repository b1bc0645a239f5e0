"""A challenger's files: what differs is put in, and what cannot be is refused in one line."""

from pathlib import Path

import pytest

from orchestration.backtesting.cells import ChallengerError
from orchestration.backtesting.challenger import Change, RuleSet, read_challenger

CHAMPION = RuleSet(
    tables={
        "signal_settings": [
            {"signal_id": "sig_a", "version": "1", "family": "f", "status": "active", "hypothesis_sign": "1", "weight": "0.5",
             "cap": "1.0", "entered_on": "2026-01-01", "reason": "r"},
            {"signal_id": "sig_old", "version": "1", "family": "f", "status": "retired", "hypothesis_sign": "1", "weight": "0.5",
             "cap": "1.0", "entered_on": "2026-01-01", "reason": "r"},
        ],
        "signal_families": [{"family": "f", "cap": "2.0"}],
        "score_priors": [
            {"subject_type": "account", "ruleset_version": "1", "prior_log_odds": "-6.9"},
            {"subject_type": "actor", "ruleset_version": "1", "prior_log_odds": "-3.9"},
        ],
        "score_calibration": [],
    }
)  # fmt: skip
CALIBRATION = (
    "subject_type,ruleset_version,kind,intercept,slope,intercept_deviation,slope_deviation,correlation,violation_count,"
    "benign_count,from_release,entered_on,reason\n"
)


def read(folder: Path, **files: str) -> tuple[RuleSet, list[Change]]:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_challenger(folder, CHAMPION)


def test_only_what_differs_is_given_and_the_rest_stays(tmp_path: Path) -> None:
    rules, changes = read(tmp_path, signal_settings="signal_id,weight,cap\nsig_a,,1.5\n", signal_families="family,cap\nf,2.00\n")
    assert [(c.table, c.key, c.column, c.champion, c.challenger) for c in changes] == [
        ("signal_settings", "sig_a", "cap", "1.0", "1.5")
    ]
    assert rules.tables["signal_settings"][0] == CHAMPION.tables["signal_settings"][0] | {"cap": "1.5"}
    assert CHAMPION.tables["signal_settings"][0]["cap"] == "1.0"


def test_changed_numbers_have_another_version_so_that_no_calibration_of_the_champion_applies(tmp_path: Path) -> None:
    changed, _ = read(tmp_path, signal_families="family,cap\nf,3\n")
    assert {row["ruleset_version"] for row in changed.tables["score_priors"]} == {"1-challenger"}
    named, _ = read(tmp_path, score_priors="subject_type,ruleset_version\naccount,2\nactor,2\n")
    assert named.version == "2"
    same, none = read(tmp_path, signal_families="family,cap\nf,2\n", score_priors="subject_type\naccount\n")
    assert (same.version, none) == ("1", [])


def test_a_calibration_is_taken_whole_and_keeps_the_champions_version(tmp_path: Path) -> None:
    row = "actor,1,distillation,0.1,0.8,0.2,0.1,0.5,40,60,2026-03-01-abc,2026-03-02,why\n"
    rules, changes = read(tmp_path, score_calibration=CALIBRATION + row)
    assert rules.version == "1"
    assert [(c.key, c.column, c.champion, c.challenger) for c in changes] == [
        ("actor/distillation/1", "intercept", "none", "0.1"),
        ("actor/distillation/1", "slope", "none", "0.8"),
    ]


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"signal_settings": "signal_id,weight\nsig_b,1\n"}, r"csv:2: unknown signal 'sig_b'"),
        ({"signal_settings": "signal_id,wait\nsig_a,1\n"}, r"unknown column 'wait'; the seed's columns are signal_id, version"),
        ({"signal_settings": "signal_id,weight\nsig_a,heavy\n"}, r"csv:2: weight must be a number; given 'heavy'"),
        ({"signal_settings": "signal_id,weight\nsig_a,nan\n"}, "weight must be a finite number"),
        ({"signal_families": "family,cap\nf,-1\n"}, r"csv:2: cap must be 0 or more; given -1"),
        ({"signal_settings": "signal_id,cap\nsig_a,1\nsig_a,2\n"}, "csv:3: sig_a is given twice"),
        ({"signal_settings": "signal_id,cap\nsig_a\n"}, "has not the header's 2 cells"),
        ({"signal_settings": "signal_id,status\nsig_a,loud\n"}, "status must be one of active, shadow, retired"),
        ({"signal_settings": "signal_id,status\nsig_old,active\n"}, "sig_old is retired, so its values are not computed"),
        ({"signal_settings": "signal_id,family\nsig_a,g\n"}, "unknown family 'g'"),
        ({"signal_settings": "signal_id,version\nsig_a,1.5\n"}, "version must be a whole number"),
        ({"score_priors": "subject_type,ruleset_version\naccount,2\n"}, "one ruleset_version for all subject types"),
        ({"link_kinds": "link_kind,weight\ncard,1\n"}, "is no part of a rule set"),
        ({"score_calibration": CALIBRATION + "actor,1,resale,0,-1,0,0,0,1,1,r,2026-01-01,w\n"}, "slope must be more than 0"),
        ({"score_calibration": CALIBRATION + "actor,1,resale,0,1,,0,0,1,1,r,2026-01-01,w\n"}, "intercept_deviation is empty"),
        ({}, "holds none of signal_settings.csv"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_said_in_one_line(tmp_path: Path, files: dict[str, str], says: str) -> None:
    with pytest.raises(ChallengerError, match=says) as raised:
        read(tmp_path, **files)
    assert "\n" not in str(raised.value)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ChallengerError, match="nowhere does not exist"):
        read_challenger(tmp_path / "nowhere", CHAMPION)
