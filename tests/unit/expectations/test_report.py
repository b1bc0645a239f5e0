"""The report: severities, the message a person reads aloud, and JSON that round-trips."""

from datetime import date

from expectations.report import GateReport, gate_report, judged

AS_OF = date(2026, 3, 1)
WARNING = judged(
    "api_keys",
    "a key is owned",
    severity="warn",
    success=False,
    advice="Ask for the owners.",
    unexpected_count=1,
    element_count=8,
)
BLOCKING = judged(
    "accounts",
    "tier is never NULL",
    severity="block",
    success=False,
    advice="Deliver it again.",
    unexpected_count=1200,
    element_count=60000,
    tolerated_share=0.01,
    examples=tuple(f"acct_{number}" for number in range(9)),
)
HELD = judged("accounts", "status is never NULL", severity="block", success=True, advice="Deliver it again.")


def test_a_warning_does_not_stop_the_night_and_a_blocking_failure_does() -> None:
    assert gate_report("sources", AS_OF, [HELD, WARNING]).success
    assert not gate_report("sources", AS_OF, [HELD, WARNING, BLOCKING]).success
    assert gate_report("marts", AS_OF, []).success


def test_the_message_has_one_line_a_failure_blocking_ones_first() -> None:
    lines = gate_report("sources", AS_OF, [HELD, WARNING, BLOCKING]).message().splitlines()
    assert lines == [
        "The sources gate for 2026-03-01 stopped the night, nothing was published: "
        "3 expectations checked, 1 blocking, 1 warning.",
        "BLOCKS  accounts: expected that tier is never NULL; found 1,200 of 60,000 rows against it (2.00%), "
        "tolerated 1.00%; for example acct_0, acct_1, acct_2, acct_3, acct_4. Deliver it again.",
        "WARNS  api_keys: expected that a key is owned; found 1 of 8 rows against it (12.50%). Ask for the owners.",
    ]


def test_at_most_five_examples_are_kept() -> None:
    assert len(BLOCKING.examples) == 5


def test_json_round_trips() -> None:
    report = gate_report("sources", AS_OF, [HELD, WARNING, BLOCKING])
    assert GateReport.model_validate_json(report.to_json()) == report
