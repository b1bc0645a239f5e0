"""The mart gate: a sound warehouse passes, and each broken fact fails the one expectation that names it."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from expectations.report import Finding
from expectations.rules import suites
from expectations.runner import GateSettings, validate_marts

from .warehouse import DAY, warehouse

pytestmark = pytest.mark.slow
EMPTY = [f"delete from {table}" for table in [*suites("marts"), "int_usage__account_days", "int_quarantine__intake"]]
BROKEN = [
    ("scores", "insert into scores from scores where subject_id = 'a2'", "one row per as_of_date, subject_type"),
    ("scores", "update scores set ruleset_version = null where subject_id = 'a2'", "ruleset_version is never NULL"),
    ("scores", "update scores set upper = 1.2 where subject_id = 'a2'", "upper is between 0 and 1"),
    ("scores", "update scores set upper = lower where subject_id = 'a2'", "a score lies between"),
    ("scores", "update scores set resale_lower = 0.25 where subject_id = 'a2'", "a resale score lies between"),
    ("scores", "update scores set score = 0.0005, lower = 0 where subject_id = 'a2'", "logistic of its log-odds"),
    ("scores", "delete from scores where subject_id = 'a2'", "every account with features has a score"),
    ("scores", "update scores set coverage_share = 1.1", "coverage_share is between 0 and 1"),
    (
        "signal_hits",
        "update signal_hits set contribution = -0.5 where signal_id = 'volume'",
        "contribution never exceeds",
    ),
    ("signal_hits", "update signal_hits set evidence = 0, contribution = 0, resale_evidence = 0", "a hit has evidence"),
    ("signal_hits", "delete from scores where subject_id = 'actor_1'", "every hit's subject is scored"),
    ("account_links", "update account_links set account_id_a = 'a3'", "account_id_a sorts before"),
    ("account_links", "update account_links set last_seen_on = date '2026-03-02'", "no link is seen after"),
    ("account_links", "update account_links set weight = 0", "weight is above 0"),
    (
        "actor_members",
        "insert into actor_members values ('2026-03-01', 'actor_2', 'a1', '2026-02-20', 0.1, 0, 'hold')",
        "at most one actor",
    ),
    ("actor_members", "update actor_members set joined_on = date '2026-03-02'", "nobody joined after"),
    ("actors", "update actors set account_count = 3", "account_count equals the actor's members"),
    ("actors", "update actors set actionable_account_count = 1", "equals the members who are a basis"),
    (
        "actor_members",
        "insert into actor_members values ('2026-03-01', 'actor_1', 'a3', '2026-02-20', 0.1, 2.4, 'hold')",
        "held has little evidence",
    ),
    (
        "account_days",
        "update account_days set output_tokens = 31 where account_id = 'a2'",
        "equal the accepted requests",
    ),
    ("account_days", "delete from account_days where account_id = 'a1'", "equal the accepted requests"),
    ("account_days", "update account_days set surface = 'web' where account_id = 'a2'", "surface is one of api"),
    ("account_features", "delete from account_features where account_id = 'a2'", "requests on the day has features"),
    ("account_features", "update account_features set failed_share_7d = 1.5", "failed_share_7d is between 0 and 1"),
    ("account_features", "update account_features set request_count_28d = -1", "request_count_28d is at least 0"),
    ("review_queue", "update review_queue set subject_id = 'a2', subject_type = 'account'", "at most one lead"),
    ("review_queue", "update review_queue set selection_probability = null", "selection probability above 0"),
    ("review_queue", "update review_queue set external_lead_id = null", "an external lead keeps"),
    ("enforcement_metrics", "update enforcement_metrics set value = 0.9", "a value lies between"),
    ("enforcement_metrics", "update enforcement_metrics set value = 2, upper = 3", "a share or rate lies between"),
    ("signal_performance", "update signal_performance set precision = 0.9", "a precision lies between"),
    ("signal_performance", "update signal_performance set recommended_weight = 0.9", "a recommended weight lies between"),
    ("signal_performance", "update signal_performance set present_weight = 0.2", "recommended only outside its interval"),
    (
        "tactic_coverage",
        "update tactic_coverage set first_covered_on = date '2025-12-31'",
        "before or with its first active signal",
    ),
    ("tactic_coverage", "update tactic_coverage set entered_on = null", "a tactic of the registry is dated"),
    ("tactic_coverage", "update tactic_coverage set confirmed_count = 3", "no more leads are confirmed"),
    ("recommendations", "update recommendations set effect_after = 0.9", "an effect lies between"),
    ("recommendations", "update recommendations set adopted_in = null", "names the version that adopted it"),
    ("recommendations", "update recommendations set state = 'open'", "decided by nobody"),
    ("recommendations", "update recommendations set state = 'done'", "state is one of open"),
    ("reviews", "update reviews set verdict = 'benign', label = 'violation'", "only where a violation was overturned"),
    ("quarantine", "update quarantine set reason = 'value jane@example.org refused'", "looks personal"),
    ("quarantine", "update int_quarantine__intake set accepted_count = 39", "accepted, a repeat or quarantined"),
    ("quarantine", "insert into quarantine from quarantine", "as many rows are published as were quarantined"),
    ("quarantine", "update quarantine set released_at = date '2026-02-01'", "released no earlier"),
    ("usage_days", "delete from usage_days where activity_date = date '2026-02-28'", "equal those of account_days"),
    ("usage_days", "update usage_days set output_tokens = 31 where surface = 'api'", "equal those of account_days"),
    ("accounts", "alter table accounts add column email varchar", "re-identify"),
    ("accounts", "alter table accounts add column contact_name varchar", "re-identify"),
    ("accounts", "alter table accounts drop column tier", "key columns"),
    ("cases", "drop table cases", "holds the table"),
    ("scores", "drop table score_priors", "prior plus the sum of contributions"),
    ("account_days", "drop table int_usage__account_days", "equal the accepted requests"),
    ("case_events", "update case_events set withdrawn_on = learned_on", "nothing is withdrawn before it was learned"),
    ("case_precedents", "update case_precedents set is_overturned = true", "an overturned precedent supports nothing"),
    ("framework_replays", "update framework_replays set is_own_version = true", "no case is judged by two versions"),
    ("policy_clauses", "update policy_clauses set kind = 'custom'", "kind is one of"),
]


def warehouse_in(folder: Path, *statements: str) -> Path:
    folder.mkdir()
    return warehouse(folder, *statements)


def failures(path: Path, as_of: date = DAY, **changed: object) -> tuple[Finding, ...]:
    return validate_marts(path, as_of, GateSettings.model_validate(changed)).failures


def test_a_sound_warehouse_has_no_failure_and_is_left_as_it_was(tmp_path: Path) -> None:
    path = warehouse(tmp_path)
    before = path.read_bytes()
    report = validate_marts(path, DAY, GateSettings())
    assert report.success, report.message()
    assert report.failures == ()
    assert {finding.table for finding in report.findings} == set(suites("marts"))
    assert path.read_bytes() == before
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table written_after_the_gate (a integer)")


def test_a_warehouse_without_rows_has_no_failure(tmp_path: Path) -> None:
    assert failures(warehouse(tmp_path, *EMPTY)) == ()


def rounds() -> list[list[tuple[str, str, str]]]:
    """Spread the broken facts over rounds, at most one a table in each, so that a gate run checks several."""
    spread: dict[int, list[tuple[str, str, str]]] = {}
    for place, fact in enumerate(BROKEN):
        earlier = sum(table == fact[0] for table, _, _ in BROKEN[:place])
        spread.setdefault(earlier, []).append(fact)
    return list(spread.values())


@pytest.mark.slow
@pytest.mark.parametrize("facts", rounds())
def test_each_broken_fact_blocks(tmp_path: Path, facts: list[tuple[str, str, str]]) -> None:
    report = validate_marts(warehouse(tmp_path, *(statement for _, statement, _ in facts)), DAY, GateSettings())
    assert not report.success
    for table, _, words in facts:
        found = [item for item in report.failures if item.table == table and words in item.expectation]
        assert [item.severity for item in found] == ["block"], (words, report.message())
        assert f"{table}: expected that" in found[0].message
    assert "jane" not in report.to_json()


def test_several_broken_facts_are_all_named(tmp_path: Path) -> None:
    failed = failures(
        warehouse(
            tmp_path,
            "update signal_hits set contribution = 1.4999 where signal_id = 'volume'",
            "update account_days set request_count = 11 where account_id = 'a1'",
            "update account_links set account_id_a = 'a3'",
            "update actors set account_count = 1",
            "alter table accounts add column email varchar",
        )
    )
    assert [(item.table, item.examples) for item in failed] == [
        ("account_days", ("2026-02-28",)),
        ("account_links", ("a3",)),
        ("accounts", ()),
        ("actors", ("actor_1",)),
        ("actors", ("actor_1",)),
        ("scores", ("a1",)),
        ("usage_days", ("2026-02-28",)),
    ]
    assert "prior plus the sum of contributions; found 1 of 3 rows against it (33.33%); for example a1." in failed[-2].message
    assert "email (mail address)" in failed[2].message


NIGHTS = """
    insert into scores select scores.* replace (subject_id || '_' || number as subject_id, day as as_of_date,
        {score} as score, 0 as lower, 1 as upper)
    from scores, range(300) as numbers(number), (values {days}) as nights(day) where subject_id = 'a2'
