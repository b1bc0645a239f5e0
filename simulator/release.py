"""What the provider's reviewers see of a published release: the newest review queue and who belongs to which actor.

Belongs here: reading the tables `review_queue` and `actor_members` of a release folder, and nothing that it does not
publish.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

_DATES = ("as_of_date", "as_of_on", "as_of")


@dataclass(frozen=True)
class Lead:
    """A lead of the queue and the accounts it is about (account ids in order)."""

    lead_id: str
    subject_type: str
    subject_id: str
    accounts: tuple[str, ...]


@dataclass(frozen=True)
class ReleaseView:
    """The newest queue of a release: its id, as-of date and leads in order of their ids."""

    release_id: str
    as_of: date
    leads: tuple[Lead, ...]


def read_release(folder: Path) -> ReleaseView:
    """Read the queue of the release in `folder`; a symbolic link is resolved once.

    Raises ValueError when the folder holds no manifest with a release_id, or no review queue.
    """
    resolved = folder.resolve()
    manifest = resolved / "manifest.json"
    if not manifest.is_file():
        raise ValueError(f"react_to must be the folder of a published release with manifest.json, given {folder}")
    release_id = json.loads(manifest.read_text(encoding="utf-8")).get("release_id")
    if not isinstance(release_id, str):
        raise ValueError(f"{manifest} must name its release_id as text, given {release_id!r}")
    queue = _read(resolved, "review_queue", ("lead_id", "subject_type", "subject_id"))
    if queue is None:
        raise ValueError(f"{resolved}/parquet/review_queue must hold Parquet files: publish a release with a queue first")
    as_of, queue = _newest(queue, resolved)
    members = _read(resolved, "actor_members", ("actor_id", "account_id"))
    belonging: dict[str, list[str]] = {}
    if members is not None and members.height:
        dated = next((name for name in _DATES if name in members.columns), None)
        now = members if dated is None else members.filter(pl.col(dated).cast(pl.Date) == as_of)
        for actor, account in now.select("actor_id", "account_id").unique().sort("actor_id", "account_id").iter_rows():
            belonging.setdefault(actor, []).append(account)
    leads = [
        Lead(lead, kind, subject, (subject,) if kind == "account" else tuple(belonging.get(subject, ())))
        for lead, kind, subject in queue.select("lead_id", "subject_type", "subject_id").unique().sort("lead_id").iter_rows()
        if subject is not None
    ]
    return ReleaseView(release_id, as_of, tuple(leads))


def _read(folder: Path, table: str, needed: tuple[str, ...]) -> pl.DataFrame | None:
    files = sorted((folder / "parquet" / table).glob("*.parquet"))
    if not files:
        return None
    frame = pl.concat([pl.read_parquet(path, hive_partitioning=False) for path in files], how="diagonal_relaxed")
    missing = sorted(set(needed) - set(frame.columns))
    if missing:
        raise ValueError(f"{table} of {folder} must have the columns {list(needed)}, missing {missing}")
    return frame


def _newest(queue: pl.DataFrame, folder: Path) -> tuple[date, pl.DataFrame]:
    dated = next((name for name in _DATES if name in queue.columns), None)
    if dated is None:
        raise ValueError(f"review_queue of {folder} must have an as-of column, one of {list(_DATES)}; given {queue.columns}")
    days = queue.get_column(dated).cast(pl.Date)
    newest = days.max()
    if not isinstance(newest, date):
        # An empty queue is a fact; the name of a release begins with its as-of date.
        return date.min, queue
    return newest, queue.filter(days == newest)
