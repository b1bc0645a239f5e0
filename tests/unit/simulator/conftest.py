import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from simulator import CampaignSettings, SimulatorSettings, simulate

START = date(2026, 9, 1)
CAMPAIGNS = (
    CampaignSettings(share=0.1, starts_after_days=0, ageing_days=3, dilution=0.2, partner_share=0.3, handoff=0),
    CampaignSettings(role="distiller_via_proxy", focus="grading", share=0.08, starts_after_days=0, dilution=0.5, handoff=0),
)
SMALL = {"accounts": 300, "requests": 6000, "campaigns": CAMPAIGNS}

Settings = Callable[..., SimulatorSettings]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    def make(name: str, **changes: object) -> SimulatorSettings:
        root = tmp_path / name
        values = {"out": root / "landing", "truth": root / "truth", "start": START, "days": 4} | SMALL | changes
        return SimulatorSettings.model_validate(values)

    return make


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six days of a small world: its folder, with landing and truth."""
    root = tmp_path_factory.mktemp("world")
    values = {"out": root / "landing", "truth": root / "truth", "start": START, "days": 6} | SMALL
    simulate(SimulatorSettings.model_validate(values))
    return root


def read(root: Path, table: str) -> pl.DataFrame:
    return pl.read_parquet(root / "landing" / table / "*" / "*.parquet", hive_partitioning=True)


def truth(root: Path) -> pl.DataFrame:
    return pl.read_parquet(root / "truth" / "accounts.parquet")


def files(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*.parquet"))}


def release(folder: Path, root: Path, as_of: date) -> Path:
    """Publish a hand-made release: one actor for each campaign, harmless accounts and every victim as leads."""
    accounts = truth(root).filter(pl.col("joined_on") <= as_of).sort("account_id")
    members, leads = [], []
    for campaign in ("campaign_0", "campaign_1"):
        inside = accounts.filter(pl.col("campaign_id") == campaign)["account_id"].to_list()
        members += [{"as_of_date": as_of, "actor_id": f"actor_{campaign}", "account_id": name} for name in inside]
        leads.append(("actor", f"actor_{campaign}"))
    harmless = accounts.filter(pl.col("role") == "ordinary")["account_id"].to_list()[:40]
    victims = accounts.filter(pl.col("role") == "stolen_key_victim")["account_id"].to_list()
    leads += [("account", name) for name in harmless + victims]
    queue = [
        {"as_of_date": as_of, "lead_id": f"lead_{number:05d}", "subject_type": kind, "subject_id": subject}
        for number, (kind, subject) in enumerate(leads)
    ]
    old = queue[0] | {"as_of_date": as_of - timedelta(days=1), "lead_id": "lead_yesterday"}
    for table, rows in (("review_queue", [*queue, old]), ("actor_members", members)):
        (folder / "parquet" / table).mkdir(parents=True)
        pl.DataFrame(rows).write_parquet(folder / "parquet" / table / "part.parquet")
    (folder / "manifest.json").write_text(json.dumps({"release_id": f"{as_of}-abcdefabcdef"}), encoding="utf-8")
    return folder
