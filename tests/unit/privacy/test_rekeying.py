"""Re-keyed ids: SQL and Python agree, kinds stay apart, and a connection without the key gives nothing."""

import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from jinja2 import Environment

from orchestration.contract import INDICATOR_KINDS, landing_contract
from orchestration.privacy.errors import PrivacyError
from orchestration.privacy.id_keys import SETTING, IdKey, configured_id_key, read_id_key, write_new_id_key
from orchestration.settings import PROJECT_ROOT, Home

RFC_4231_CASE_2 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(root=tmp_path / "home")


@pytest.fixture
def key(home: Home, tmp_path: Path) -> IdKey:
    return write_new_id_key(tmp_path / "ids.json", home)


def with_key(key: IdKey | None) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for side, pad in key.pads().items() if key else ():
        connection.execute(f"set variable stillwatch_id_{side}_pad = $pad", {"pad": pad})
    return connection


def macro(name: str, *arguments: Any) -> str:
    """Render a house macro as dbt does where a key is configured: its `return` of a text is the text."""
    text = (PROJECT_ROOT / "macros" / "rekeyed.sql").read_text(encoding="utf-8")
    names: dict[str, Any] = {"env_var": lambda *_: "named"}
    names["dispatched"] = lambda macro, _: getattr(module, f"default__{macro}")
    text = text.replace("return(", "(").replace("adapter.dispatch", "dispatched")
    module = Environment().from_string(text).make_module(names)
    return str(getattr(module, name)(*arguments))


def test_it_is_hmac_sha256_as_the_rfc_has_it() -> None:
    padded = IdKey.model_validate({"epoch": 1, "key": b"Jefe".ljust(32, b"\0").hex()})
    digest = padded.digest
    connection = with_key(padded)
    sql = macro("keyed_digest", "'x'", "account")
    assert connection.execute(f"select {sql}").fetchall()[0][0] == digest("account", "x").hex()
    inner, outer = padded.pads()["inner"], padded.pads()["outer"]
    # the same construction over the RFC's message, whose key is padded with zeros as ours is
    message = b"what do ya want for nothing?"
    assert hashlib.sha256(outer + hashlib.sha256(inner + message).digest()).hexdigest() == RFC_4231_CASE_2


def test_sql_and_python_agree_on_texts_numbers_and_null(key: IdKey) -> None:
    connection = with_key(key)
    texts = ["acct_1", "", "ünï", "a\x1fb", "'; drop table x; --", "x" * 4000]
    connection.execute("create table ids (t varchar)")
    connection.executemany("insert into ids values (?)", [[text] for text in texts])
    found = connection.execute(f"select {macro('rekeyed_text', 't', 'account')} from ids").fetchall()
    assert [row[0] for row in found] == [key.text("account", text) for text in texts]
    numbers = [0, 1, -1, 2**63 - 1, -(2**63)]
    connection.execute("create table numbers (n bigint)")
    connection.executemany("insert into numbers values (?)", [[number] for number in numbers])
    found = connection.execute(f"select {macro('rekeyed_number', 'n', 'ip')} from numbers").fetchall()
    assert [row[0] for row in found] == [key.number("ip", number) for number in numbers]
    assert all(0 <= row[0] < 2**63 for row in found)
    assert connection.execute(f"select {macro('rekeyed_text', 'cast(null as varchar)', 'account')}").fetchall() == [(None,)]


def test_an_indicator_follows_the_ids_of_its_kind_and_no_unknown_kind_passes(key: IdKey) -> None:
    connection = with_key(key)
    kinds = [{t: k for t, k in INDICATOR_KINDS.items() if t.endswith("_hash") is numeric} for numeric in (False, True)]
    connection.execute("create table found (kind varchar, value varchar)")
    values = {
        ("account_id", "acct_1"): key.text("account", "acct_1"),
        ("ip_hash", "-77"): str(key.number("ip", -77)),
        ("device_hash", "no number"): key.text("other", "no number"),
        ("asn", "64500"): "64500",
        ("email_domain", "example.org"): "example.org",
        ("email_hash", "5"): key.text("other", "5"),
        (None, "acct_1"): key.text("other", "acct_1"),
    }
    connection.executemany("insert into found values (?, ?)", [list(one) for one in values])
    sql = macro("rekeyed_indicator", "value", "kind", *kinds)
    assert [row[0] for row in connection.execute(f"select {sql} from found").fetchall()] == list(values.values())


