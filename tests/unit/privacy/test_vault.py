"""The vault and the access log: two keys, a log before the answer, and rotations that can be followed."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from orchestration.cli import cli
from orchestration.privacy.access_log import access_faults, accesses
from orchestration.privacy.errors import PrivacyError
from orchestration.privacy.id_keys import SETTING, read_id_key
from orchestration.privacy.vault import landed_ids, open_vault, published_form
from orchestration.settings import Home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with a landing folder, a key of ids and a vault."""
    home = Home(root=tmp_path / "home")
    rows = {"usage_requests": {"account_id": ["acct_1", "acct_2"]}, "review_decisions": {"reviewer_hash": [-5, 7]}}
    for table, columns in rows.items():
        folder = home.root / "landing" / table / "arrived_on=2026-03-01"
        folder.mkdir(parents=True)
        pq.write_table(pa.table(columns), folder / "a.parquet")
    (tmp_path / "keys").mkdir()
    monkeypatch.setenv(SETTING, str(tmp_path / "keys" / "ids-1.json"))
    _run(home, "ids", "new-key", str(tmp_path / "keys" / "ids-1.json"))
    _run(home, "ids", "new-vault", str(tmp_path / "keys" / "vault.pem"))
    return home


def _run(home: Home, *arguments: str) -> str:
    outcome = CliRunner().invoke(cli, [*arguments, "--home", str(home.root)])
    if outcome.exception:
        raise outcome.exception
    return outcome.stdout


def _why(home: Home, *arguments: str) -> list[dict[str, str]]:
    given = ["--key", str(home.root.parent / "keys" / "vault.pem"), "--by", "counsel", "--reason", "case 17", "--json"]
    return json.loads(_run(home, *arguments, *given))


def test_an_id_is_told_to_the_holder_of_the_private_key_and_logged(home: Home, tmp_path: Path) -> None:
    key = read_id_key(tmp_path / "keys" / "ids-1.json", home)
    _run(home, "ids", "seal")
    account, staff = key.text("account", "acct_2"), str(key.number("staff", -5))
    assert _why(home, "reidentify", account, staff, "nobody") == [
        {"published_id": account, "kind": "account", "provider_id": "acct_2"},
        {"published_id": staff, "kind": "staff", "provider_id": "-5"},
    ]
    (access,) = accesses(home.access_log)
    assert (access.who, access.what, access.why, access.ids) == ("counsel", "reidentify", "case 17", (account, staff, "nobody"))
    assert "acct_2" not in home.access_log.read_text(encoding="utf-8")


def test_the_vault_says_nothing_to_whoever_fills_it(home: Home, tmp_path: Path) -> None:
    _run(home, "ids", "seal")
    (sealed,) = home.vault.glob("*.sealed")
    assert b"acct_1" not in sealed.read_bytes()
    other = tmp_path / "keys" / "other.pem"
    _run(Home(root=tmp_path / "elsewhere"), "ids", "new-vault", str(other))
    with pytest.raises(PrivacyError, match="another vault's key, or the file was changed"):
        open_vault(home.vault, other, home)
    sealed.write_bytes(sealed.read_bytes()[:-1] + b"!")
    with pytest.raises(PrivacyError, match="the file was changed"):
        open_vault(home.vault, tmp_path / "keys" / "vault.pem", home)
    with pytest.raises(PrivacyError, match="X25519"):
        open_vault(home.vault, tmp_path / "keys" / "ids-1.json", home)


def test_sealing_again_writes_nothing_new(home: Home) -> None:
    assert _run(home, "ids", "seal") == _run(home, "ids", "seal")
    assert len(list(home.vault.glob("*.sealed"))) == 1


def test_rotation_begins_an_epoch_whose_ids_can_be_followed(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _run(home, "ids", "rotate", str(tmp_path / "keys" / "ids-2.json"), "--by", "ops", "--reason", "yearly")
    monkeypatch.setenv(SETTING, str(tmp_path / "keys" / "ids-2.json"))
    _run(home, "ids", "rotate", str(tmp_path / "keys" / "ids-3.json"), "--by", "ops", "--reason", "yearly")
    first, third = (read_id_key(tmp_path / "keys" / f"ids-{epoch}.json", home) for epoch in (1, 3))
    assert third.epoch == 3
    old = first.text("account", "acct_1")
    assert _why(home, "ids", "follow", old) == [{"published_id": old, "newest_id": third.text("account", "acct_1")}]
    assert _why(home, "reidentify", old)[0]["provider_id"] == "acct_1"
    assert [access.what for access in accesses(home.access_log)][:2] == [
        "rotate ids from epoch 1 to 2",
        "rotate ids from epoch 2 to 3",
    ]


def test_a_changed_log_takes_no_more_entries_and_nothing_is_told(home: Home) -> None:
    _run(home, "ids", "seal")
    _why(home, "reidentify", "a")
    _why(home, "reidentify", "b")
    assert access_faults(home.access_log) == []
    text = home.access_log.read_text(encoding="utf-8")
    home.access_log.write_text(text.replace('["a"]', '["c"]'), encoding="utf-8")
    with pytest.raises(PrivacyError, match="nothing was done: access 2 does not follow"):
        _why(home, "reidentify", "a")
    with pytest.raises(PrivacyError, match="does not hold"):
        _run(home, "ids", "accesses")


def test_nothing_is_told_without_a_reason(home: Home, tmp_path: Path) -> None:
    _run(home, "ids", "seal")
    vault_key = str(tmp_path / "keys" / "vault.pem")
    with pytest.raises(PrivacyError, match="nothing was done"):
        _run(home, "reidentify", "a", "--key", vault_key, "--reason", "  ")
    assert accesses(home.access_log) == []


def test_landed_ids_are_those_of_the_vaulted_kinds(home: Home, tmp_path: Path) -> None:
    key = read_id_key(tmp_path / "keys" / "ids-1.json", home)
    found = landed_ids(home.root / "landing")
    assert found == {("account", "acct_1"), ("account", "acct_2"), ("staff", "-5"), ("staff", "7")}
    assert published_form(key, "staff", "7") == str(key.number("staff", 7))