"""
EARLIER = NIGHTS.format(score=0.001, days=", ".join(f"(date '2026-02-{day}')" for day in range(22, 29)))


def test_a_measure_may_not_jump_from_one_night_to_the_next(tmp_path: Path) -> None:
    tonight = NIGHTS.format(score=0.3, days="(date '2026-03-01')")
    jumped = {item.limit: item for item in failures(warehouse(tmp_path, EARLIER, tonight)) if item.limit}
    assert set(jumped) == {"mean_score"}
    assert "within 2 times the night before; observed 0.298, the night before 0.001. Nothing is published" in (
        jumped["mean_score"].message
    )


def test_a_young_warehouse_or_a_small_night_is_not_held_to_the_night_before(tmp_path: Path) -> None:
    tonight = NIGHTS.format(score=0.3, days="(date '2026-03-01')")
    young = warehouse(tmp_path, EARLIER, tonight, "delete from scores where as_of_date < date '2026-02-25'")
    assert not [item for item in failures(young) if item.limit]
    assert not [item for item in failures(warehouse_in(tmp_path / "small", EARLIER)) if item.limit]


def test_a_link_that_ends_before_it_begins_warns(tmp_path: Path) -> None:
    path = warehouse(tmp_path, "update account_links set first_seen_on = last_seen_on, last_seen_on = first_seen_on")
    (finding,) = failures(path)
    assert (finding.table, finding.severity, finding.unexpected_count) == ("account_links", "warn", 1)


def test_only_rows_of_the_as_of_date_are_judged(tmp_path: Path) -> None:
    old = "insert into scores select * replace (date '2026-02-27' as as_of_date, 7 as score) from scores"
    path = warehouse(tmp_path, old)
    assert failures(path) == ()
    assert {item.table for item in failures(path, date(2026, 2, 27))} == {"scores"}


def test_the_queue_may_not_outgrow_budget_and_audit(tmp_path: Path) -> None:
    path = warehouse(tmp_path)
    assert failures(path, review_budget=1, audit_size=1) == ()
    (finding,) = failures(path, review_budget=1, audit_size=0)
    assert (finding.table, finding.unexpected_count) == ("review_queue", 1)


def test_a_table_in_two_schemas_is_refused_without_a_schema_setting(tmp_path: Path) -> None:
    found = failures(warehouse(tmp_path), marts_schema=None)
    assert any(item.table == "scores" and item.observed == "computed, main" for item in found)


def test_a_missing_or_foreign_warehouse_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="build it first"):
        validate_marts(tmp_path / "none.duckdb", DAY, GateSettings())
    (tmp_path / "text.duckdb").write_text("no database at all, but long enough to be looked at " * 100)
    with pytest.raises(RuntimeError, match=r"must open text.duckdb read-only"):
        validate_marts(tmp_path / "text.duckdb", DAY, GateSettings())
