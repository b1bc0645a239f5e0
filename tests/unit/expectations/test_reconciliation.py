"""Reconciliation with usage reports: what agrees is quiet, each difference is told in words, and nothing is compared unasked."""

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from expectations.database import gate_database, literal
from expectations.overrides import add_override, limits, read_overrides, with_overrides
from expectations.reconciliation import reconcile
from expectations.report import Finding, Override, gate_report
from expectations.settings import GateSettings
from orchestration.adapters.usage_reports.terms import FOLDER, ReportTerms, ReportTolerance, write_terms

NIGHT = date(2026, 3, 10)
CLOSED = NIGHT - timedelta(days=3)
"""The last day of which no row may come any more."""
Used = tuple[date, str, int, int, int]
Reported = tuple[date, str, int | None, int, int]
USED: list[Used] = [
    (day, model, 1_000, 2_000_000, 500_000) for day in (CLOSED, NIGHT) for model in ("claude-x", "claude-y")
]  # fmt: skip


def warehouse(folder: Path, used: list[Used]) -> Path:
    path = folder / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create table int_usage__account_model_days (activity_date date, request_model varchar, arrived_on date, "
            "success_count bigint, input_tokens bigint, output_tokens bigint)"
        )
        # the first day that was taken in lies well before, and what arrives after the night is not seen by it
        first = (date(2026, 3, 1), "claude-x", date(2026, 3, 1), 1, 1, 1)
        later = (NIGHT, "claude-x", NIGHT + timedelta(days=1), 9_000, 9_000, 9_000)
        rows = [first, later, *((day, model, day, *amounts) for day, model, *amounts in used)]
        connection.executemany("insert into int_usage__account_model_days values (?, ?, ?, ?, ?, ?)", rows)
    return path


def reported(landing: Path, rows: list[Reported], source: str = "openai", terms: ReportTerms | None = None) -> None:
    folder = landing / FOLDER / f"arrived_on={NIGHT}"
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"{source}-{len(list(folder.iterdir())) + 1:04}.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "create table totals (source varchar, report varchar, activity_date date, model varchar, request_count bigint, "
            "input_tokens bigint, output_tokens bigint, cache_read_input_tokens bigint, cost_minor_units decimal(38, 12), "
            "currency varchar)"
        )
        connection.executemany(
            f"insert into totals values ({literal(source)}, 'completions', ?, ?, ?, ?, ?, null, null, null)", rows
        )
        connection.execute(
            f"insert into totals values ({literal(source)}, 'costs', '{NIGHT}', '', null, null, null, null, 7, 'USD')"
        )
        connection.execute(f"copy totals to {literal(str(place))}")
    write_terms(landing, source, terms or ReportTerms())


def times(factor: float, rows: list[Used] = USED) -> list[Reported]:
    """Return what a report says that has `factor` of what was used."""
    return [(day, model, *(round(amount * factor) for amount in amounts)) for day, model, *amounts in rows]  # pyright: ignore[reportReturnType]


def findings(folder: Path, used: list[Used], **settings: object) -> list[Finding]:
    with gate_database("1GB") as database:
        database.run(f"attach {literal(str(warehouse(folder, used)))} as warehouse (read_only)")
        return reconcile(database, "warehouse.main", folder / "landing", NIGHT, GateSettings.model_validate(settings))


def failed(found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if not finding.success]


def days_told(found: list[Finding]) -> list[str]:
    return [finding.expectation for finding in failed(found) if finding.severity == "block"]


def everyday(rows: list[Reported]) -> list[Reported]:
    """Return the rows with those of the two days between, of which nothing was used and nothing is reported."""
    return [*rows, *((CLOSED + timedelta(days=n), "claude-x", 0, 0, 0) for n in (1, 2))]


def test_without_reports_nothing_is_read(tmp_path: Path) -> None:
    with gate_database("1GB") as database:
        assert reconcile(database, "nowhere.main", tmp_path, NIGHT, GateSettings()) == []


def test_equal_totals_agree_on_every_open_day_and_costs_are_no_usage(tmp_path: Path) -> None:
    reported(tmp_path / "landing", everyday(times(1)))
    found = findings(tmp_path, USED)
    assert failed(found) == []
    assert [finding.element_count for finding in found] == [2, 1, 1, 2]


def test_a_difference_is_told_with_both_sides_its_size_and_its_tolerance(tmp_path: Path) -> None:
    reported(tmp_path / "landing", everyday(times(1)))
    short = [(CLOSED, "claude-x", 950, 1_900_000, 475_000), *USED[1:]]
    (finding,) = failed(findings(tmp_path, short))
    assert finding.blocks
    assert finding.limit == "openai"
    assert finding.message.startswith(
        f"usage_reports: expected that the openai report of {CLOSED} and the warehouse agree on claude-x; observed "
        "requests: the report says 1,000, the warehouse has 950 (50 fewer, 5.00%; tolerated 1.0% or 20); "
        "input tokens: the report says 2,000,000, the warehouse has 1,900,000 (100,000 fewer, 5.00%; tolerated 2.0% or 50,000)"
    )
    assert "output tokens" not in finding.message
    for cause in ("not arrived", "sampled", "failed requests", "surfaces", "cached tokens", "window"):
        assert cause in finding.message


