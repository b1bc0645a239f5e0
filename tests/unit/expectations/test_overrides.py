"""Overrides: what may be let pass, for how long, and what the report says of it."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from expectations.overrides import LONGEST_NIGHTS, OverrideError, add_override, limits, read_overrides, with_overrides
from expectations.report import Finding, Override, gate_report, judged

NIGHT = date(2026, 3, 1)
LEAVE = Override(
    gate="marts", table="scores", limit="mean_score", first_night=NIGHT, last_night=NIGHT, by="lead", reason="new rule set"
)


def broken(limit: str | None) -> Finding:
    return judged(
        "scores", "the mean stays", severity="block", success=False, advice="Look.", observed="2, before 1", limit=limit
    )


def test_an_override_lets_its_own_limit_pass_and_stands_in_the_report() -> None:
    report = with_overrides(gate_report("marts", NIGHT, [broken("mean_score")]), [LEAVE])
    assert report.success
    assert report.findings[0].overridden == LEAVE
    assert report.findings[0].verdict == "overridden"
    assert "1 overridden" in report.message()
    assert "Overridden by lead until 2026-03-01: new rule set" in report.message()


@pytest.mark.parametrize(
    "other",
    [{"limit": "flagged_share"}, {"table": "actors"}, {"gate": "sources"}, {"first_night": date(2026, 3, 2)},
     {"first_night": date(2026, 2, 1), "last_night": date(2026, 2, 28)}],
)  # fmt: skip
def test_an_override_of_anything_else_does_not(other: dict[str, object]) -> None:
    report = with_overrides(gate_report("marts", NIGHT, [broken("mean_score")]), [LEAVE.model_copy(update=other)])
    assert not report.success
    assert "`stillwatch gate override scores mean_score --night 2026-03-01" in report.message()


def test_what_is_no_limit_cannot_pass() -> None:
    report = with_overrides(gate_report("marts", NIGHT, [broken(None)]), [LEAVE])
    assert not report.success


def test_overrides_are_logged_in_order(tmp_path: Path) -> None:
    log = tmp_path / "overrides.jsonl"
    assert read_overrides(log) == ()
    later = LEAVE.model_copy(update={"last_night": NIGHT + timedelta(days=LONGEST_NIGHTS - 1)})
    add_override(log, LEAVE)
    add_override(log, later)
    assert read_overrides(log) == (LEAVE, later)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"last_night": NIGHT + timedelta(days=LONGEST_NIGHTS)}, "1 to 14 nights"),
        ({"last_night": NIGHT - timedelta(days=1)}, "1 to 14 nights"),
        ({"limit": "grain"}, "scores has flagged_share, mean_score, subject_count"),
        ({"table": "cases"}, "tables with one: account_features"),
        ({"by": " "}, "fill both"),
        ({"reason": ""}, "fill both"),
    ],
)
def test_an_override_that_cannot_be_is_refused_and_not_logged(tmp_path: Path, changed: dict[str, object], words: str) -> None:
    log = tmp_path / "overrides.jsonl"
    with pytest.raises(OverrideError, match=words):
        add_override(log, LEAVE.model_copy(update=changed))
    assert not log.exists()


def test_a_line_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    log = tmp_path / "overrides.jsonl"
    log.write_text(LEAVE.model_dump_json() + "\nnot an override\n")
    with pytest.raises(OverrideError, match="line 2"):
        read_overrides(log)


def test_only_limits_of_change_may_be_overridden() -> None:
    assert {limit.split(":")[0] for (_, limit), gate in limits().items() if gate == "sources"} == {
        "volume", "partition", "clock", "freshness", "redelivery", "unit",
    }  # fmt: skip
    assert limits()["scores", "mean_score"] == "marts"
