"""The releases of a home: listing them, the current one, and moving `current` in one atomic step.

Belongs here: folder names and the link. A reader resolves the link once and is never blocked.
"""

import os
from pathlib import Path

from orchestration.publishing.manifest import Manifest, read_manifest


class ReleaseError(ValueError):
    """A release that does not exist or cannot be read; the message says which do."""


def list_releases(published: Path) -> list[Manifest]:
    """Return the manifests of all releases, oldest as-of date first."""
    if not published.is_dir():
        return []
    folders = [p for p in published.iterdir() if p.is_dir() and not p.is_symlink() and not p.name.startswith(".")]
    return sorted((read_manifest(folder) for folder in folders), key=lambda m: (m.as_of_date, m.release_id))


def current_release(published: Path) -> Path:
    """Return the folder `current` points to, resolved once; ReleaseError when nothing was published."""
    link = published / "current"
    if not link.is_symlink():
        raise ReleaseError(f"no release under {published}: run `stillwatch nightly` or `stillwatch backfill` first")
    return link.resolve(strict=True)


def current_or_none(published: Path) -> Path | None:
    """Return the current release's folder, or None before the first one."""
    return current_release(published) if (published / "current").is_symlink() else None


def point_current_at(published: Path, release_id: str) -> None:
    """Move `current` to a release by one atomic rename; ReleaseError names the releases there are."""
    if not (published / release_id / "manifest.json").is_file():
        known = ", ".join(m.release_id for m in list_releases(published)[-5:]) or "none"
        raise ReleaseError(f"release {release_id} does not exist under {published}; newest there: {known}")
    beside = published / f".current-{os.getpid()}"
    beside.unlink(missing_ok=True)
    beside.symlink_to(release_id)
    beside.replace(published / "current")