def test_kinds_and_epochs_have_nothing_in_common(key: IdKey, home: Home, tmp_path: Path) -> None:
    other = write_new_id_key(tmp_path / "ids-2.json", home, epoch=2)
    assert len({key.text("account", "a"), key.text("api_key", "a"), other.text("account", "a"), "a"}) == 4
    assert key.key_id != other.key_id


def test_a_connection_without_the_key_is_refused() -> None:
    with pytest.raises(duckdb.InvalidInputException, match="holds no key for ids"):
        with_key(None).execute(f"select {macro('rekeyed_text', 'cast(1 as varchar)', 'account')}").fetchall()


def test_every_id_of_the_provider_is_rekeyed_at_staging_and_what_was_published_passes() -> None:
    passing = {"lead_id", "case_id", "actor_id", "subject_id", "release_id", "review_id", "action_id", "appeal_id"}
    for name, table in landing_contract().tables.items():
        sql = (PROJECT_ROOT / f"models/staging/provider/stg_provider__{name}.sql").read_text(encoding="utf-8")
        for column in table.columns:
            is_rekeyed = f"}}}} as {column.name}," in sql.rsplit("from cast_to_contract", 1)[1]
            assert is_rekeyed == column.is_provider_id, (name, column.name)
            if column.name in passing:
                assert not is_rekeyed, (name, column.name)
            if column.name.endswith(("_hash", "_fingerprint")):
                assert is_rekeyed, (name, column.name)
    assert not landing_contract().tables["enforcement_actions"].column("account_id").is_provider_id
    assert landing_contract().tables["usage_requests"].column("account_id").id_kind == "account"


def test_a_key_file_is_refused_where_it_must_not_lie_or_is_open(home: Home, tmp_path: Path) -> None:
    for place in (home.root / "published" / "k.json", PROJECT_ROOT / "k.json"):
        with pytest.raises(PrivacyError, match="kept outside it"):
            write_new_id_key(place, home)
        with pytest.raises(PrivacyError, match="kept outside it"):
            read_id_key(place, home)
    path = tmp_path / "ids.json"
    write_new_id_key(path, home)
    with pytest.raises(PrivacyError, match="never overwritten"):
        write_new_id_key(path, home)
    path.chmod(0o640)
    with pytest.raises(PrivacyError, match="chmod 600"):
        read_id_key(path, home)
    with pytest.raises(PrivacyError, match="does not exist"):
        configured_id_key(home, {SETTING: str(tmp_path / "missing.json")})
    assert configured_id_key(home, {}) is None


def test_a_key_is_written_into_a_folder_made_for_its_owner_alone(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "keys" / "ids.json"
    key = write_new_id_key(path, home)
    assert read_id_key(path, home) == key
    assert [place.stat().st_mode & 0o777 for place in (path.parent, path)] == [0o700, 0o600]


def test_no_message_dump_or_repr_shows_a_key(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "ids.json"
    key = write_new_id_key(path, home)
    secret = json.loads(path.read_text(encoding="utf-8"))["key"]
    assert len(secret) == 64
    assert secret not in repr(key) + str(key) + str(key.model_dump(mode="json")) + key.model_dump_json()
    for broken in (f'{{"epoch": 1, "key": "{secret}ff"}}', f'{{"epoch": 0, "key": "{secret}"}}', secret, f'{{"k": "{secret}"}}'):
        path.write_text(broken, encoding="utf-8")
        with pytest.raises(PrivacyError) as error:
            read_id_key(path, home)
        assert secret not in str(error.value) + repr(error.value.__cause__)
        assert error.value.__suppress_context__
