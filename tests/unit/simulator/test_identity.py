from pathlib import Path

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from simulator import CampaignSettings, simulate
from simulator.campaigns import members
from tests.unit.simulator.conftest import START, Settings, read, truth

COLUMNS = ("payment_method_fingerprint", "device_hash", "signup_ip_hash", "email_pattern_hash", "phone_hash")


def _identifiers(world: Path) -> pl.DataFrame:
    cards = read(world, "billing_charges").select("account_id", "payment_method_fingerprint").unique("account_id")
    latest = read(world, "accounts").unique("account_id", keep="last", maintain_order=True)
    return latest.join(cards, on="account_id", how="left").join(truth(world), on="account_id")


def test_members_are_connected_by_small_groups_and_not_by_one_value(world: Path) -> None:
    members = _identifiers(world).filter(pl.col("campaign_id") == "campaign_0").with_row_index("number")
    edges: list[tuple[int, int]] = []
    for column in COLUMNS:
        groups = members.filter(pl.col(column).is_not_null()).group_by(column).agg("number")["number"].to_list()
        assert max(len(group) for group in groups) < 0.3 * members.height, column
        edges += [(group[0], other) for group in groups for other in group[1:]]
    left, right = np.array(edges).T
    graph = coo_array((np.ones(len(left)), (left, right)), shape=(members.height, members.height))
    _, component = connected_components(graph, directed=False)
    assert np.bincount(component).max() > 0.8 * members.height


def test_an_agency_pays_for_its_clients_with_one_card(world: Path) -> None:
    clients = _identifiers(world).filter(pl.col("lookalike_id") == "agency_one_card")
    assert clients["payment_method_fingerprint"].drop_nulls().n_unique() <= 1
    assert clients["device_hash"].n_unique() > 1


def test_contracts_cover_the_authorised_customers(world: Path) -> None:
    accounts = _identifiers(world)
    authorised = accounts.filter(pl.col("role").str.starts_with("authorised"))
    contracts = read(world, "contracts")
    assert set(authorised["contract_id"]) <= set(contracts["contract_id"])
    assert set(authorised["approved_use"]) == {"reseller", "synthetic_data"}


def test_extracts_hold_what_was_created_by_the_day(world: Path) -> None:
    accounts = read(world, "accounts")
    assert (accounts["created_at"].dt.date() <= accounts["arrived_on"]).all()
    counts = accounts.group_by("arrived_on").len().sort("arrived_on")["len"]
    assert counts.is_sorted() and counts[-1] > counts[0]


def test_older_releases_and_indicators_arrive_on_the_first_day(world: Path) -> None:
    for table, column in (("model_releases", "released_at"), ("intel_indicators", "first_seen_at")):
        frame = read(world, table)
        before = frame.filter(pl.col(column).dt.date() < frame["arrived_on"].min())
        assert before.height > 0
        assert before["arrived_on"].unique().len() == 1


def test_members_apart_share_templates_and_nothing_else(settings: Settings) -> None:
    campaign = CampaignSettings(share=0.15, starts_after_days=0, identity_share=0.4, dilution=0.2, handoff=0)
    apart = settings("apart", campaigns=(campaign,), days=3)
    simulate(apart)
    root = apart.out.parent
    inside = _identifiers(root).filter(pl.col("campaign_id") == "campaign_0")
    usage = read(root, "usage_requests").join(inside.select("account_id"), on="account_id")
    assert inside.height == 45
    sharing = _holders_in_common(usage, "ip_prefix_hash")
    for column in COLUMNS:
        sharing |= _holders_in_common(inside, column)
    referred = inside.filter(pl.col("referred_by_account_id").is_not_null())
    sharing |= set(referred["account_id"]) | set(referred["referred_by_account_id"])
    # 18 of 45 may share; 27 are alone in everything, and use the campaign's templates all the same
    assert 10 <= len(sharing & set(inside["account_id"])) <= 18
    templates = usage.group_by("prompt_template_hash").agg(pl.col("account_id").n_unique().alias("users"))
    common = templates.filter(pl.col("users") > 20)["prompt_template_hash"]
    assert set(usage.filter(pl.col("prompt_template_hash").is_in(common.implode()))["account_id"]) == set(usage["account_id"])


def _holders_in_common(frame: pl.DataFrame, column: str) -> set[str]:
    held = frame.filter(pl.col(column).is_not_null()).group_by(column).agg(pl.col("account_id").unique())
    return {account for group in held["account_id"].to_list() if len(group) > 1 for account in group}


def test_members_apart_have_clients_and_networks_of_their_own_whatever_they_do() -> None:
    campaign = CampaignSettings(share=0.2, identity_share=0.25)
    block = members(campaign, 0, 400, 7, START)
    alone = np.ones(block.size, dtype=np.bool_)
    for keys in (block.first["agent_key"], block.second["agent_key"], block.first["net_key"], block.second["net_key"]):
        _, spot, count = np.unique(keys, return_inverse=True, return_counts=True)
        alone &= count[spot] == 1
    assert block.size == 80
    assert 60 <= alone.sum() < 80
    assert len(np.unique(block.first["template_key"])) == 1
