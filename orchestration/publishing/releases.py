"""The releases of a home: listing them, the current and the newest one, and moving `current` in one atomic step.

Belongs here: folder names and the link. A reader resolves the link once and is never blocked.
"""

import os
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from orchestration.durable import sync
from orchestration.landing.files import sha256_of
from orchestration.publishing.manifest import Manifest, read_manifest


class ReleaseError(ValueError):
    """A release that does not exist or cannot be read; the message says which do."""


class History(BaseModel):
    """What readers were shown, by the newest release: its as-of dates, and the arrival day of every file it stands on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of_dates: tuple[date, ...] = ()
    arrivals: dict[str, date] = {}


def release_folders(published: Path) -> list[Path]:
    """Return the folders of all releases, oldest as-of date first: their names begin with it."""
    if not published.is_dir():
        return []
    return sorted(
        path
        for path in published.iterdir()
        if not path.is_symlink() and not path.name.startswith(".") and (path / "manifest.json").is_file()
    )


def list_releases(published: Path) -> list[Manifest]:
    """Return the manifests of all releases, oldest as-of date first."""
    return [read_manifest(folder) for folder in release_folders(published)]


def newest_release(published: Path) -> Path | None:
    """Return the release of the last as-of date, wherever readers were rolled back to; None before the first.

    Of several of that date it is the current one, else the one that none of them supersedes.
    """
    folders = release_folders(published)
    newest = {folder.name: folder for folder in folders if folder.name[:10] == folders[-1].name[:10]}
    if len(newest) <= 1:
        return folders[-1] if folders else None
    current = current_or_none(published)
    if current and current.name in newest:
        return newest[current.name]
    manifests = [read_manifest(folder) for folder in newest.values()]
    superseded = {manifest.supersedes.release_id for manifest in manifests if manifest.supersedes}
    return newest[max(set(newest) - superseded or newest)]


def published_history(published: Path) -> History:
    """Return what the newest release says of the nights and files before; empty before the first release."""
    newest = newest_release(published)
    if newest is None:
        return History()
    manifest = read_manifest(newest)
    return History(
        as_of_dates=tuple(sorted({day for part in manifest.parts if (day := part.as_of_date)})),
        arrivals={file.path: file.arrived_on for file in manifest.inputs},
    )


def release_faults(release: Path) -> list[str]:
    """Return where a release's tables, facts and catalog are not as its manifest says, in words."""
    manifest = read_manifest(release)
    stated = {part.relative_path: part.sha256 for part in manifest.parts}
    stated |= {fact.relative_path: fact.sha256 for fact in manifest.facts}
    stated |= {manifest.catalog.relative_path: manifest.catalog.sha256} if manifest.catalog else {}
    faults = [f"{path} is missing" for path in ("marts.duckdb", "site/index.html") if not (release / path).is_file()]
    for path, sha256 in sorted(stated.items()):
        if not (release / path).is_file():
            faults.append(f"{path} is missing")
        elif sha256_of(release / path) != sha256:
            faults.append(f"{path} was changed: its SHA-256 is another than the manifest's")
    return faults


def current_release(published: Path) -> Path:
    """Return the folder `current` points to, resolved once; ReleaseError when nothing was published."""
    link = published / "current"
    if not link.is_symlink():
        raise ReleaseError(f"no release under {published}: run `stillwatch nightly` or `stillwatch backfill` first")
    if not link.exists():
        raise ReleaseError(
            f"current of {published} names {link.readlink()}, which is not there: `stillwatch releases` lists those kept, "
            "`stillwatch rollback RELEASE` moves readers to one"
        )
    return link.resolve(strict=True)


def current_or_none(published: Path) -> Path | None:
    """Return the current release's folder, or None before the first one."""
    return current_release(published) if (published / "current").is_symlink() else None


def roll_back_to(published: Path, release_id: str) -> None:
    """Move `current` to a release that holds; ReleaseError when it does not exist or its files are not what its manifest says."""
    if (published / release_id / "manifest.json").is_file() and (faults := release_faults(published / release_id)):
        raise ReleaseError(
            f"release {release_id} does not hold and readers stay where they are: {'; '.join(faults[:5])}. Choose another, or "
            "restore its folder from a copy"
        )
    point_current_at(published, release_id)


def point_current_at(published: Path, release_id: str) -> None:
    """Move `current` to a release by one atomic rename; ReleaseError names the releases there are."""
    if not (published / release_id / "manifest.json").is_file():
        known = ", ".join(m.release_id for m in list_releases(published)[-5:]) or "none"
        raise ReleaseError(f"release {release_id} does not exist under {published}; newest there: {known}")
    beside = published / f".current-{os.getpid()}"
    beside.unlink(missing_ok=True)
    beside.symlink_to(release_id)
    beside.replace(published / "current")
    sync(published)
