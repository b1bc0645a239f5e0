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

from pydantic import Field, SecretStr, ValidationError

from orchestration.key_files import KEY_BYTES, SecretKey, refuse_unsafe_place, refuse_unsafe_reading, write_secret
from orchestration.packaging.errors import PackageError
from orchestration.settings import PROJECT_ROOT

_FORBIDDEN = {PROJECT_ROOT: "the repository"}
SHARED_IDENTIFIER: Literal["account_id"] = "account_id"
"""The one kind of identifier that is shared at all, by the name partners' agreements give it."""


class ExchangeKey(SecretKey):
    """A partner's name and the key agreed with it, 32 bytes as hex."""

    partner: str = Field(min_length=1)

    @property
    def key_id(self) -> str:
        """Twelve hex digits by which both sides can tell which key was used, without telling the key."""
        return self._mac("key id")[:12]

    def blind(self, kind: str, value: str) -> str:
        """Return HMAC-SHA-256 (RFC 2104) of an identifier and its kind, as hex."""
        return self._mac("identifier", kind, value)

    def _mac(self, *parts: str) -> str:
        message = json.dumps(["stillwatch exchange 1", *parts], ensure_ascii=False, separators=(",", ":")).encode()
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()


def write_new_exchange_key(path: Path, partner: str) -> ExchangeKey:
    """Write a new key for a partner, readable by its owner alone; PackageError when the file exists or lies in the repository."""
    refuse_unsafe_place(path, _FORBIDDEN, PackageError)
    key = ExchangeKey(partner=partner, key=SecretStr(secrets.token_hex(KEY_BYTES)))
    content = json.dumps({"partner": partner, "key": key.key.get_secret_value()}) + "\n"
    write_secret(path, content.encode(), PackageError)
    return key


def read_exchange_key(path: Path, partner: str) -> ExchangeKey:
    """Return the key agreed with a partner; PackageError when the file is none, another partner's, or open to others."""
    refuse_unsafe_place(path, _FORBIDDEN, PackageError)
    try:
        key = ExchangeKey.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        # the error of a wrong key would print the key
        raise PackageError(
            f'{path} must be an exchange key, {{"partner": ..., "key": {2 * KEY_BYTES} hex digits}}; '
            "`stillwatch new-exchange-key FILE --partner NAME` makes one"
        ) from (error if isinstance(error, OSError) else None)
    refuse_unsafe_reading(path, PackageError)
    if key.partner != partner:
        raise PackageError(f"{path} is the key of the exchange with {key.partner}, not with {partner}; each partner has its own")
    return key
