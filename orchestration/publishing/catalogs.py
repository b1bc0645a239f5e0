"""The catalog that a release holds: `catalog.json`, which says what its tables are.

Belongs here: writing it into a release, and its entry in the manifest.
"""

import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from orchestration.dictionary.catalog import FILE
from orchestration.landing.files import sha256_of


class CatalogFile(BaseModel):
    """The catalog of a release: its SHA-256."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str

    @property
    def relative_path(self) -> str:
        """Path inside the release."""
        return FILE


def write_catalog(text: str, release: Path, before: Path | None) -> CatalogFile:
    """Write the catalog into a release; the file of the release before is linked where it is the same."""
    path, earlier = release / FILE, before / FILE if before else None
    if earlier and earlier.is_file() and earlier.read_bytes() == text.encode():
        os.link(earlier, path)
    else:
        path.write_text(text, encoding="utf-8", newline="\n")
    return CatalogFile(sha256=sha256_of(path))
