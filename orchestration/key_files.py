"""Files that hold a secret: where they may lie, who may read them, and that they are never overwritten.

Belongs here: places and modes, and a secret key as a value that prints as stars. What a key is for is said beside each kind of
key, and so is the error that is raised.
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, SecretStr, field_validator

KEY_BYTES = 32


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
    """Write a secret to a new file that its owner alone may read; raise `error` when the file exists."""
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError as found:
        raise error(f"{path} exists; a key is never overwritten, name another file") from found
    path.write_bytes(content)
