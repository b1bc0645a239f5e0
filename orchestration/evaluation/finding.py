"""How campaigns were found: the night of first detection, recall of members, purity of the actor.

Belongs here: figures per campaign, over the nights before anybody reacted.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import polars as pl

from orchestration.evaluation.composition import FLAGGED, actor_sides, lead_accounts
from orchestration.evaluation.frames import Published, Truth
from orchestration.evaluation.results import CampaignResult, Recall

_DIALS = (
    "campaign_id", "role", "focus", "requests_per_account_day", "dilution", "identity_share", "jitter", "rotation",
    "ageing_days", "handoff", "burst_share", "choices", "logprobs_share", "partner_members", "declined_share",
    "first_active_on",
)  # fmt: skip


def judge_campaigns(published: Published, truth: Truth, until: date) -> Iterator[CampaignResult]:
    """Yield one result for each campaign, from the as-of dates up to `until`."""
    sides = actor_sides(published.members.filter(pl.col("as_of_date") <= until), truth.accounts)
    leads = lead_accounts(published, FLAGGED).filter(pl.col("as_of_date") <= until)
    for row in truth.campaigns.sort("campaign_id").iter_rows(named=True):
        campaign = str(row["campaign_id"])
        own = truth.accounts.filter(pl.col("campaign_id") == campaign).select("account_id")
        begun = published.usage.join(own, on="account_id").group_by("account_id").agg(pl.col("activity_date").min())
        start = _as_date(row["first_active_on"])
        detected = _first_detection(leads, own)

        def recall(day: date, own: pl.DataFrame = own, begun: pl.DataFrame = begun) -> Recall:
            return _recall(published, sides, own, begun, day)

        later = [None if detected is None else detected + timedelta(days=nights) for nights in (3, 7)]
        after = [recall(day) if day is not None and day <= until else None for day in later]
        dials: dict[str, Any] = {name: row[name] for name in _DIALS}
        yield CampaignResult(
            **dials,
            account_count=own.join(truth.returned, on="account_id", how="anti").height,
            detected_on=detected,
            nights=None if detected is None else (detected - start).days,
            after_3=after[0],
            after_7=after[1],
            end=recall(until),
        )


def _first_detection(leads: pl.DataFrame, own: pl.DataFrame) -> date | None:
    """Return the first as-of date with a lead that is mostly about these accounts; one of its own, for an account."""
    shares = (
        leads.with_columns(is_own=pl.col("account_id").is_in(own["account_id"].implode()))
        .group_by("as_of_date", "lead_id")
        .agg(pl.col("is_own").mean())
    )
    first = shares.filter(pl.col("is_own") > 0.5)["as_of_date"].min()
    return first if isinstance(first, date) else None


def _recall(published: Published, sides: pl.DataFrame, own: pl.DataFrame, begun: pl.DataFrame, day: date) -> Recall:
    active = begun.filter(pl.col("activity_date") <= day).select("account_id")
    today = published.members.filter(pl.col("as_of_date") == day)
    ours = today.join(own, on="account_id", how="semi").group_by("actor_id").agg(pl.len().alias("own"))
    shares = (
        sides.filter(pl.col("as_of_date") == day).join(ours, on="actor_id").with_columns(share=pl.col("own") / pl.col("size"))
    )
    queued = published.queue.filter(
        (pl.col("as_of_date") <= day) & (pl.col("subject_type") == "actor") & pl.col("selection").is_in(FLAGGED)
    ).select(actor_id="subject_id")
    placed = today.join(active, on="account_id", how="semi").join(shares, on="actor_id").sort("account_id")
    found = placed.filter(pl.col("guilty") * 2 > pl.col("size")).join(queued.unique(), on="actor_id", how="semi")
    purity = found["share"].mean()
    return Recall(
        as_of_date=day,
        active=active.height,
        queued=found.height,
        linked=placed.filter(pl.col("share") > 0.5).height,
        purity=float(purity) if isinstance(purity, float) else None,
    )


def _as_date(value: Any) -> date:
    return date.fromisoformat(str(value)[:10])
