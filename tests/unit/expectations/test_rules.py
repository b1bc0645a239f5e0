"""Suites and settings as data: complete, named after their tables, and refused with a clear error when wrong."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from expectations.privacy import forbidden_as
from expectations.rules import Rule, lacking, suites
from expectations.settings import GateSettings
from orchestration.contract import landing_contract

FOLDER = Path(__file__).parents[3] / "expectations"


def test_every_landing_table_has_a_suite_that_uses_columns_of_the_contract() -> None:
    tables = landing_contract().tables
    assert set(suites("sources")) == set(tables)
    for name, suite in suites("sources").items():
        for rule in suite.expectations:
            needed = {**rule.needs, name: tuple(rule.used_columns)}
            for table, columns in needed.items():
                assert set(columns) <= {column.name for column in tables[table].columns}, rule.name


def test_a_suites_filled_columns_begin_with_its_grain() -> None:
    assert suites("marts")["actor_members"].filled_columns[:3] == ("as_of_date", "actor_id", "account_id")


def test_names_of_expectations_are_unique_in_a_suite() -> None:
    for gate in ("sources", "marts"):
        for suite in suites(gate).values():
            names = [rule.name for rule in suite.expectations]
            assert len(names) == len(set(names)), suite.table


def test_every_tolerated_share_resolves() -> None:
    for gate in ("sources", "marts"):
        for suite in suites(gate).values():
            for rule in suite.expectations:
                assert 0 <= GateSettings().share(rule.tolerated_share) <= 1


def test_a_rule_without_what_its_kind_needs_is_refused() -> None:
    with pytest.raises(ValidationError, match="requires a query; add one"):
        Rule(name="x", kind="rows", advice="")
    with pytest.raises(ValidationError, match="requires a column; name it"):
        Rule(name="x", kind="between", advice="")


def test_an_unknown_setting_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="given 'tolerance'"):
        GateSettings().share("tolerance")


def test_lacking_names_tables_and_columns() -> None:
    rule = Rule(name="x", kind="rows", query="select 1", columns=("a", "b"), needs={"other": ("c",)}, advice="")
    assert lacking(rule, "mine", {"mine": ["a", "b"], "other": ["c"]}) == []
    assert lacking(rule, "mine", {"mine": ["a"]}) == ["other", "mine.b"]


def test_the_policys_own_wording_may_be_published_and_no_other_text() -> None:
    assert forbidden_as("clause_text") is None
    assert forbidden_as("reply_text") == forbidden_as("prompt") == "prompt or completion text"
