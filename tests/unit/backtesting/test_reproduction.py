"""The champion must come out as published, cell by cell; and a rule set is loaded with the digits it states."""

import duckdb
import pytest

from orchestration.backtesting.challenger import RuleSet
from orchestration.backtesting.reproduction import ReproductionError, check_reproduction
from orchestration.backtesting.scratch import BacktestError, load_rule_set, read_rule_set

CHAMPION = RuleSet(tables={"score_priors": [{"subject_type": "account", "ruleset_version": "1"}]})


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    for schema in ("published", "computed"):
        made.execute(f"create schema {schema}")
    for relation in ("published.scores", "main.scores"):
        made.execute(
            f"create table {relation} as select date '2026-03-01' + cast(range as integer) as as_of_date, "
            "'account' as subject_type, 'a' as subject_id, '1' as ruleset_version, cast(0.5 as double) as score from range(2)"
        )
    for relation in ("published.review_queue", "computed.review_queue"):
        made.execute(
            f"create table {relation} as select date '2026-03-01' as as_of_date, 'account' as subject_type, 'a' as subject_id, "
            "1 as priority"
        )
    return made


def test_equal_rows_are_counted(connection: duckdb.DuckDBPyConnection) -> None:
    # the scratch queue also holds the nights before the range
    connection.execute("insert into computed.review_queue values ('2026-02-01', 'account', 'a', 1)")
    found = check_reproduction(connection, CHAMPION)
    assert (found.score_rows, found.queue_rows) == (2, 1)


@pytest.mark.parametrize(
    ("damage", "table"),
    [
        ("update main.scores set score = 0.5001 where as_of_date = '2026-03-01'", "scores"),
        ("delete from main.scores where as_of_date = '2026-03-01'", "scores"),
        ("insert into main.scores select * from main.scores where as_of_date = '2026-03-01'", "scores"),
        ("update computed.review_queue set priority = 2", "review_queue"),
    ],
)
def test_any_difference_fails_and_names_the_first(connection: duckdb.DuckDBPyConnection, damage: str, table: str) -> None:
    connection.execute(damage)
    with pytest.raises(ReproductionError, match=f"rows of {table} differ, the first account a on 2026-03-01"):
        check_reproduction(connection, CHAMPION)


def test_nights_of_an_earlier_rule_set_are_refused(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("update published.scores set ruleset_version = '0' where as_of_date = '2026-03-01'")
    with pytest.raises(
        BacktestError, match=r"2026-03-01 to 2026-03-01 were scored with rule set 0, .* give --from after 2026-03-01"
    ):
        check_reproduction(connection, CHAMPION)


def test_a_challengers_digits_survive_the_types_that_the_champions_suggested() -> None:
    connection = duckdb.connect()
    connection.execute(
        "create table signal_settings as select 'sig_a' as signal_id, 1 as version, 3 as threshold, 0.5::double as cap"
    )
    connection.execute("create table signal_families as select 'f' as family, 2 as cap")
    connection.execute("create table score_priors as select 'actor' as subject_type, 1 as ruleset_version, -4 as prior_log_odds")
    connection.execute("create table score_calibration (subject_type varchar, slope double)")
    rules = read_rule_set(connection)
    assert rules.version == "1"
    rules.tables["signal_settings"][0]["threshold"] = "2.75"
    rules.tables["score_priors"][0]["ruleset_version"] = "1-challenger"
    load_rule_set(connection, rules)
    assert connection.execute("select threshold, version, cap from signal_settings").fetchall() == [(2.75, 1, 0.5)]
    assert connection.execute("select ruleset_version, prior_log_odds from score_priors").fetchall() == [("1-challenger", -4.0)]
