"""Files that hold a secret: where they may lie, who may read them, and that they are never overwritten.

Belongs here: places and modes, a secret key as a value that prints as stars, and what such a key makes of an id. What a key is
for is said beside each kind of key, and so is the error that is raised.
"""

import hmac
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, SecretStr, field_validator

KEY_BYTES = 32
TEXT_DIGITS = 32
"""Hex digits of a hashed text id."""
_BLOCK = 64
"""Bytes of a SHA-256 block, to which HMAC pads its key."""


class SecretKey(BaseModel):
    """A key of 32 bytes as hex; kinds of key add whose it is."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    key: SecretStr

    @field_validator("key")
    @classmethod
    def _has_its_length(cls, key: SecretStr) -> SecretStr:
        if len(bytes.fromhex(key.get_secret_value())) != KEY_BYTES:
            raise ValueError(f"the key must be {KEY_BYTES} bytes as {2 * KEY_BYTES} hex digits")
        return key

    @property
    def secret(self) -> bytes:
        """The key itself."""
        return bytes.fromhex(self.key.get_secret_value())


class HashingKey(SecretKey):
    """A key that ids are hashed under: HMAC-SHA-256 (RFC 2104) over the kind of id, a unit separator and the value."""

    def text(self, kind: str, value: str) -> str:
        """Return the first 128 bits of the digest as hex."""
        return self.digest(kind, value).hex()[:TEXT_DIGITS]

    def number(self, kind: str, value: str | int) -> int:
        """Return the first 63 bits of the digest; a number counts as its decimal text."""
        return int.from_bytes(self.digest(kind, str(value))[:8], "big") >> 1

    def pads(self) -> dict[str, bytes]:
        """Return the inner and outer padded key, secrets both, for a database that computes the same."""
        padded = self.secret.ljust(_BLOCK, b"\0")
        return {"inner": bytes(b ^ 0x36 for b in padded), "outer": bytes(b ^ 0x5C for b in padded)}

    def digest(self, kind: str, value: str) -> bytes:
        """Return the whole digest."""
        return hmac.digest(self.secret, f"{kind}\x1f{value}".encode(), "sha256")


def refuse_unsafe_place(path: Path, places: Mapping[Path, str], error: type[Exception]) -> None:
    """Raise `error` when a secret would lie in one of `places` (each with its name), which are backed up and read."""
    for place, name in places.items():
        if path.resolve().is_relative_to(place.resolve()):
            raise error(f"{path} lies in {name}; a key is kept outside it, such as in ~/.stillwatch/")


def refuse_unsafe_reading(path: Path, error: type[Exception]) -> None:
    """Raise `error` when a secret's file is missing or others than its owner may read it."""
    if not path.is_file():
        raise error(f"{path} must be a key file and does not exist; name the right one, or restore it from its safe copy")
    if path.stat().st_mode & 0o077:
        raise error(f"{path} may be read by others than its owner; `chmod 600 {path}` first, and replace the key if it was")


def write_secret(path: Path, content: bytes, error: type[Exception]) -> None:
    """Write a secret to a new file that its owner alone may read, in a folder made for it; raise `error` when it exists."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError as found:
        raise error(f"{path} exists; a key is never overwritten, name another file") from found
    path.write_bytes(content)
