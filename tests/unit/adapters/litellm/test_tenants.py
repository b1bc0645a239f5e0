"""Who the accounts are, and what becomes of their keys."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest

from .landing import Landing, Row

DAY = date(2026, 3, 1)
CREATED = "2026-02-01 08:00:00"
KEY = {"token": "key-1", "created_at": CREATED}
Tables = dict[str, Sequence[dict[str, object]]]


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path)


def _land(landing: Landing, tables: Tables, day: date = DAY, **settings: object) -> None:
    dumps = landing.root / f"dumps-{day}"
    dumps.mkdir()
    request = {"request_id": f"r{day}", "api_key": "key-1", "startTime": f"{day} 10:00:00", "request_tags": ["surface:chat"]}
    for table, rows in (tables | {"SpendLogs": [request]}).items():
        (dumps / f"LiteLLM_{table}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    landing.land(day, folder=dumps.name, **settings)


def _accounts(landing: Landing, names: Sequence[str]) -> dict[str, Row]:
    told = {landing.key.text("account", name): name for name in names}
    return {told[str(row["account_id"])]: row for row in landing.rows("accounts")}


TENANTS: Tables = {
    "OrganizationTable": [{"organization_id": "o", "budget_id": "b", "created_at": CREATED, "metadata": {"tier": "gold"}}],
    "BudgetTable": [{"budget_id": "b", "rpm_limit": 600}],
    "TeamTable": [
        {"team_id": "t-of-o", "organization_id": "o", "created_at": CREATED},
        {"team_id": "t", "organization_id": "", "created_at": CREATED, "blocked": True, "rpm_limit": 60},
    ],
    "DeletedTeamTable": [{"team_id": "t-gone", "created_at": CREATED, "deleted_at": "2026-02-20"}],
    "UserTable": [
        {"user_id": "u", "user_email": " Ann.Lee42@Mail.Example ", "created_at": CREATED, "teams": []},
        {"user_id": "u-of-team", "user_email": "x@y.example", "created_at": CREATED, "teams": ["t"]},
        {"user_id": "u-of-team-and-alone", "created_at": CREATED, "teams": ["t"]},
        {"user_id": "u-no-mail", "user_email": "nobody", "created_at": None},
    ],
    "VerificationToken": [
        KEY,
        {"token": "key-of-t-of-o", "team_id": "t-of-o", "created_at": CREATED},
        {"token": "key-of-u", "user_id": "u-of-team-and-alone", "created_at": CREATED},
        {"token": "key-of-u-in-t", "user_id": "u-of-team", "team_id": "t", "created_at": CREATED},
        {"token": "key-on-page", "user_id": "u", "team_id": "litellm-dashboard", "created_at": CREATED},
    ],
}
NAMES = ["o", "t", "t-of-o", "t-gone", "u", "u-of-team", "u-of-team-and-alone", "u-no-mail", "key-1", "key-of-t-of-o"]


def test_accounts_are_just_those_that_a_request_can_come_from(landing: Landing) -> None:
    _land(landing, TENANTS)
    accounts = _accounts(landing, NAMES)
    assert set(accounts) == {"o", "t", "t-gone", "u", "u-of-team-and-alone", "u-no-mail", "key-1"}
    assert {
        name: row["account_type"] for name, row in accounts.items() if row["account_type"] == "organization"
    } == dict.fromkeys(["o", "t", "t-gone"], "organization")
    assert {name: row["status"] for name, row in accounts.items() if row["status"] != "active"} == {
        "t": "suspended",
        "t-gone": "closed",
    }
    assert [accounts[name]["tier"] for name in ("o", "t")] == ["gold", "unknown"]
    assert [accounts[name]["rate_limit_rpm"] for name in ("o", "t", "u")] == [600, 60, None]
    assert accounts["o"]["organization_hash"] == landing.key.number("organization", "o")
    assert accounts["u"]["created_at"] == datetime(2026, 2, 1, 8)
    # before creation was kept: it has been there all along
    assert accounts["u-no-mail"]["created_at"] == datetime(2000, 1, 1)


def test_a_mail_address_is_told_apart_and_hashed(landing: Landing) -> None:
    _land(landing, TENANTS)
    user = _accounts(landing, NAMES)["u"]
    assert user["email_domain"] == "mail.example"
    assert user["email_hash"] == landing.key.number("email", "ann.lee42@mail.example")
    assert user["email_pattern_hash"] == landing.key.number("email_pattern", "aaa.aaa00")
    unknown = _accounts(landing, NAMES)["u-no-mail"]
    assert [unknown[name] for name in ("email_domain", "email_hash", "email_pattern_hash")] == [None, None, None]


def test_keys_can_be_accounts_with_their_users_mail(landing: Landing) -> None:
    _land(landing, TENANTS, account_is="[key]")
    names = [str(row["token"]) for row in TENANTS["VerificationToken"]]
    accounts = _accounts(landing, names)
    assert set(accounts) == set(names)
    assert accounts["key-on-page"]["email_domain"] == "mail.example"
    assert accounts["key-of-t-of-o"]["organization_hash"] == landing.key.number("organization", "o")


def test_whoever_made_a_key_says_its_surface_before_a_client(landing: Landing) -> None:
    _land(landing, {"VerificationToken": [KEY | {"metadata": {"surface": "coding_agent"}}]})
    assert [row["surface"] for row in landing.rows("usage_requests")] == ["coding_agent"]


def _keys(landing: Landing, names: Sequence[str]) -> dict[str, Row]:
    told = {landing.key.text("api_key", name): name for name in names}
    return {told[str(row["api_key_id"])]: row for row in landing.rows("api_keys")}


def test_keys_that_were_deleted_rotated_or_blocked(landing: Landing) -> None:
    audit = {"table_name": "LiteLLM_VerificationToken", "changed_by": "admin"}
    _land(
        landing,
        {
            "VerificationToken": [
                KEY | {"user_id": "u"},
                {"token": "c", "user_id": "u", "created_at": CREATED, "last_rotation_at": ""},
                {"token": "blocked", "user_id": "u", "created_at": CREATED, "blocked": True, "updated_at": "2026-02-28"},
                {"token": "blocked-silently", "user_id": "u", "blocked": True, "updated_at": "2026-02-27"},
            ],
            "DeletedVerificationToken": [{"token": "d", "team_id": "t", "created_at": CREATED, "deleted_at": "2026-02-10"}],
            "DeprecatedVerificationToken": [
                {"token": "a", "active_token_id": "b", "created_at": "2026-02-05", "revoke_at": "2026-02-06"},
                {"token": "b", "active_token_id": "c", "created_at": "2026-02-07", "revoke_at": "2026-02-08"},
            ],
            "AuditLog": [
                audit | {"action": "blocked", "object_id": "blocked", "updated_at": "2026-02-09"},
                audit | {"action": "deleted", "object_id": "e", "updated_at": "2026-02-11", "before_value": {"user_id": "u"}},
                audit | {"action": "deleted", "object_id": "x", "table_name": "LiteLLM_TeamTable", "updated_at": "2026-02-11"},
            ],
        },
    )
    keys = _keys(landing, ["key-1", "a", "b", "c", "d", "e", "blocked", "blocked-silently"])
    revoked = {name: str(row["revoked_at"])[:10] for name, row in keys.items() if row["revoked_at"]}
    assert revoked == {
        "a": "2026-02-06",
        "b": "2026-02-08",
        "d": "2026-02-10",
        "e": "2026-02-11",
        "blocked": "2026-02-09",
        "blocked-silently": "2026-02-27",
    }
    # a rotated key belongs to whom its last heir does, and is as old as it
    assert {keys[name]["account_id"] for name in "abce"} == {landing.key.text("account", "u")}
    assert {keys[name]["created_at"] for name in "abc"} == {datetime(2026, 2, 1, 8)}
    assert str(keys["c"]["last_rotated_at"])[:10] == "2026-02-07"
    assert keys["key-1"]["last_rotated_at"] is None


def test_an_account_that_is_gone_is_closed_the_next_day(landing: Landing) -> None:
    _land(landing, TENANTS)
    _land(landing, {"VerificationToken": [KEY], "UserTable": []}, date(2026, 3, 2))
    told = landing.key.text("account", "u")
    days = [(row["arrived_on"], row["status"]) for row in landing.rows("accounts", "arrived_on") if row["account_id"] == told]
    assert days == [(date(2026, 3, 1), "active"), (date(2026, 3, 2), "closed")]
