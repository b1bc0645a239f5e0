"""The key under which ids are hashed at the edge, before they are written to a landing folder.

Belongs here: its file and the keyed ids themselves, as the reference of what `keyed.sql` computes. It is the provider's key of
the contract, and not the key under which an installation may hash ids once more (`orchestration.privacy.id_keys`).
"""

import hmac
import secrets
from pathlib import Path

from pydantic import SecretStr, ValidationError

from orchestration.adapters.errors import AdapterError
from orchestration.key_files import KEY_BYTES, SecretKey, refuse_unsafe_place, refuse_unsafe_reading, write_secret
from orchestration.settings import PROJECT_ROOT

TEXT_DIGITS = 32
_BLOCK = 64
"""Bytes of a SHA-256 block, to which HMAC pads its key (RFC 2104)."""


class EdgeKey(SecretKey):
    """The key of one provider's edge, 32 bytes as hex."""

    @property
    def key_id(self) -> str:
        """Twelve hex digits that tell which key was used without telling the key."""
        return self.text("key id", "edge")[:12]

    def text(self, kind: str, value: str) -> str:
        """Return the first 128 bits of HMAC-SHA-256 (RFC 2104) over the kind, a unit separator and the value, as hex."""
        return self._digest(kind, value).hex()[:TEXT_DIGITS]

    def number(self, kind: str, value: str) -> int:
        """Return the first 63 bits of the same digest."""
        return int.from_bytes(self._digest(kind, value)[:8], "big") >> 1

    def pads(self) -> dict[str, bytes]:
        """Return the inner and outer padded key of HMAC, secrets both."""
        padded = self.secret.ljust(_BLOCK, b"\0")
        return {"inner": bytes(b ^ 0x36 for b in padded), "outer": bytes(b ^ 0x5C for b in padded)}

    def _digest(self, kind: str, value: str) -> bytes:
        return hmac.digest(self.secret, f"{kind}\x1f{value}".encode(), "sha256")


def write_new_edge_key(path: Path) -> EdgeKey:
    """Write a new key; AdapterError when the file exists or lies in the repository."""
    refuse_unsafe_place(path, {PROJECT_ROOT: "the repository"}, AdapterError)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = EdgeKey(key=SecretStr(secrets.token_hex(KEY_BYTES)))
    write_secret(path, f'{{"key": "{key.key.get_secret_value()}"}}\n'.encode(), AdapterError)
    return key


def read_edge_key(path: Path, landing: Path) -> EdgeKey:
    """Return the key in a file; AdapterError when it is none, is open to others or lies where it would be handed on."""
    refuse_unsafe_place(path, {PROJECT_ROOT: "the repository", landing: "the landing folder"}, AdapterError)
    refuse_unsafe_reading(path, AdapterError)
    try:
        return EdgeKey.model_validate_json(path.read_bytes())
    except (ValidationError, ValueError):
        # no cause: the error of a wrong key would print the key
        raise AdapterError(
            f'{path} must be a key of the edge, {{"key": {2 * KEY_BYTES} hex digits}}; `stillwatch land-key {path}` writes one '
            "where no file is"
        ) from None
