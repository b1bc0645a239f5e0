"""Pruning releases that nothing needs any more.

Belongs here: choosing and removing. A release is written down before it goes, taken out of sight in one rename, and then deleted;
what a run that died left of it is removed by the next.
"""

import json
import shutil
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict

from orchestration.durable import append_durably, sync
from orchestration.exporting.export import remove_exports
from orchestration.night.lock import home_lock
from orchestration.publishing.manifest import read_manifest
from orchestration.publishing.release import remove_unfinished
from orchestration.publishing.releases import release_folders
from orchestration.retention.forgetting import read_forgotten, releases_holding
from orchestration.retention.references import EVERY_RELEASE, references
from orchestration.settings import Home


class Fate(BaseModel):
    """One release: whether it is pruned, and why it is or is not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    release_id: str
    is_pruned: bool
    why: str


def choose_prunable(home: Home, keep: int) -> list[Fate]:
    """Return the fate of every release, oldest first.

    The newest `keep` stay; of the others, and of those that hold an account whose deletion was asked for, whatever nothing
    refers to goes.
    """
    needed = references(home)
    folders = release_folders(home.published)
    recent = {folder.name for folder in folders[-keep:]} if keep else set[str]()
    holders = releases_holding(home.published, read_forgotten(home.forgotten))
    fates: list[Fate] = []
    for folder in folders:
        reasons = needed.get(folder.name, []) + needed.get(EVERY_RELEASE, [])
        holds = folder.name in holders
        if folder.name in recent and not holds:
            reasons.append(f"one of the newest {keep}")
        why = "; ".join(reasons) or ("it holds an account to be deleted" if holds else "nothing refers to it")
        fates.append(Fate(release_id=folder.name, is_pruned=not reasons, why=why))
    return fates


def prune(home: Home, keep: int, who: str, *, only_say: bool) -> list[Fate]:
    """Remove the releases that nothing refers to and return the fate of all; with `only_say` nothing is removed.

    HomeLockedError when a run has the home: a run may be linking files of the release before.
    """
    with home_lock(home):
        fates = choose_prunable(home, keep)
        for fate in fates:
            if fate.is_pruned and not only_say:
                _remove(home, fate, who)
    return fates


def _remove(home: Home, fate: Fate, who: str) -> None:
    folder = home.published / fate.release_id
    manifest = read_manifest(folder)
    entry = {
        "release_id": fate.release_id,
        "content_hash": manifest.content_hash,
        "pruned_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": who,
        "why": fate.why,
    }
    append_durably(home.pruned, f"{json.dumps(entry, ensure_ascii=False)}\n".encode())
    remove_exports(home, fate.release_id)
    beside = folder.rename(home.published / f".pruned-{fate.release_id}")
    sync(home.published)
    shutil.rmtree(beside)
    remove_unfinished(home.published)