@pytest.mark.parametrize(
    ("factor", "told"),
    [
        (1 / 0.97, [CLOSED]),  # 3 % are missing: of the newest day they may still come
        (1 / 0.95, [CLOSED, NIGHT]),
        (1 / 0.991, []),
        (0.97, [CLOSED, NIGHT]),  # the warehouse has more, which no late row explains
    ],
)
def test_what_is_missing_may_still_come_while_rows_may_be_late(tmp_path: Path, factor: float, told: list[date]) -> None:
    reported(tmp_path / "landing", everyday(times(factor)))
    found = {finding.expectation.split(" of ")[1][:10] for finding in failed(findings(tmp_path, USED))}
    assert found == {str(day) for day in told}


def test_small_differences_say_nothing_whatever_their_share(tmp_path: Path) -> None:
    reported(tmp_path / "landing", everyday([(CLOSED, "claude-x", 30, 40_000, 500), (NIGHT, "claude-x", 30, 40_000, 500)]))
    used: list[Used] = [(CLOSED, "claude-x", 10, 1_000, 10), (NIGHT, "claude-x", 10, 1_000, 10)]
    assert failed(findings(tmp_path, used)) == []
    (tmp_path / "warehouse.duckdb").unlink()
    assert days_told(findings(tmp_path, used, report_request_floor=19)) != []


def test_a_report_without_requests_is_held_by_its_tokens(tmp_path: Path) -> None:
    rows: list[Reported] = [(day, model, None, inputs, outputs) for day, model, _, inputs, outputs in times(1)]
    reported(tmp_path / "landing", everyday(rows), "anthropic")
    assert failed(findings(tmp_path, USED)) == []
    (tmp_path / "warehouse.duckdb").unlink()
    (finding,) = failed(findings(tmp_path, [(CLOSED, "claude-x", 1, 1_000_000, 500_000), *USED[1:]]))
    assert "requests:" not in finding.message


def test_a_report_that_was_not_grouped_is_held_against_the_day(tmp_path: Path) -> None:
    rows: list[Reported] = [(day, "", 2_000, 4_000_000, 1_000_000) for day in (CLOSED, NIGHT)]
    reported(tmp_path / "landing", everyday(rows))
    assert failed(findings(tmp_path, USED)) == []
    (tmp_path / "warehouse.duckdb").unlink()
    (finding,) = failed(findings(tmp_path, USED[1:]))
    assert "agree on all models together" in finding.message


def test_names_are_mapped_and_an_unknown_one_is_named_and_compared_in_the_total(tmp_path: Path) -> None:
    rows: list[Reported] = [(day, f"{model}-20260101", *rest) for day, model, *rest in times(1)]  # pyright: ignore[reportAssignmentType]
    reported(tmp_path / "landing", everyday(rows))
    warnings = failed(findings(tmp_path, USED))
    assert [finding.severity for finding in warnings] == ["warn", "warn"]
    assert "names claude-x-20260101, claude-y-20260101, of which no request was ever taken in" in warnings[0].message
    assert "used and not named: claude-x, claude-y" in warnings[0].message

    # the total is compared all the same
    (tmp_path / "warehouse.duckdb").unlink()
    assert days_told(findings(tmp_path, USED[1:])) == [
        f"the openai report of {CLOSED} and the warehouse agree on all models together"
    ]

    names = {f"{model}-20260101": model for model in ("claude-x", "claude-y")}
    write_terms(tmp_path / "landing", "openai", ReportTerms(models=names))
    (tmp_path / "warehouse.duckdb").unlink()
    assert failed(findings(tmp_path, USED)) == []


def test_two_names_of_one_model_are_one(tmp_path: Path) -> None:
    halves: list[Reported] = [(day, name, 1_000, 2_000_000, 500_000) for day in (CLOSED, NIGHT) for name in ("claude-x", "old")]
    reported(tmp_path / "landing", everyday(halves), terms=ReportTerms(models={"old": "claude-x"}))
    assert failed(findings(tmp_path, [(day, "claude-x", 2_000, 4_000_000, 1_000_000) for day in (CLOSED, NIGHT)])) == []


