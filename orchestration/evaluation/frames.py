"""What a judge reads: a published release over all its as-of dates, and the truth of the world it was made from.

Belongs here: paths, columns and types of the frames. What they mean for detection is judged elsewhere.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from orchestration.scoring.checks import CHECK_STRATA
from simulator.tables import id_text

GUILTY = ("distiller_direct", "distiller_via_proxy", "log_harvesting_reseller", "reseller", "trial_farmer")
"""True roles of accounts that violate."""
VICTIM = "stolen_key_victim"

_QUEUE = ("as_of_date", "lead_id", "subject_type", "subject_id", "selection")
_MEMBERS = ("as_of_date", "actor_id", "account_id", "basis")
_ROLES = ("as_of_date", "subject_type", "subject_id", "role")
_LINKS = ("as_of_date", "account_id_a", "account_id_b")
_HITS = ("as_of_date", "subject_type", "subject_id", "signal_id")
_REGISTRY = ("signal_id", "signal_version", "subject_type", "hypothesis_sign", "minimum_support", "threshold", "status")


@dataclass(frozen=True)
class Published:
    """Tables of a release, whole history.

    `queue`: as_of_date, lead_id, subject_type, subject_id, selection. `members`: as_of_date, actor_id, account_id, basis.
    `roles`: as_of_date, subject_type, subject_id, role, of queued subjects. `links`: as_of_date, account_id_a,
    account_id_b, of linked pairs. `usage`: account_id, activity_date, request_count, one row per account and day.
    `hits`: as_of_date, subject_type, subject_id, signal_id. `registry`: signal_id, signal_version, subject_type,
    hypothesis_sign, minimum_support, threshold, status of signals that are computed. `checks`: as_of_date, account_id,
    stratum of checks, which accuse nobody and are no part of `queue`.
    """

    queue: pl.DataFrame
    members: pl.DataFrame
    roles: pl.DataFrame
    links: pl.DataFrame
    usage: pl.DataFrame
    hits: pl.DataFrame
    registry: pl.DataFrame
    checks: pl.DataFrame


@dataclass(frozen=True)
class Truth:
    """Who is who.

    `accounts`: account_id, role, campaign_id, lookalike_id, operator_id. `campaigns`: campaign_id and dials, with
    first_active_on. `returned`: account_id, shared. `enforced`: account_id, enforced_on, accounts that were suspended or
    terminated. `contracts`: account_id, breached_on (NULL for an account that stays inside its contract).
    """

    accounts: pl.DataFrame
    campaigns: pl.DataFrame
    returned: pl.DataFrame
    enforced: pl.DataFrame
    contracts: pl.DataFrame


def read_published(release: Path, links_after: date) -> Published:
    """Read a release folder; links only of as-of dates after `links_after`, for they are many and only returns need them."""
    leads = _table(release, "review_queue")
    is_check = pl.col("stratum").is_in(CHECK_STRATA).fill_null(False)
    queue = leads.filter(~is_check).select(_QUEUE).collect()
    checks = leads.filter(is_check).select("as_of_date", "stratum", account_id="subject_id").collect()
    registry = _table(release, "signal_registry").filter(pl.col("status").is_in(["active", "shadow"]))
    subjects = queue.lazy().select("as_of_date", "subject_type", "subject_id").unique()
    usage = _table(release, "account_days").group_by("account_id", "activity_date").agg(pl.col("request_count").sum())
    return Published(
        queue=queue,
        members=_table(release, "actor_members").select(_MEMBERS).collect(),
        roles=_table(release, "scores").select(_ROLES).join(subjects, on=_ROLES[:3], how="semi").collect(),
        links=_table(release, "account_links").filter(pl.col("as_of_date") > links_after).select(_LINKS).unique().collect(),
        usage=usage.filter(pl.col("request_count") > 0).collect(),
        hits=_table(release, "signal_hits").select(_HITS).collect(),
        registry=registry.select(_REGISTRY).collect(),
        checks=checks,
    )


def read_truth(folder: Path) -> Truth:
    """Read a truth folder of the simulator."""
    effects = folder / "effects.parquet"
    enforced = pl.DataFrame(schema={"account_id": pl.String, "enforced_on": pl.Date})
    if effects.exists():
        stopped = pl.read_parquet(effects).filter(pl.col("kind").is_in(["suspension", "termination"]))
        enforced = pl.DataFrame(
            {
                "account_id": [id_text("acct", key) for key in stopped["account_key"].to_list()],
                "enforced_on": stopped["begins"].cast(pl.Datetime("us")).dt.date(),
            },
            schema=enforced.schema,
        )
    return Truth(
        accounts=pl.read_parquet(folder / "accounts.parquet"),
        campaigns=pl.read_parquet(folder / "campaigns.parquet"),
        returned=pl.read_parquet(folder / "returned_accounts.parquet"),
        enforced=enforced.group_by("account_id").agg(pl.col("enforced_on").min()).sort("account_id"),
        contracts=pl.read_parquet(folder / "contracts.parquet").select("account_id", "breached_on"),
    )


def _table(release: Path, name: str) -> pl.LazyFrame:
    files = sorted((release / "parquet" / name).glob("*.parquet"))
    if not files:
        raise ValueError(f"{release}/parquet/{name} must hold Parquet files, given none: backfill the world first")
    return pl.scan_parquet(files, hive_partitioning=False)
