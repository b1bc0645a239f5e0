"""The key under which ids are re-keyed: its file and its epoch.

Belongs here: reading and writing the file; what the key makes of an id is the reference of what `macros/rekeyed.sql` computes.
The key lies outside the repository and the home, readable by its owner alone, and is held as a secret that prints as stars.
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError

from orchestration.key_files import KEY_BYTES, HashingKey, refuse_unsafe_place, refuse_unsafe_reading, write_secret
from orchestration.privacy.errors import PrivacyError
from orchestration.settings import PROJECT_ROOT, Home

SETTING = "STILLWATCH_ID_KEY_FILE"


class IdKey(HashingKey):
    """The key of one epoch of ids, 32 bytes as hex. Epochs count up from 1; ids of two epochs have nothing in common."""

    epoch: int = Field(ge=1)

    @property
    def key_id(self) -> str:
        """Twelve hex digits that tell which key was used without telling the key."""
        return self.digest("key id", f"epoch {self.epoch}").hex()[:12]


def forbidden_places(home: Home) -> dict[Path, str]:
    """Return where a key of ids or of the vault may not lie: the repository and the home."""
    return {PROJECT_ROOT: "the repository", home.root: "the home"}


def write_new_id_key(path: Path, home: Home, epoch: int = 1) -> IdKey:
    """Write a new key; PrivacyError when the file exists or its place is read by others."""
    refuse_unsafe_place(path, forbidden_places(home), PrivacyError)
    key = IdKey(epoch=epoch, key=SecretStr(secrets.token_hex(KEY_BYTES)))
    write_secret(path, f'{{"epoch": {epoch}, "key": "{key.key.get_secret_value()}"}}\n'.encode(), PrivacyError)
    return key


def read_id_key(path: Path, home: Home) -> IdKey:
    """Return the key in a file; PrivacyError when it is none, is open to others or lies where it must not."""
    refuse_unsafe_place(path, forbidden_places(home), PrivacyError)
    refuse_unsafe_reading(path, PrivacyError)
    try:
        return IdKey.model_validate_json(path.read_bytes())
    except (ValidationError, ValueError):
        # no cause: the error of a wrong key would print the key
        raise PrivacyError(
            f'{path} must be a key of ids, {{"epoch": N, "key": {2 * KEY_BYTES} hex digits}}; `stillwatch ids new-key {path}` '
            "writes one where no file is"
        ) from None


def configured_id_key(home: Home, environment: Mapping[str, str] = os.environ) -> IdKey | None:
    """Return the key that $STILLWATCH_ID_KEY_FILE names, None where it names none; PrivacyError as `read_id_key`."""
    named = environment.get(SETTING, "")
    return read_id_key(Path(named), home) if named else None


def require_id_key(home: Home) -> IdKey:
    """Return the configured key; PrivacyError when none is configured."""
    key = configured_id_key(home)
    if key is None:
        raise PrivacyError(f"a key of ids is needed and {SETTING} names none; `stillwatch ids new-key FILE` writes the first")
    return key
