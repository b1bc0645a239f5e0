"""Ground truth: who is who, kept away from the landing folder.

Belongs here: the files of the truth folder that judges read. No warehouse model may.
"""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from simulator import tables
from simulator.blocks import Block
from simulator.consequences import Return
from simulator.returning import returned_key
from simulator.world import World

_RETURNED = pa.schema(
    [("account_id", pa.string()), ("former_account_id", pa.string()), ("opened_at", pa.timestamp("us")), ("shared", pa.string())]
)


def write_accounts(truth: Path, world: World, accounts: Block) -> None:
    """Write accounts.parquet: role, campaign, look-alike, operator and day of joining of each account."""
    who = accounts.who
    campaign = who["campaign"]
    joined = [world.start + timedelta(days=number) for number in who["joined_day"].tolist()]
    table = pa.table(
        {
            "account_id": tables.ids("acct", who["account_key"]),
            "role": pa.array(who["role"].tolist(), pa.string()),
            "campaign_id": pa.array([None if c < 0 else campaign_id(c) for c in campaign.tolist()], pa.string()),
            "lookalike_id": pa.array(who["lookalike_id"].tolist(), pa.string()),
            "operator_id": tables.ids("op", who["operator_key"]),
            "joined_on": pa.array(joined, pa.date32()),
        }
    )
    pq.write_table(table, truth / "accounts.parquet", compression="zstd")


def write_returned(truth: Path, returns: Iterable[Return], seed: int) -> None:
    """Write returned_accounts.parquet: accounts opened after enforcement, the account each replaces and what they share.

    One row per account; `shared` names the identifiers kept, in text order with spaces between.
    """
    rows = [
        {
            "account_id": tables.id_text("acct", returned_key(item, seed)),
            "former_account_id": tables.id_text("acct", item.former_key),
            "opened_at": item.created_at,
            "shared": " ".join(item.shared),
        }
        for item in returns
    ]
    pq.write_table(pa.Table.from_pylist(rows, _RETURNED), truth / "returned_accounts.parquet", compression="zstd")


def campaign_id(number: int) -> str:
    """Return the id of a campaign in the truth by its place in the settings."""
    return f"campaign_{number}"


def write_campaigns(truth: Path, world: World) -> None:
    """Write campaigns.parquet: the dials of each campaign and its first active day."""
    rows = [
        {
            "campaign_id": campaign_id(number),
            **campaign.model_dump(),
            "first_active_on": world.start + timedelta(days=campaign.starts_after_days),
        }
        for number, campaign in enumerate(world.settings.campaigns)
    ]
    schema = None if rows else pa.schema([("campaign_id", pa.string())])
    pq.write_table(pa.Table.from_pylist(rows, schema), truth / "campaigns.parquet", compression="zstd")
