"""Files that hold a secret: where they may lie, who may read them, and that they are never overwritten.

Belongs here: places and modes. What a key is for is said beside each kind of key.
"""

from pathlib import Path

from orchestration.privacy.errors import PrivacyError
from orchestration.settings import PROJECT_ROOT, Home


def refuse_unsafe_place(path: Path, home: Home) -> None:
    """Raise PrivacyError when a secret would lie in the repository or in the home, whose folders are backed up and read."""
    for place, name in ((PROJECT_ROOT, "the repository"), (home.root, "the home")):
        if path.resolve().is_relative_to(place.resolve()):
            raise PrivacyError(f"{path} lies in {name}; a key is kept outside it, such as in ~/.stillwatch/")


def refuse_unsafe_reading(path: Path) -> None:
    """Raise PrivacyError when a secret's file is missing or others than its owner may read it."""
    if not path.is_file():
        raise PrivacyError(f"{path} must be a key file and does not exist; name the right one, or restore it from its safe copy")
    if path.stat().st_mode & 0o077:
        raise PrivacyError(f"{path} may be read by others than its owner; `chmod 600 {path}` first, and rotate the key if it was")


def write_secret(path: Path, content: bytes) -> None:
    """Write a secret to a new file that its owner alone may read; PrivacyError when the file exists."""
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError as error:
        raise PrivacyError(f"{path} exists; a key is never overwritten, name another file") from error
    path.write_bytes(content)
