"""What a partner is given: blinded under its own key, by agreement, signed for, and on record."""

import hashlib
import hmac
import json
from pathlib import Path

import pytest

from orchestration.packaging import custody, signing
from orchestration.packaging.building import Built
from orchestration.packaging.errors import PackageError
from orchestration.packaging.exchange import ExchangeKey, read_exchange_key, write_new_exchange_key
from orchestration.packaging.sharing import share
from orchestration.packaging.verifying import verify
from orchestration.settings import PROJECT_ROOT


@pytest.fixture
def signed(built: Built, tmp_path: Path) -> Path:
    signing.write_new_key(tmp_path / "signer.pem")
    signing.sign(built.folder, tmp_path / "signer.pem")
    return built.folder


def _key(folder: Path, partner: str = "harbor") -> ExchangeKey:
    return write_new_exchange_key(folder / f"{partner}.json", partner)


def _patterns(bundle: Path) -> list[str]:
    objects = json.loads(bundle.read_text(encoding="utf-8"))["objects"]
    return [o["pattern"] for o in objects if o["type"] == "indicator"]


def test_a_partner_with_the_key_finds_its_accounts_and_nobody_else(signed: Path, tmp_path: Path) -> None:
    key = _key(tmp_path)
    shared = share(signed, key, tmp_path / "out.json", "counsel", "referral 9")
    # as the partner would compute it, from the agreed key and its own customers
    secret = bytes.fromhex(json.loads((tmp_path / "harbor.json").read_text())["key"])
    message = b'["stillwatch exchange 1","identifier","account_id","acct_a"]'
    assert f"[user-account:user_id = '{hmac.new(secret, message, hashlib.sha256).hexdigest()}']" in _patterns(
        tmp_path / "out.json"
    )
    assert shared.indicator_count == len(_patterns(tmp_path / "out.json")) == 2
    assert "acct_" not in (tmp_path / "out.json").read_text(encoding="utf-8")


def test_equal_keys_give_equal_bytes_and_two_partners_nothing_to_compare(signed: Path, tmp_path: Path) -> None:
    key = _key(tmp_path)
    first = share(signed, key, tmp_path / "one.json", "counsel", "referral 9")
    again = share(signed, read_exchange_key(tmp_path / "harbor.json", "harbor"), tmp_path / "two.json", "counsel", "lost")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    assert first.sha256 == again.sha256
    other = ExchangeKey(partner="harbor", key=_key(tmp_path, "another").key)
    share(signed, other, tmp_path / "three.json", "counsel", "a new key")
    ids = [
        {o["id"] for o in json.loads((tmp_path / f"{name}.json").read_text())["objects"] if o["type"] == "indicator"}
        for name in ("one", "three")
    ]
    assert ids[0] & ids[1] == set()
    assert set(_patterns(tmp_path / "one.json")) & set(_patterns(tmp_path / "three.json")) == set()


def test_sharing_is_on_record_and_changes_nothing_that_is_sealed(signed: Path, tmp_path: Path) -> None:
    key = _key(tmp_path)
    shared = share(signed, key, tmp_path / "out.json", "counsel", "referral 9")
    last = custody.entries(signed)[-1]
    assert (last.who, last.why) == ("counsel", "referral 9")
    assert f"2 indicators blinded under exchange key {key.key_id}" in last.what
    assert hashlib.sha256((tmp_path / "out.json").read_bytes()).hexdigest() in last.what
    assert verify(signed).holds
    assert shared.key_id not in key.key.get_secret_value()


def test_a_draft_is_not_shared(built: Built, tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="unsigned draft; what is shared must be signed"):
        share(built.folder, _key(tmp_path), tmp_path / "out.json", "counsel", "referral 9")
    assert not (tmp_path / "out.json").exists()


def test_a_changed_package_is_not_shared(signed: Path, tmp_path: Path) -> None:
    (signed / "content" / "answers.yml").write_text("answers: {}\n", encoding="utf-8")
    with pytest.raises(PackageError, match="does not hold and nothing was shared"):
        share(signed, _key(tmp_path), tmp_path / "out.json", "counsel", "referral 9")


@pytest.mark.parametrize(
    ("partner", "says"),
    [
        ("nowhere", "no agreement in force on 2026-04-08; in force are: harbor, northcloud"),
        ("meridian", "no agreement in force"),
        ("northcloud", "takes ip_prefix_hash, and only account_id is ever shared"),
    ],
)
def test_without_an_agreement_nothing_is_shared(signed: Path, tmp_path: Path, partner: str, says: str) -> None:
    with pytest.raises(PackageError, match=says):
        share(signed, _key(tmp_path, partner), tmp_path / "out.json", "counsel", "referral 9")
    assert "shared with" not in custody.entries(signed)[-1].what


def test_a_file_that_exists_or_lies_in_the_package_is_refused(signed: Path, tmp_path: Path) -> None:
    key = _key(tmp_path)
    for out in (tmp_path / "harbor.json", signed / "out.json"):
        with pytest.raises(PackageError, match="exists or lies in the package"):
            share(signed, key, out, "counsel", "referral 9")


def test_keys_are_kept_apart_and_closed(tmp_path: Path) -> None:
    key = _key(tmp_path)
    path = tmp_path / "harbor.json"
    assert path.stat().st_mode & 0o077 == 0
    assert key.key.get_secret_value() not in repr(key)
    with pytest.raises(PackageError, match="never overwritten"):
        write_new_exchange_key(path, "harbor")
    with pytest.raises(PackageError, match="exchange with harbor, not with meridian"):
        read_exchange_key(path, "meridian")
    path.chmod(0o644)
    with pytest.raises(PackageError, match="may be read by others"):
        read_exchange_key(path, "harbor")
    with pytest.raises(PackageError, match="lies in the repository"):
        write_new_exchange_key(PROJECT_ROOT / "var" / "harbor.json", "harbor")


@pytest.mark.parametrize("text", ["", "{}", '{"partner": "harbor", "key": "5a5a"}', '{"partner": "harbor", "key": "not hex"}'])
def test_what_is_no_key_is_refused_without_showing_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "wrong.json").write_text(text, encoding="utf-8")
    with pytest.raises(PackageError, match="must be an exchange key") as refused:
        read_exchange_key(tmp_path / "wrong.json", "harbor")
    assert "5a5a" not in str(refused.value)
