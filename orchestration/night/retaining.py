"""Dropping from a home's working warehouse what its classes no longer allow: the retention job, whoever drives it."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from orchestration.night.lock import home_lock
from orchestration.privacy.retention import drop_expired, usage_relations
from orchestration.settings import Home
from orchestration.spark import night as on_spark
from orchestration.warehouse import state, transform
from orchestration.warehouse.opening import warehouse


class Retained(BaseModel):
    """What a retention run dropped: rows by relation, as of the last finished night; no date where there was none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: date | None
    dropped: dict[str, int]


def retain(home: Home, *, dry_run: bool = False) -> Retained:
    """Drop what has expired by the last finished night, or with `dry_run` only count it; HomeLockedError during a run."""
    with home_lock(home):
        relations = usage_relations(transform.project_of_a_night(home))
        with warehouse(home) as connection:
            as_of = state.last_finished_before(connection)
            # on Spark the rows seen here are a mirror of those to be deleted
            only_count = dry_run or home.is_on_spark
            dropped = drop_expired(connection, relations, as_of, dry_run=only_count) if as_of else {}
        if home.is_on_spark and as_of and not dry_run:
            on_spark.drop_expired(home, relations, as_of)
    return Retained(as_of=as_of, dropped=dropped)
