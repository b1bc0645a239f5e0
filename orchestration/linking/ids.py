"""Actor ids that last: who keeps an id from one as-of date to the next, and what happened to those that end.

Belongs here: matching today's groups with yesterday's members. Rule (contract, "Ids"): the majority of yesterday's members
keeps the id, ties by text.
"""

import hashlib
from datetime import date

import polars as pl

MEMBER_SCHEMA = {
    "as_of_date": pl.Date,
    "account_key": pl.Int64,
    "account_id": pl.String,
    "actor_id": pl.String,
    "joined_on": pl.Date,
    "membership_strength": pl.Float64,
    "link_kind_count": pl.Int64,
    "nonbehavioural_kind_count": pl.Int64,
    "basis": pl.String,
}
EVENT_SCHEMA = {"as_of_date": pl.Date, "actor_id": pl.String, "event": pl.String, "other_actor_id": pl.String}


def new_actor_id(birth_date: date, smallest_member: str) -> str:
    """Return `actor_` and 16 hex digits of SHA-256 over birth date and smallest member id."""
    return "actor_" + hashlib.sha256(f"{birth_date}|{smallest_member}".encode()).hexdigest()[:16]


def assign_actor_ids(groups: pl.DataFrame, previous: pl.DataFrame, as_of_date: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return (members, events) of one as-of date, in `MEMBER_SCHEMA` and `EVENT_SCHEMA`.

    `groups` is `find_actors`' result; `previous` has account_id, actor_id and joined_on of the last date.
    """
    overlap = _overlap(groups, previous)
    kept = _keepers(overlap)
    smallest = dict(groups.group_by("group").agg(pl.col("account_id").min()).iter_rows())
    actor_of = {group: kept.get(group) or new_actor_id(as_of_date, smallest[group]) for group in sorted(smallest)}
    ids = pl.DataFrame(
        {"group": list(actor_of), "actor_id": list(actor_of.values())},
        schema={"group": pl.Int64, "actor_id": pl.String},
    )
    before = previous.select("account_id", pl.col("actor_id").alias("was"), pl.col("joined_on").alias("was_joined_on"))
    enough = (pl.col("link_kind_count") >= 2) & (pl.col("nonbehavioural_kind_count") >= 1)
    members = (
        groups.join(ids, on="group")
        .join(before, on="account_id", how="left")
        .with_columns(
            pl.lit(as_of_date).alias("as_of_date"),
            pl.when(pl.col("was") == pl.col("actor_id"))
            .then(pl.col("was_joined_on"))
            .otherwise(pl.lit(as_of_date))
            .alias("joined_on"),
            pl.when(enough).then(pl.lit("act")).otherwise(pl.lit("hold")).alias("basis"),
        )
        .select(*MEMBER_SCHEMA)
        .sort("actor_id", "account_id")
    )
    return members.cast(MEMBER_SCHEMA), _events(actor_of, kept, overlap, previous, as_of_date)  # pyright: ignore[reportArgumentType]


Overlap = dict[tuple[str, int], int]


def _overlap(groups: pl.DataFrame, previous: pl.DataFrame) -> Overlap:
    counted = previous.select("account_id", "actor_id").join(groups.select("account_id", "group"), on="account_id")
    rows = counted.group_by("actor_id", "group").len("accounts").iter_rows()
    return {(actor_id, group): accounts for actor_id, group, accounts in rows}


def _keepers(overlap: Overlap) -> dict[int, str]:
    """Return the id each group keeps: the group with most of an actor's members, and of several actors the largest share."""
    best_group: dict[str, int] = {}
    for (actor_id, group), accounts in sorted(overlap.items()):
        if actor_id not in best_group or accounts > overlap[(actor_id, best_group[actor_id])]:
            best_group[actor_id] = group
    kept: dict[int, str] = {}
    for actor_id, group in sorted(best_group.items()):
        if group not in kept or overlap[(actor_id, group)] > overlap[(kept[group], group)]:
            kept[group] = actor_id
    return kept


def _events(
    actor_of: dict[int, str], kept: dict[int, str], overlap: Overlap, previous: pl.DataFrame, as_of_date: date
) -> pl.DataFrame:
    rows: set[tuple[str, str, str]] = set()
    living = set(actor_of.values())
    sources: dict[int, set[str]] = {}
    heirs: dict[str, set[str]] = {}
    for actor_id, group in overlap:
        sources.setdefault(group, set()).add(actor_id)
        heirs.setdefault(actor_id, set()).add(actor_of[group])
    for group, actor_id in actor_of.items():
        came_from = sources.get(group, set())
        if group not in kept:
            rows |= {(actor_id, "split", source) for source in came_from} or {(actor_id, "born", "")}
    for actor_id in previous["actor_id"].unique():
        if actor_id in living:
            continue
        rows |= {(actor_id, "merged", other) for other in heirs.get(actor_id, ())} or {(actor_id, "retired", "")}
    ordered = sorted(rows)
    return pl.DataFrame(
        {
            "as_of_date": [as_of_date] * len(ordered),
            "actor_id": [row[0] for row in ordered],
            "event": [row[1] for row in ordered],
            "other_actor_id": [row[2] for row in ordered],
        },
        schema=EVENT_SCHEMA,
    )
