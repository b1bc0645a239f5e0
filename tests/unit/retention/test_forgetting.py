"""Requests to delete: refused while a claim needs the account, kept as digests, and carried out in what a run reads."""

from pathlib import Path

import duckdb
import pytest

from orchestration.contract import landing_contract
from orchestration.landing.files import RunPlan
from orchestration.landing.views import create_landing_views
from orchestration.privacy.id_keys import SETTING, write_new_id_key
from orchestration.retention.forgetting import (
    ForgettingError,
    digest_of,
    forget,
    leave_out_forgotten,
    read_forgotten,
    standings,
)
from orchestration.settings import Home

from .releases import CASE, DECIDED, Rows, decided_case, release_id, write_release


def _home(tmp_path: Path, rows: Rows) -> Home:
    home = Home(root=tmp_path / "home")
    write_release(home.published, 1, rows)
    return home


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"appeals": [("appeal_1", CASE, "account_1", None)]}, "open appeal appeal_1 in case_1"),
        ({"escalations": [("escalation_1", CASE, "held")]}, "legal hold by escalation escalation_1 on case_1"),
        ({"cases": [(CASE, "lead_1", None, None, None)]}, "case_1 is not decided"),
        (
            {
                "actions": [],
                "reviews": [],
                "cases": [(CASE, "lead_1", "actor_1", None, None)],
                "actor_members": [(None, "actor_1", "account_1")],
            },
            "case_1 is not decided",
        ),
    ],
)
def test_a_claim_or_decision_under_way_stands_against_it(tmp_path: Path, change: Rows, why: str) -> None:
    home = _home(tmp_path, decided_case(seen=1) | change)
    with pytest.raises(ForgettingError, match=why):
        forget(home, "account_1", "request 12", "operator")
    assert read_forgotten(home.forgotten) == []


def test_re_keyed_ids_are_refused_before_a_request_that_could_not_be_honoured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = _home(tmp_path, decided_case(seen=1))
    write_new_id_key(tmp_path / "ids.json", home)
    monkeypatch.setenv(SETTING, str(tmp_path / "ids.json"))
    with pytest.raises(ForgettingError, match="ids are re-keyed here, so nothing was entered"):
        forget(home, "account_1", "request 12", "operator")
    assert read_forgotten(home.forgotten) == []


def test_a_package_that_names_the_account_stands_against_it(tmp_path: Path) -> None:
    home = _home(tmp_path, decided_case(seen=1))
    rows = home.packages / CASE / "2026-03-01-abc" / "content" / "rows"
    rows.mkdir(parents=True)
    for table, account in (("case_accounts", "account_1"), ("named_accounts", "account_2")):
        duckdb.sql(f"copy (select '{account}' as account_id) to '{rows / table}.parquet' (format parquet)")
    for account in ("account_1", "account_2"):
        with pytest.raises(ForgettingError, match="package case_1/2026-03-01-abc"):
            forget(home, account, "request 12", "operator")


def test_the_list_holds_digests_and_a_request_once(tmp_path: Path) -> None:
    home = _home(tmp_path, decided_case(seen=1) | {"appeals": [("appeal_1", CASE, "account_1", DECIDED)]})
    first = forget(home, "account_1", "request 12", "operator")
    assert forget(home, "account_1", "request 13", "somebody else") == first
    forget(home, "account_2", "request 14", "operator")
    text = home.forgotten.read_text(encoding="utf-8")
    assert not any(account in text for account in ("account_1", "account_2"))
    found = {standing.request: standing.held_by for standing in standings(home)}
    assert found == {"request 12": (release_id(1),), "request 14": ()}


def test_every_landed_row_about_the_account_is_passed_over(tmp_path: Path) -> None:
    home = _home(tmp_path, {})
    request = forget(home, "gone", "request 12", "operator")
    day = "2026-03-01"
    plan = RunPlan(landing=tmp_path, as_of_from=day, as_of_to=day, arrived_from=day, files=())  # type: ignore[arg-type]
    with duckdb.connect() as connection:
        create_landing_views(connection, plan)
        # the views of a run, each over rows of an account that goes, one that stays, and one that says nothing of accounts
        for name, table in landing_contract().tables.items():
            columns = [column.name for column in table.columns]
            delivery = "date '2026-03-01' as arrived_on, 'part-0.parquet' as source_file, 0 as source_row"
            rows = (f"select {', '.join(_row(columns, who))}, {delivery}" for who in ("'gone'", "'stays'", "null"))
            select = " union all ".join(rows)
            connection.execute(f"create or replace view landing.{name} as {select}")
        before = _counts(connection)
        leave_out_forgotten(connection, [request])
        after = _counts(connection)
        about_accounts = {name for name, count in after.items() if count < before[name]}
        assert {"usage_requests", "accounts", "api_keys", "contracts", "billing_charges", "billing_credits"} <= about_accounts
        assert {"enforcement_actions", "review_decisions", "external_leads", "intel_indicators"} <= about_accounts
        assert {after[name] for name in about_accounts} == {2}
        for name in about_accounts:
            assert "gone" not in str(connection.execute(f"select * from landing.{name}").fetchall())
    assert request.account_sha256 == digest_of("gone")


def _row(columns: list[str], who: str) -> list[str]:
    values = {"account_id": who, "subject_id": who, "value": who, "indicator_value": who}
    values |= {"subject_type": "'account'", "indicator_type": "'account_id'", "referred_by_account_id": "'gone'"}
    return [f"{values.get(column, 'null')} as {column}" for column in columns]


def _counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return {
        name: connection.execute(f"select count(*) from landing.{name}").fetchall()[0][0] for name in landing_contract().tables
    }
