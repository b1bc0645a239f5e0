"""Building the working warehouse again from the landing folder, to the same releases.

Belongs here: what must hold before, and the stretches of nights in their order. A published release knows which nights were run
and when each file counted as arrived, so nothing of the old warehouse is needed.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from orchestration.landing.files import sha256_of
from orchestration.night.lock import home_lock
from orchestration.publishing.manifest import InputFile, read_manifest
from orchestration.publishing.release import Published
from orchestration.publishing.releases import newest_release, published_history
from orchestration.settings import Home

Stretch = tuple[date, date]
RunNights = Callable[[date, date], Published]


class RecoveryError(ValueError):
    """A home that cannot be recovered as it is; the message says what is missing."""


class Recovered(BaseModel):
    """What a recovery came to: the release before, the one after, and whether they hold the same content."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    release_before: str
    release_id: str
    is_same_content: bool
    night_count: int


def recover(home: Home, landing: Path, run_nights: RunNights, *, accept_changed_files: bool = False) -> Recovered:
    """Delete the working warehouse and compute every published night again, stretch by stretch of nights without a gap.

    `run_nights` runs the nights of one stretch alone. Raises RecoveryError before anything is touched when nothing was
    published, or when a landing file the newest release stands on is missing or changed, unless that is accepted: the result
    is then another release, which says what it supersedes.
    """
    with home_lock(home):
        newest = newest_release(home.published)
        if newest is None:
            raise RecoveryError(
                f"no release under {home.published} says which nights there were: delete {home.warehouse} and run "
                "`stillwatch backfill --from FIRST --to LAST`"
            )
        changed = changed_files(landing, read_manifest(newest).inputs)
        if changed and not accept_changed_files:
            raise RecoveryError(
                f"{len(changed)} of the landing files that {newest.name} stands on are not as they were: "
                f"{', '.join(changed[:5])}. Put them back under {landing}, or give --accept-changed-files: "
                "numbers may then differ, and the release made says so"
            )
        nights = published_history(home.published).as_of_dates
        for path in (home.warehouse, home.warehouse.with_name(f"{home.warehouse.name}.wal")):
            path.unlink(missing_ok=True)
        published = [run_nights(first, last) for first, last in stretches(nights)]
    return Recovered(
        release_before=newest.name,
        release_id=published[-1].release_id,
        is_same_content=published[-1].release_id == newest.name,
        night_count=len(nights),
    )


def stretches(nights: Iterable[date]) -> Sequence[Stretch]:
    """Return the first and last night of every run of nights without a gap, in order: a night that was missed stays missed."""
    found: list[Stretch] = []
    for night in sorted(nights):
        if found and night - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], night)
        else:
            found.append((night, night))
    return found


def changed_files(landing: Path, inputs: Iterable[InputFile]) -> list[str]:
    """Return the files, relative to the landing folder, that are missing or whose SHA-256 is another than the manifest's."""
    return [file.path for file in inputs if not (landing / file.path).is_file() or sha256_of(landing / file.path) != file.sha256]
