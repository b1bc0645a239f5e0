"""Files that are made from other files of the repository and committed beside them.

Belongs here: writing them, or saying which differ. What they hold is the business of the modules that make them.
"""

from collections.abc import Mapping
from pathlib import Path


def write_or_check(files: Mapping[Path, str], made_from: str, *, check: bool) -> int:
    """Write the files whose text differs; with `check` name them instead and return 1 where there is any."""
    stale = [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if check:
        for path in stale:
            print(f"{path} differs from {made_from}; run `make docs`")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[path], encoding="utf-8")
    return 0
