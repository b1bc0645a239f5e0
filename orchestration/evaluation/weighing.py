"""What each signal is worth: whom it fired on, whom it could have fired on, and how early on each campaign.

Belongs here: figures per signal over every night of a world. An actor is what most of its members are, on the first night on
which the signal fired on it, else on the first on which it could be computed.
"""

from collections.abc import Iterator
from datetime import date

import polars as pl

from orchestration.evaluation.composition import kind_of
from orchestration.evaluation.frames import Published, Truth
from orchestration.evaluation.reaching import Reach
from orchestration.evaluation.results import SignalGroup, SignalResult

_SUBJECT = ["signal_id", "subject_type", "subject_id"]


def judge_signals(published: Published, truth: Truth, reach: Reach) -> Iterator[SignalResult]:
    """Yield one result for each signal that is not retired, in text order."""
    registry = published.registry.sort("signal_id")
    # members' hits are pooled into actors; a signal's own hits are those on the kind of subject that it is about
    own = published.hits.join(registry.select("signal_id", "subject_type"), on=["signal_id", "subject_type"])
    sides = subject_sides(published, truth)
    groups = _groups(own, reach, sides)
    leads = _campaign_nights(own, published, truth)
    nearest = {row["signal_id"]: row for row in reach.nearest.iter_rows(named=True)}
    for row in registry.iter_rows(named=True):
        name = str(row["signal_id"])
        near = nearest.get(name, {})
        yield SignalResult(
            signal_id=name,
            signal_version=row["signal_version"],
            subject_type=row["subject_type"],
            is_mitigating=row["hypothesis_sign"] < 0,
            groups=tuple(
                SignalGroup(group=g["group"], side=g["side"], computable=g["computable"], fired=g["fired"])
                for g in groups.filter(pl.col("signal_id") == name).iter_rows(named=True)
            ),
            campaign_nights=tuple(leads.get((name, campaign)) for campaign in _begun(published, truth)),
            subject_count=near.get("subject_count") or 0,
            valued_count=near.get("valued_count") or 0,
            minimum_support=row["minimum_support"],
            greatest_support=near.get("greatest_support"),
            threshold=row["threshold"],
            greatest_excess=near.get("greatest_excess"),
        )


def subject_sides(published: Published, truth: Truth) -> pl.DataFrame:
    """Return as_of_date, subject_type, subject_id, group, side of every actor and night, and of accounts with NULL as date.

    An actor is about violation when most of its members violate or are victims, and about victims when those are more; else
    it is innocent and of the kind that most of its innocent members are, ties by text.
    """
    accounts = kind_of(truth.accounts)
    key = ["as_of_date", "subject_id"]
    people = published.members.join(accounts, on="account_id").rename({"actor_id": "subject_id"})
    counted = people.group_by(key).agg(
        pl.len().alias("size"),
        (pl.col("side") == "guilty").sum().alias("guilty"),
        (pl.col("side") == "victim").sum().alias("victims"),
    )
    kinds = people.filter(pl.col("side") == "innocent").group_by(*key, "kind").agg(pl.len().alias("count"))
    mostly = kinds.sort([*key, "count", "kind"], descending=[False, False, True, False]).unique(key, keep="first")
    is_violation = (pl.col("guilty") + pl.col("victims")) * 2 > pl.col("size")
    actors = counted.join(mostly, on=key, how="left").with_columns(
        subject_type=pl.lit("actor"),
        side=pl.when(is_violation & (pl.col("victims") > pl.col("guilty")))
        .then(pl.lit("victim"))
        .when(is_violation)
        .then(pl.lit("guilty"))
        .otherwise(pl.lit("innocent")),
    )
    columns = ("as_of_date", "subject_type", "subject_id", "kind", "side")
    alone = accounts.rename({"account_id": "subject_id"}).with_columns(
        as_of_date=pl.lit(None, pl.Date), subject_type=pl.lit("account")
    )
    # the innocent are told apart by kind; of violators and victims the side says all
    group = pl.when(pl.col("side") == "innocent").then(pl.col("kind")).otherwise(pl.col("side"))
    return pl.concat([actors.select(columns), alone.select(columns)]).select(
        "as_of_date", "subject_type", "subject_id", group.alias("group"), "side"
    )


def _groups(own: pl.DataFrame, reach: Reach, sides: pl.DataFrame) -> pl.DataFrame:
    """Return signal_id, group, side, computable, fired: distinct subjects."""
    fired = own.group_by(_SUBJECT).agg(pl.col("as_of_date").min().alias("fired_on"))
    met = (
        reach.computable.join(fired, on=_SUBJECT, how="full", coalesce=True)
        .with_columns(
            as_of_date=pl.when(pl.col("subject_type") == "actor").then(pl.coalesce("fired_on", "computable_on")),
        )
        .join(sides, on=["as_of_date", "subject_type", "subject_id"], how="inner", nulls_equal=True)
    )
    return (
        met.group_by("signal_id", "group", "side")
        .agg(pl.len().alias("computable"), pl.col("fired_on").is_not_null().sum().alias("fired"))
        .sort("signal_id", "group")
    )


def _begun(published: Published, truth: Truth) -> dict[str, date]:
    """Return the day of each campaign's first request by campaign id, in text order; one without a request is left out."""
    members = truth.accounts.filter(pl.col("campaign_id").is_not_null()).select("account_id", "campaign_id")
    first = published.usage.join(members, on="account_id").group_by("campaign_id").agg(pl.col("activity_date").min())
    return dict(first.sort("campaign_id").iter_rows())


def _campaign_nights(own: pl.DataFrame, published: Published, truth: Truth) -> dict[tuple[str, str], int]:
    """Return, by signal and campaign, nights from its first request to the first hit on a member, or on an actor mostly it."""
    members = truth.accounts.filter(pl.col("campaign_id").is_not_null()).select("account_id", "campaign_id")
    sizes = published.members.group_by("as_of_date", "actor_id").agg(pl.len().alias("size"))
    mostly = (
        published.members.join(members, on="account_id")
        .group_by("as_of_date", "actor_id", "campaign_id")
        .agg(pl.len().alias("count"))
        .join(sizes, on=["as_of_date", "actor_id"])
        .filter(pl.col("count") * 2 > pl.col("size"))
        .select("as_of_date", pl.col("actor_id").alias("subject_id"), "campaign_id")
    )
    on_accounts = own.filter(pl.col("subject_type") == "account").join(members, left_on="subject_id", right_on="account_id")
    on_actors = own.filter(pl.col("subject_type") == "actor").join(mostly, on=["as_of_date", "subject_id"])
    columns = ("signal_id", "campaign_id", "as_of_date")
    first = pl.concat([on_accounts.select(columns), on_actors.select(columns)]).group_by("signal_id", "campaign_id").min()
    begun = _begun(published, truth)
    return {(signal, campaign): (day - begun[campaign]).days for signal, campaign, day in first.iter_rows() if campaign in begun}
