import hmac
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.adapters.edge import edge_connection, hashed_select
from orchestration.adapters.edge_key import EdgeKey, read_edge_key, write_new_edge_key
from orchestration.adapters.errors import AdapterError
from orchestration.contract import landing_contract

KEY = EdgeKey.model_validate({"key": "0f" * 32})
"""Plainly not a secret."""


@pytest.fixture(scope="module")
def edge() -> Iterator[duckdb.DuckDBPyConnection]:
    with edge_connection(KEY, "1GB") as connection:
        yield connection


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1))
def test_the_database_hashes_as_the_reference_does(edge: duckdb.DuckDBPyConnection, value: str) -> None:
    row = edge.execute("select keyed_text('account', $1), keyed_number('ip', $1)", [value]).fetchone()
    assert row == (KEY.text("account", value), KEY.number("ip", value))


def test_the_reference_is_hmac_over_kind_and_value() -> None:
    digest = hmac.digest(b"\x0f" * 32, b"account\x1fa", "sha256")
    assert KEY.text("account", "a") == digest.hex()[:32]
    assert KEY.number("account", "a") == int.from_bytes(digest[:8], "big") >> 1
    assert KEY.text("ip", "a") != KEY.text("account", "a")


def test_a_connection_without_the_key_hashes_nothing() -> None:
    with edge_connection(KEY, "1GB") as connection:
        connection.execute("reset variable edge_inner_pad")
        with pytest.raises(duckdb.Error, match="no key of the edge"):
            connection.execute("select keyed_text('account', 'a')").fetchall()


def test_raw_values_have_nowhere_to_be_spilled_to() -> None:
    with edge_connection(KEY, "1GB") as connection:
        assert connection.execute("select current_setting('temp_directory')").fetchone() == ("",)


def test_ids_are_hashed_by_what_they_name_and_the_rest_takes_its_type() -> None:
    table = landing_contract().tables["accounts"]
    with edge_connection(KEY, "1GB") as connection:
        connection.execute(
            "create table raw as select ' a ' as account_id, '2026-01-01T10:00:00+02:00' as created_at, "
            "'A@x.example' as email_hash, '' as phone_hash, '17' as signup_asn, 'free' as tier"
        )
        found = connection.execute(
            hashed_select(table, "raw", ["account_id", "created_at", "email_hash", "phone_hash", "signup_asn", "tier"])
        )
        names = [column[0] for column in found.description or ()]
        row = dict(zip(names, found.fetchall()[0], strict=True))
    assert row["account_id"] == KEY.text("account", "a")
    assert str(row["created_at"]) == "2026-01-01 08:00:00"
    assert row["email_hash"] == KEY.number("email", "A@x.example")
    assert row["phone_hash"] is None
    assert (row["signup_asn"], row["tier"]) == (17, "free")


def test_an_indicator_is_hashed_as_what_its_type_names() -> None:
    table = landing_contract().tables["intel_indicators"]
    with edge_connection(KEY, "1GB") as connection:
        connection.execute(
            "create table raw as select * from (values ('ip_hash', '203.0.113.7'), ('account_id', 'a'), ('asn', '64500'), "
            "('email_domain', 'x.example')) as v(indicator_type, value)"
        )
        found = connection.execute(hashed_select(table, "raw", ["indicator_type", "value"])).fetchall()
    assert dict(found) == {
        "ip_hash": str(KEY.number("ip", "203.0.113.7")),
        "account_id": KEY.text("account", "a"),
        "asn": "64500",
        "email_domain": "x.example",
    }


def test_a_mapping_may_not_yield_what_the_contract_does_not_have() -> None:
    with pytest.raises(ValueError, match="prompt"):
        hashed_select(landing_contract().tables["usage_requests"], "raw", ["request_id", "prompt"])


def test_a_new_key_is_its_owners_alone_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "edge.json"
    key = write_new_edge_key(path)
    assert path.stat().st_mode & 0o077 == 0
    assert read_edge_key(path, tmp_path / "landing").key_id == key.key_id
    assert key.key.get_secret_value() not in repr(key)
    with pytest.raises(AdapterError, match="never overwritten"):
        write_new_edge_key(path)


def test_a_key_that_is_handed_on_with_the_data_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "landing" / "edge.json"
    write_new_edge_key(path)
    with pytest.raises(AdapterError, match="lies in the folder that is handed on"):
        read_edge_key(path, tmp_path / "landing")


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "edge.json"
    write_new_edge_key(path)
    path.chmod(0o644)
    with pytest.raises(AdapterError, match="chmod 600"):
        read_edge_key(path, tmp_path / "landing")


def test_a_file_that_is_no_key_is_refused_without_repeating_it(tmp_path: Path) -> None:
    path = tmp_path / "edge.json"
    path.write_text('{"key": "0123abcd"}')
    path.chmod(0o600)
    with pytest.raises(AdapterError, match="land-key") as told:
        read_edge_key(path, tmp_path / "landing")
    assert "0123abcd" not in str(told.value)
