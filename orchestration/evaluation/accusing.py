"""Who was accused: leads right and wrong, innocent accounts queued by kind, and victims taken for violators.

Belongs here: figures over every night of a world, before and after the reaction.
"""

import polars as pl

from orchestration.evaluation.composition import ALONE, FLAGGED, kind_of, lead_accounts
from orchestration.evaluation.frames import VICTIM, Published, Truth
from orchestration.evaluation.results import GroupResult, LeadResult, VictimResult, WrongLead
from orchestration.scoring.checks import KEY_CHECK

_LEAD = ("as_of_date", "lead_id")
_SUBJECT = ("as_of_date", "subject_type", "subject_id")


def judge_leads(published: Published, truth: Truth, selections: tuple[str, ...] = FLAGGED) -> LeadResult:
    """Return how many leads of these selections are right, distinct ones by their first night.

    Right is a lead whose accounts mostly violate, or are mostly victims of a stolen key and listed as such. A lead about
    victims in any other role is wrong and counted in `victims_as_violators` too.
    """
    judged = _judged(published, truth, selections)
    distinct = judged.sort("as_of_date").unique("lead_id", keep="first", maintain_order=True)
    wrong = distinct.filter(~pl.col("is_right")).sort("as_of_date", "lead_id")
    return LeadResult(
        leads=distinct.height,
        right=int(distinct["is_right"].sum()),
        lead_nights=judged.height,
        right_lead_nights=int(judged["is_right"].sum()),
        victims_as_violators=int(wrong["is_about_victims"].sum()),
        wrong=tuple(
            WrongLead(
                lead_id=row["lead_id"],
                as_of_date=row["as_of_date"],
                subject_type=row["subject_type"],
                listed_role=row["role"],
                account_count=row["size"],
                violating_count=row["guilty"],
                mostly=row["mostly"],
            )
            for row in wrong.iter_rows(named=True)
        ),
    )


def _judged(published: Published, truth: Truth, selections: tuple[str, ...]) -> pl.DataFrame:
    """Return one row per lead and night with size, guilty, role as listed, what most accounts are, and is_right."""
    people = lead_accounts(published, selections).join(kind_of(truth.accounts), on="account_id", how="left")
    counted = people.group_by(*_LEAD, "subject_type", "subject_id").agg(
        pl.len().alias("size"),
        (pl.col("side") == "guilty").sum().alias("guilty"),
        (pl.col("side") == "victim").sum().alias("victims"),
    )
    listed = counted.join(published.roles, on=_SUBJECT, how="left").join(_mostly(people), on=_LEAD, how="left")
    is_about_violation = (pl.col("guilty") + pl.col("victims")) * 2 > pl.col("size")
    is_about_victims = is_about_violation & (pl.col("victims") > pl.col("guilty"))
    return listed.with_columns(
        is_about_victims=is_about_victims,
        is_right=is_about_violation & (~is_about_victims | (pl.col("role") == VICTIM).fill_null(False)),
    ).sort(_LEAD)


def _mostly(people: pl.DataFrame) -> pl.DataFrame:
    counted = people.group_by(*_LEAD, pl.col("kind").fill_null("unknown")).agg(pl.len().alias("count"))
    ordered = counted.sort([*_LEAD, "count", "kind"], descending=[False, False, True, False])
    return ordered.unique(_LEAD, keep="first", maintain_order=True).select(*_LEAD, mostly="kind")


def judge_groups(published: Published, truth: Truth) -> tuple[GroupResult, ...]:
    """Return the innocent accounts by look-alike, or role where they are none, in text order."""
    return _queued_by_kind(published, _present(published, truth).filter(pl.col("side") == "innocent"))


def judge_outsiders(published: Published, truth: Truth) -> tuple[GroupResult, ...]:
    """Return the violators that belong to no campaign by role, in text order."""
    alone = truth.accounts.filter(pl.col("campaign_id").is_null()).select("account_id")
    guilty = _present(published, truth).filter(pl.col("side") == "guilty").join(alone, on="account_id", how="semi")
    return _queued_by_kind(published, guilty)


def _queued_by_kind(published: Published, chosen: pl.DataFrame) -> tuple[GroupResult, ...]:
    """Return how the accounts chosen (account_id, kind) were queued, by kind."""
    people = lead_accounts(published, FLAGGED).select("account_id", "basis").unique()
    best = people.group_by("account_id").agg(
        (pl.col("basis") == ALONE).any().alias("alone"), (pl.col("basis") != "hold").any().alias("acted")
    )
    counted = (
        chosen.join(best, on="account_id", how="left")
        .group_by("kind")
        .agg(
            pl.len().alias("accounts"),
            pl.col("alone").fill_null(False).sum(),
            pl.col("acted").fill_null(False).sum(),
            pl.col("alone").is_not_null().sum().alias("queued"),
        )
        .sort("kind")
    )
    return tuple(GroupResult(**row) for row in counted.rename({"kind": "group"}).iter_rows(named=True))


def judge_victims(published: Published, truth: Truth) -> VictimResult:
    """Return how accounts with a stolen key were listed over all nights; one listed both ways counts in both."""
    present = _present(published, truth)
    victims = present.filter(pl.col("side") == "victim").select("account_id")
    others = present.filter(pl.col("side") != "victim").select("account_id")
    told = published.checks.filter(pl.col("stratum") == KEY_CHECK.stratum).select("account_id").unique()
    listed = (
        lead_accounts(published, FLAGGED)
        .join(victims, on="account_id", how="semi")
        .join(published.roles, on=_SUBJECT, how="left")
    )
    as_victim = (pl.col("role") == VICTIM).fill_null(False)
    accused = listed.filter(~as_victim)
    return VictimResult(
        accounts=victims.height,
        told=told.join(victims, on="account_id", how="semi").height,
        others=others.height,
        others_told=told.join(others, on="account_id", how="semi").height,
        as_victims=listed.filter(as_victim)["account_id"].n_unique(),
        as_violators=accused["account_id"].n_unique(),
        as_violators_acted=accused.filter(pl.col("basis") != "hold")["account_id"].n_unique(),
    )


def _present(published: Published, truth: Truth) -> pl.DataFrame:
    """Return account_id, kind, side of the accounts that made a request or were queued."""
    seen = pl.concat([published.usage.select("account_id"), lead_accounts(published, FLAGGED).select("account_id")]).unique()
    return kind_of(truth.accounts).join(seen, on="account_id", how="semi").sort("account_id")