def test_what_a_report_covers_is_compared_both_ways_and_nothing_else(tmp_path: Path) -> None:
    other: list[Used] = [(day, "gpt-x", 5_000, 9_000_000, 9_000_000) for day in (CLOSED, NIGHT)]
    reported(tmp_path / "landing", everyday([*times(1), *times(3, other)]), terms=ReportTerms(covers=("claude-*",)))
    assert failed(findings(tmp_path, [*USED, *other])) == []
    # a covered model that the report does not name counts as reported with nothing
    (tmp_path / "warehouse.duckdb").unlink()
    unreported: list[Used] = [(CLOSED, "claude-z", 500, 1_000_000, 1_000_000)]
    (finding,) = failed(findings(tmp_path, [*USED, *other, *unreported]))
    assert "agree on claude-z" in finding.message
    assert "the report says 0, the warehouse has 500 (500 more;" in finding.message


def test_days_may_be_compared_as_a_whole_alone(tmp_path: Path) -> None:
    renamed: list[Reported] = [(day, "claude-x", 2_000, 4_000_000, 1_000_000) for day in (CLOSED, NIGHT)]
    reported(tmp_path / "landing", everyday(renamed), terms=ReportTerms(by_model=False))
    assert failed(findings(tmp_path, USED)) == []
    (tmp_path / "warehouse.duckdb").unlink()
    assert days_told(findings(tmp_path, USED[1:])) == [
        f"the openai report of {CLOSED} and the warehouse agree on all models together"
    ]


def test_a_model_that_a_report_does_not_name_is_left_to_others(tmp_path: Path) -> None:
    reported(tmp_path / "landing", everyday(times(1)))
    assert failed(findings(tmp_path, [*USED, (CLOSED, "gpt-x", 500, 1_000_000, 1_000_000)])) == []


def test_a_days_report_that_is_missing_warns(tmp_path: Path) -> None:
    reported(tmp_path / "landing", [row for row in times(1) if row[0] == CLOSED])
    warnings = failed(findings(tmp_path, USED))
    assert [(finding.severity, finding.expectation) for finding in warnings] == [
        ("warn", f"the openai report of {CLOSED + timedelta(days=n)} is landed") for n in (1, 2, 3)
    ]


def test_a_tolerance_of_ones_own_is_told_with_its_reason(tmp_path: Path) -> None:
    own = ReportTolerance(requests=0.2, tokens=0.2, reason="one span in six is sampled away")
    reported(tmp_path / "landing", everyday(times(1.2)), terms=ReportTerms(tolerance=own))
    held = findings(tmp_path, USED)
    assert failed(held) == []
    assert "within 20.0% of requests and 20.0% of tokens: one span in six is sampled away" in held[0].message
    (tmp_path / "warehouse.duckdb").unlink()
    reported(tmp_path / "landing", everyday(times(2)), terms=ReportTerms(tolerance=own))
    assert "tolerated 20.0% or 20 (one span in six is sampled away)" in failed(findings(tmp_path, USED))[0].message


def test_the_worst_models_are_told_and_the_rest_is_counted(tmp_path: Path) -> None:
    many: list[Used] = [(CLOSED, f"model-{n}", 1_000 * n, 2_000_000 * n, 0) for n in range(1, 9)]
    reported(tmp_path / "landing", everyday(times(2, many)))
    told = [words for words in days_told(findings(tmp_path, many)) if str(CLOSED) in words]
    assert [words.rsplit(" on ", 1)[1] for words in told] == [
        "model-8", "model-7", "model-6", "model-5", "model-4", "3 further models",
    ]  # fmt: skip


def test_days_before_the_first_that_was_taken_in_are_not_compared(tmp_path: Path) -> None:
    reported(tmp_path / "landing", everyday(times(1)))
    path = warehouse(tmp_path, USED)
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"delete from int_usage__account_model_days where arrived_on < date '{NIGHT}'")
    with gate_database("1GB") as database:
        database.run(f"attach {literal(str(path))} as warehouse (read_only)")
        (finding,) = reconcile(database, "warehouse.main", tmp_path / "landing", NIGHT, GateSettings())
    assert finding.success
    assert str(NIGHT) in finding.expectation


def test_totals_that_cannot_be_read_stop_the_night(tmp_path: Path) -> None:
    reported(tmp_path / "landing", times(1))
    next((tmp_path / "landing").rglob("*.parquet")).write_bytes(b"PAR1 no parquet PAR1")
    (finding,) = findings(tmp_path, USED)
    assert finding.blocks
    assert finding.limit is None


def test_a_difference_may_be_overridden_for_one_report_alone(tmp_path: Path) -> None:
    for source in ("openai", "anthropic"):
        reported(tmp_path / "landing", everyday(times(2)), source)
    report = gate_report("marts", NIGHT, findings(tmp_path, USED))
    assert limits()["usage_reports", "openai"] == "marts"
    leave = Override(
        gate="marts", table="usage_reports", limit="openai", first_night=NIGHT, last_night=NIGHT, by="lead", reason="known"
    )
    add_override(tmp_path / "log", leave)
    judged = with_overrides(report, read_overrides(tmp_path / "log"))
    assert {finding.limit for finding in judged.findings if finding.blocks} == {"anthropic"}
    assert "stillwatch gate override usage_reports anthropic --night 2026-03-10" in judged.message()
