"""The key of one exchange: what a partner and we agreed on, so that identifiers can be matched and read by nobody else.

Belongs here: the key's file and the blinding. A key is secret, belongs to one partner, and never lies in the repository or in a
package. Identifiers are few enough to be guessed, so a plain hash would hide nothing; a key of one exchange alone keeps two
partners from comparing what each was given.
"""

import hashlib
import hmac
import json
import secrets
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from orchestration.packaging.errors import PackageError
from orchestration.settings import PROJECT_ROOT

KEY_BYTES = 32
SHARED_IDENTIFIER: Literal["account_id"] = "account_id"
"""The one kind of identifier that is shared at all, by the name partners' agreements give it."""


class ExchangeKey(BaseModel):
    """A partner's name and the key agreed with it, 32 bytes as hex."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    partner: str = Field(min_length=1)
    key: SecretStr

    @field_validator("key")
    @classmethod
    def _has_its_length(cls, key: SecretStr) -> SecretStr:
        if len(bytes.fromhex(key.get_secret_value())) != KEY_BYTES:
            raise ValueError(f"the key must be {KEY_BYTES} bytes as {2 * KEY_BYTES} hex digits")
        return key

    @property
    def key_id(self) -> str:
        """Twelve hex digits by which both sides can tell which key was used, without telling the key."""
        return self._mac("key id")[:12]

    def blind(self, kind: str, value: str) -> str:
        """Return HMAC-SHA-256 (RFC 2104) of an identifier and its kind, as hex."""
        return self._mac("identifier", kind, value)

    def _mac(self, *parts: str) -> str:
        message = json.dumps(["stillwatch exchange 1", *parts], ensure_ascii=False, separators=(",", ":")).encode()
        return hmac.new(bytes.fromhex(self.key.get_secret_value()), message, hashlib.sha256).hexdigest()


def write_new_exchange_key(path: Path, partner: str) -> ExchangeKey:
    """Write a new key for a partner, readable by its owner alone; PackageError when the file exists or lies in the repository."""
    _refuse_inside(path)
    key = ExchangeKey(partner=partner, key=SecretStr(secrets.token_hex(KEY_BYTES)))
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError as error:
        raise PackageError(f"{path} exists; a key is never overwritten, name another file") from error
    path.write_text(json.dumps({"partner": partner, "key": key.key.get_secret_value()}) + "\n", encoding="utf-8")
    return key


def read_exchange_key(path: Path, partner: str) -> ExchangeKey:
    """Return the key agreed with a partner; PackageError when the file is none, another partner's, or open to others."""
    _refuse_inside(path)
    try:
        key = ExchangeKey.model_validate_json(path.read_text(encoding="utf-8"))
        is_open = bool(path.stat().st_mode & 0o077)
    except (OSError, ValidationError) as error:
        # the error of a wrong key would print the key
        raise PackageError(
            f'{path} must be an exchange key, {{"partner": ..., "key": {2 * KEY_BYTES} hex digits}}; '
            "`stillwatch new-exchange-key FILE --partner NAME` makes one"
        ) from (error if isinstance(error, OSError) else None)
    if is_open:
        raise PackageError(
            f"{path} may be read by others than its owner; `chmod 600 {path}` first, and agree on a new key if it was"
        )
    if key.partner != partner:
        raise PackageError(f"{path} is the key of the exchange with {key.partner}, not with {partner}; each partner has its own")
    return key


def _refuse_inside(path: Path) -> None:
    if path.resolve().is_relative_to(PROJECT_ROOT):
        raise PackageError(f"{path} lies in the repository; an exchange key is kept outside it, such as in ~/.stillwatch/")
