"""What an alert says: enough to act on, and nothing that was landed."""

import errno
from datetime import UTC, date, datetime

import pytest

from expectations.report import gate_report, judged
from orchestration.alerting.alert import BODY_VERSION
from orchestration.alerting.causes import ended_in_error, failed_gate, late_sources, missed_nights
from orchestration.landing.files import LandingError
from orchestration.night.expected import Nights
from orchestration.night.lock import HomeLockedError
from orchestration.settings import Home
from orchestration.warehouse.transform import TransformError

NIGHT = date(2026, 3, 29)
ACCOUNT = "acct_00017"


def _failed(table: str, severity: str = "block", *, is_late: bool = False):
    return judged(
        table,
        "ids have their alphabet",
        severity="block" if severity == "block" else "warn",
        success=False,
        advice="Ask.",
        unexpected_count=3,
        element_count=1200,
        examples=(ACCOUNT,),
        is_late=is_late,
    )


def test_a_failed_gate_names_tables_expectations_and_counts_and_no_example(home: Home) -> None:
    report = gate_report("sources", NIGHT, [_failed("accounts"), _failed("api_keys", "warn"), _failed("accounts")])
    alert = failed_gate(home, report, "run-1")
    assert alert.tables == ("accounts",)
    assert alert.message.startswith(report.message().split("\n", 1)[0])
    assert "accounts: expected that ids have their alphabet (3 of 1,200 against it)" in alert.message
    body = alert.body(datetime(2026, 3, 30, tzinfo=UTC))
    assert ACCOUNT in report.message()
    assert ACCOUNT not in str(body)
    assert set(body) == {
        "version", "kind", "as_of_date", "run_id", "home", "tables", "message", "what_to_do", "runbook", "raised_at", "text",
    }  # fmt: skip
    assert (body["version"], body["run_id"], body["home"]) == (BODY_VERSION, "run-1", "home")
    assert str(alert.message) in str(body["text"])


def test_many_findings_are_counted_and_not_listed(home: Home) -> None:
    report = gate_report("sources", NIGHT, [_failed(f"table_{n}") for n in range(9)])
    assert failed_gate(home, report, None).message.endswith("; and 4 more.")


def test_sources_are_late_by_their_own_findings_and_not_where_they_block(home: Home) -> None:
    late, other, blocking = (
        _failed("api_keys", "warn", is_late=True),
        _failed("contracts", "warn"),
        _failed("accounts", is_late=True),
    )
    (alert,) = late_sources(home, gate_report("sources", NIGHT, [late, other, blocking]), None)
    assert alert.tables == ("api_keys",)
    assert late_sources(home, gate_report("sources", NIGHT, [other, blocking]), None) == []


@pytest.mark.parametrize(
    ("error", "said", "section"),
    [
        (LandingError("landing folder /data does not exist"), "/data does not exist", "a-night-ended-in-an-error"),
        (HomeLockedError(f"another run holds it: forget {ACCOUNT}"), "another run holds the home", "another-run-holds-the-home"),
        (TransformError(f"dbt failed. Could not convert string '{ACCOUNT}'"), "dbt.log", "a-night-ended-in-an-error"),
        (ValueError(f"{ACCOUNT} is no number"), "ValueError", "a-night-ended-in-an-error"),
        (OSError(errno.ENOSPC, f"No space left on device: {ACCOUNT}"), "OSError", "the-disk-is-full"),
        (OSError(errno.EROFS, "Read-only file system"), "OSError", "the-home-may-not-be-written"),
        (RuntimeError("Corrupt database file"), "RuntimeError", "the-working-warehouse-is-damaged"),
    ],
)
def test_an_error_says_its_words_only_where_they_are_ours(home: Home, error: Exception, said: str, section: str) -> None:
    alert = ended_in_error(home, NIGHT, "run-1", error)
    assert said in alert.message
    assert alert.section == section
    assert ACCOUNT not in str(alert)


def test_a_missed_night_says_which_and_how_to_run_it(home: Home) -> None:
    one = Nights(expected=NIGHT, newest=date(2026, 3, 28), missed=(NIGHT,), passed_over=())
    assert missed_nights(home, one).message == "1 night was missed (2026-03-29): the newest published is 2026-03-28."
    assert "stillwatch nightly --date 2026-03-29" in missed_nights(home, one).what_to_do
    two = one.model_copy(update={"newest": date(2026, 3, 27), "missed": (date(2026, 3, 28), NIGHT)})
    assert "stillwatch backfill --from 2026-03-28 --to 2026-03-29" in missed_nights(home, two).what_to_do
