"""The key under which ids are hashed at the edge, before they are written to a landing folder.

Belongs here: its file. What it makes of an id is the reference of what `keyed.sql` computes. It is the provider's key of
the contract, and not the key under which an installation may hash ids once more (`orchestration.privacy.id_keys`).
"""

import secrets
from pathlib import Path

from pydantic import SecretStr, ValidationError

from orchestration.adapters.errors import AdapterError
from orchestration.key_files import KEY_BYTES, HashingKey, refuse_unsafe_place, refuse_unsafe_reading, write_secret
from orchestration.settings import PROJECT_ROOT


class EdgeKey(HashingKey):
    """The key of one provider's edge, 32 bytes as hex."""

    @property
    def key_id(self) -> str:
        """Twelve hex digits that tell which key was used without telling the key."""
        return self.text("key id", "edge")[:12]


def write_new_edge_key(path: Path) -> EdgeKey:
    """Write a new key; AdapterError when the file exists or lies in the repository."""
    refuse_unsafe_place(path, {PROJECT_ROOT: "the repository"}, AdapterError)
    key = EdgeKey(key=SecretStr(secrets.token_hex(KEY_BYTES)))
    write_secret(path, f'{{"key": "{key.key.get_secret_value()}"}}\n'.encode(), AdapterError)
    return key


def read_edge_key(path: Path, handed_on: Path | None = None) -> EdgeKey:
    """Return the key in a file; AdapterError when it is none, is open to others or lies in the folder that is handed on."""
    places = {PROJECT_ROOT: "the repository"} | ({handed_on: "the folder that is handed on"} if handed_on else {})
    refuse_unsafe_place(path, places, AdapterError)
    refuse_unsafe_reading(path, AdapterError)
    try:
        return EdgeKey.model_validate_json(path.read_bytes())
    except (ValidationError, ValueError):
        # no cause: the error of a wrong key would print the key
        raise AdapterError(
            f'{path} must be a key of the edge, {{"key": {2 * KEY_BYTES} hex digits}}; `stillwatch land-key {path}` writes one '
            "where no file is"
        ) from None
