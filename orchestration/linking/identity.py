"""Actor ids that last from one as-of date to the next, and the events where they do not."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import NamedTuple

import polars as pl

from orchestration.linking.frames import conform, empty_frame, require_unique
from orchestration.linking.groups import GROUPS_SCHEMA

PREVIOUS_MEMBERS_SCHEMA = {
    "account_key": pl.Int64,
    "account_id": pl.String,
    "actor_id": pl.String,
    "joined_on": pl.Date,
}
MEMBERS_SCHEMA = {
    "as_of_date": pl.Date,
    "account_key": pl.Int64,
    "account_id": pl.String,
    "actor_id": pl.String,
    "joined_on": pl.Date,
    "membership_strength": pl.Float64,
    "link_kind_count": pl.Int32,
    "basis": pl.String,
}
EVENTS_SCHEMA = {"as_of_date": pl.Date, "actor_id": pl.String, "event": pl.String, "other_actor_id": pl.String}


class ActorsOfDate(NamedTuple):
    """The members (`MEMBERS_SCHEMA`) and events (`EVENTS_SCHEMA`) of one as-of date."""

    members: pl.DataFrame
    events: pl.DataFrame


def new_actor_id(birth_date: date, smallest_account_id: str) -> str:
    """Return the contract's id of an actor born on `birth_date`: 'actor_' and 16 hexadecimal digits."""
    return "actor_" + sha256(f"{birth_date.isoformat()}|{smallest_account_id}".encode()).hexdigest()[:16]


def assign_actor_ids(groups: pl.DataFrame, previous_members: pl.DataFrame, as_of_date: date) -> ActorsOfDate:
    """Return members and events of `as_of_date` for the groups of `find_actors` and the members of the last as-of date.

    An earlier actor looks for its id in the group that holds most of its members, a group takes the one id that brings most
    members; ties go to the smallest account_id of the group and to the smallest actor_id. A group that takes none is born.

    Events: `born` once per new id; `split` (earlier actor, other = the new actor that took members of it); `merged` (the id
    that ended, other = the id its members' largest group carries); `retired` (no member is in any group).

    A member may be acted on (basis `act`) when two or more kinds link it, one of them not behavioural; otherwise `hold`.

    Raises ValueError for an account with two groups or two earlier actors, or an earlier member that joined on or after
    `as_of_date`.
    """
    new = conform(groups, GROUPS_SCHEMA, "groups", required=GROUPS_SCHEMA)
    old = conform(previous_members, PREVIOUS_MEMBERS_SCHEMA, "previous_members", ["account_id", "actor_id", "joined_on"])
    require_unique(new, ["account_id"], "groups")
    require_unique(old, ["account_id"], "previous_members")
    latest = old.filter(pl.col("joined_on") >= as_of_date)
    if latest.height:
        raise ValueError(
            f"previous_members must come from a date before {as_of_date}; {latest.height} joined on it or later, for example "
            f"{latest.sort('account_id').row(0, named=True)}. Pass the members of the last earlier as-of date."
        )
    smallest = {int(group): str(name) for group, name in new.group_by("group").agg(pl.col("account_id").min()).iter_rows()}
    shared = _shared_members(old, new)
    home = _home_groups(shared, smallest)
    kept = _kept_ids(shared, home)
    ids = {group: kept.get(group) or new_actor_id(as_of_date, name) for group, name in smallest.items()}
    return ActorsOfDate(_members(new, old, ids, as_of_date), _events(old, shared, home, kept, ids, as_of_date))


def _shared_members(old: pl.DataFrame, new: pl.DataFrame) -> dict[tuple[str, int], int]:
    """Return how many members of an earlier actor are in a group, for the pairs that share any."""
    counts = old.join(new.select("account_id", "group"), on="account_id").group_by("actor_id", "group").len()
    return {(str(actor), int(group)): int(count) for actor, group, count in counts.iter_rows()}


def _home_groups(shared: Mapping[tuple[str, int], int], smallest: Mapping[int, str]) -> dict[str, int]:
    """Return, for each earlier actor with any member left, the group that holds most of them."""
    best: dict[str, tuple[int, str, int]] = {}
    for (actor, group), count in shared.items():
        best[actor] = min(best.get(actor, (0, "", -1)), (-count, smallest[group], group))
    return {actor: group for actor, (_, _, group) in best.items()}


def _kept_ids(shared: Mapping[tuple[str, int], int], home: Mapping[str, int]) -> dict[int, str]:
    """Return the earlier id that a group takes, for the groups that take one."""
    best: dict[int, tuple[int, str]] = {}
    for actor, group in home.items():
        best[group] = min(best.get(group, (0, "")), (-shared[actor, group], actor))
    return {group: actor for group, (_, actor) in best.items()}


def _members(new: pl.DataFrame, old: pl.DataFrame, ids: Mapping[int, str], as_of_date: date) -> pl.DataFrame:
    if new.is_empty():
        return empty_frame(MEMBERS_SCHEMA)
    names = pl.DataFrame({"group": list(ids), "actor_id": list(ids.values())}, schema={"group": pl.Int64, "actor_id": pl.String})
    may_act = (pl.col("link_kind_count") >= 2) & (pl.col("nonbehavioural_kind_count") >= 1)
    return (
        new.join(names, on="group")
        .join(old.select("account_id", "actor_id", "joined_on"), on=["account_id", "actor_id"], how="left")
        .with_columns(
            pl.lit(as_of_date).alias("as_of_date"),
            pl.col("joined_on").fill_null(as_of_date),
            pl.when(may_act).then(pl.lit("act")).otherwise(pl.lit("hold")).alias("basis"),
        )
        .sort("actor_id", "account_id")
        .select(pl.col(column).cast(dtype) for column, dtype in MEMBERS_SCHEMA.items())
    )


def _events(
    old: pl.DataFrame,
    shared: Mapping[tuple[str, int], int],
    home: Mapping[str, int],
    kept: Mapping[int, str],
    ids: Mapping[int, str],
    as_of_date: date,
) -> pl.DataFrame:
    rows: list[tuple[str, str, str | None]] = [(ids[group], "born", None) for group in ids if group not in kept]
    rows += [(actor, "split", ids[group]) for actor, group in shared if group not in kept]
    rows += [(actor, "merged", ids[group]) for actor, group in home.items() if ids[group] != actor]
    rows += [(actor, "retired", None) for actor in old.get_column("actor_id").unique().to_list() if actor not in home]
    if not rows:
        return empty_frame(EVENTS_SCHEMA)
    return pl.DataFrame([(as_of_date, *row) for row in rows], schema=EVENTS_SCHEMA, orient="row").sort(
        "actor_id", "event", "other_actor_id", nulls_last=False
    )
