"""Whom a lead is about: every lead of every night with the accounts behind it.

Belongs here: unfolding actors into members, and counting who they truly are.
"""

import polars as pl

from orchestration.evaluation.frames import GUILTY, VICTIM, Published

FLAGGED = ("score", "audit_flagged")
"""Selections of leads that a score raised; the second were drawn from the flagged at random, ahead of the budget."""
ALONE = "alone"
"""Basis of an account that is the subject of its own lead."""


def lead_accounts(published: Published, selections: tuple[str, ...]) -> pl.DataFrame:
    """Return as_of_date, lead_id, subject_type, subject_id, account_id, basis for the leads of these selections.

    One row per lead, as-of date and account; an actor has the members it had that night, basis `act` or `hold`.
    """
    queue = published.queue.filter(pl.col("selection").is_in(selections)).drop("selection")
    alone = queue.filter(pl.col("subject_type") == "account").with_columns(account_id=pl.col("subject_id"), basis=pl.lit(ALONE))
    actors = queue.filter(pl.col("subject_type") == "actor").join(
        published.members, left_on=["as_of_date", "subject_id"], right_on=["as_of_date", "actor_id"], how="inner"
    )
    return pl.concat([alone, actors.select(alone.columns)]).sort("as_of_date", "lead_id", "account_id")


def actor_sides(members: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """Return as_of_date, actor_id, size, guilty for each actor and as-of date: members, and those who violate."""
    known = accounts.select("account_id", is_guilty=pl.col("role").is_in(GUILTY))
    return (
        members.join(known, on="account_id", how="left")
        .group_by("as_of_date", "actor_id")
        .agg(pl.len().alias("size"), pl.col("is_guilty").fill_null(False).sum().alias("guilty"))
    )


def kind_of(accounts: pl.DataFrame) -> pl.DataFrame:
    """Return account_id, kind, side: the look-alike, else the role; and whether it is guilty, a victim or innocent."""
    side = (
        pl.when(pl.col("role").is_in(GUILTY))
        .then(pl.lit("guilty"))
        .when(pl.col("role") == VICTIM)
        .then(pl.lit("victim"))
        .otherwise(pl.lit("innocent"))
    )
    return accounts.select("account_id", kind=pl.coalesce("lookalike_id", "role"), side=side)
