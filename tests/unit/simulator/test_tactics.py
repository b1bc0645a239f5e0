"""Each tactic and its innocent twin is there: contract breaches, bursts, sampling, key sellers, shared thieves, moves."""

from pathlib import Path

import polars as pl
import pytest

from simulator import CampaignSettings, SimulatorSettings, simulate
from simulator.contracted import LIMITS
from tests.unit.simulator.conftest import START, read, truth

QUIET = {"share": 0.05, "starts_after_days": 0, "handoff": 0.0, "dilution": 0.0, "jitter": 1.0, "partner_share": 0.0}
CAMPAIGNS = (
    CampaignSettings.model_validate(QUIET | {"burst_share": 0.5, "choices": 8, "logprobs_share": 0.5, "partner_members": 0.4}),
    CampaignSettings.model_validate(QUIET | {"focus": "rewriting", "declined_share": 0.9}),
)


@pytest.fixture(scope="module")
def tactics(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tactics")
    simulate(
        SimulatorSettings(
            out=root / "landing", truth=root / "truth", start=START, days=22, accounts=400, requests=5000, campaigns=CAMPAIGNS
        )
    )
    return root


@pytest.fixture(scope="module")
def usage(tactics: Path) -> pl.DataFrame:
    return read(tactics, "usage_requests").unique("request_id").with_columns(day=pl.col("requested_at").dt.date())


def _campaign(tactics: Path, usage: pl.DataFrame, number: int) -> pl.DataFrame:
    members = truth(tactics).filter(pl.col("campaign_id") == f"campaign_{number}").select("account_id")
    return usage.join(members, on="account_id")


def _named(tactics: Path, column: str, value: str) -> pl.DataFrame:
    return truth(tactics).filter(pl.col(column) == value).select("account_id", "operator_id")


def _outside(tactics: Path, usage: pl.DataFrame) -> pl.DataFrame:
    """Every request of a contracted account, with the limits it breaks, read from the contract's own text."""
    contracts = read(tactics, "contracts").unique("contract_id", keep="last")
    scope = pl.col("scope")
    stated = contracts.with_columns(
        surfaces=scope.str.extract(r"surfaces=([^;]+)").str.split(","),
        models=scope.str.extract(r"models=([^;]+)").str.split(","),
        monthly=scope.str.extract(r"requests_per_month=(\d+)").cast(pl.Int64),
    )
    held = pl.read_parquet(tactics / "truth" / "contracts.parquet")
    used = usage.join(stated.select("account_id", "surfaces", "models", "monthly", "valid_to"), on="account_id")
    return (
        used.join(held, on="account_id")
        .sort("requested_at", "request_id")
        .with_columns(
            dates=(pl.col("requested_at") > pl.col("valid_to")).fill_null(False),
            surfaces=~pl.col("surface").is_in(pl.col("surfaces")),
            models=(~pl.col("request_model").is_in(pl.col("models"))).fill_null(False),
            volume=pl.int_range(pl.len()).over("account_id") >= pl.col("monthly") * 28 / 30,
        )
    )


def test_each_limit_is_left_from_the_day_the_truth_names_and_no_other(tactics: Path, usage: pl.DataFrame) -> None:
    requests = _outside(tactics, usage)
    breaking = requests.filter(pl.col("breached_limit").is_not_null())
    assert set(breaking["breached_limit"]) == set(LIMITS)
    for limit in LIMITS:
        mine = breaking.filter(pl.col("breached_limit") == limit)
        first = mine.filter(limit)["day"].min()
        told = mine["breached_on"][0]
        # counts are random, so a volume is used up on the day that was reckoned with or near it
        assert first == told if limit != "volume" else abs((first - told).days) <= 2, limit
        assert mine.filter(pl.col("day") >= told)[limit].mean() > 0.3, limit
        for other in set(LIMITS) - {limit}:
            assert not mine[other].any(), (limit, other)


def test_those_who_stay_inside_break_no_limit(tactics: Path, usage: pl.DataFrame) -> None:
    inside = _outside(tactics, usage).filter(pl.col("breached_limit").is_null())
    assert inside["account_id"].n_unique() >= 2
    assert not any(inside[limit].any() for limit in LIMITS)


def test_a_breach_is_no_violation_in_the_truth(tactics: Path) -> None:
    held = pl.read_parquet(tactics / "truth" / "contracts.parquet").filter(pl.col("breached_on").is_not_null())
    assert set(truth(tactics).join(held, on="account_id")["role"]) == {"contract_breach"}


def test_members_set_out_in_one_hour_of_the_day(tactics: Path, usage: pl.DataFrame) -> None:
    def busiest(number: int) -> float:
        hours = _campaign(tactics, usage, number).group_by("day", pl.col("requested_at").dt.hour().alias("hour")).len()
        days = hours.group_by("day").agg(pl.col("len").max().alias("most"), pl.col("len").sum().alias("all"))
        return days.select((pl.col("most") / pl.col("all")).mean()).item()

    assert busiest(0) > 0.45
    assert busiest(1) < 0.2


def test_sampling_and_rewriting_are_as_the_dials_say(tactics: Path, usage: pl.DataFrame) -> None:
    sampled = _campaign(tactics, usage, 0).filter(pl.col("surface") == "api")
    assert sampled["request_choice_count"].unique().to_list() == [8]
    assert sampled["request_logprobs"].mean() == pytest.approx(0.5, abs=0.05)
    rewritten = _campaign(tactics, usage, 1)
    assert (rewritten["rewrites_sensitive"] > 0.5).mean() == pytest.approx(0.6, abs=0.1)


def test_some_members_work_at_a_partner_alone(tactics: Path, usage: pl.DataFrame) -> None:
    shares = _campaign(tactics, usage, 0).group_by("account_id").agg((pl.col("surface") == "partner_cloud").mean())
    assert set(shares["surface"]) == {0.0, 1.0}


def test_cards_of_a_campaign_fail_as_often_as_the_dial_says(tactics: Path) -> None:
    charges = read(tactics, "billing_charges").join(_named(tactics, "campaign_id", "campaign_1"), on="account_id")
    assert charges.height > 50
    assert (charges["status"] == "failed").mean() == pytest.approx(0.9, abs=0.08)


def test_a_seller_hands_out_many_keys_that_are_used(tactics: Path, usage: pl.DataFrame) -> None:
    kept = usage.filter(pl.col("surface") == "api").group_by("account_id").agg(pl.col("api_key_id").n_unique())
    sellers = kept.join(_named(tactics, "role", "reseller"), on="account_id").filter(pl.col("api_key_id") >= 12)
    assert sellers.height >= 1


def test_a_thief_of_several_keys_uses_them_with_one_client(tactics: Path, usage: pl.DataFrame) -> None:
    victims = usage.join(_named(tactics, "role", "stolen_key_victim"), on="account_id")
    holders = victims.group_by("user_agent_hash").agg(pl.col("account_id").n_unique(), pl.col("ip_prefix_hash").n_unique())
    tools = usage.group_by("user_agent_hash").agg(pl.col("account_id").n_unique().alias("everybody"))
    shared = holders.join(tools, on="user_agent_hash").filter(pl.col("account_id") == pl.col("everybody"))
    # of the four in the pool one may be robbed late or find out early
    assert max(shared["account_id"]) >= 3


def test_a_customer_moves_from_one_account_to_the_next(tactics: Path, usage: pl.DataFrame) -> None:
    pairs = usage.join(_named(tactics, "lookalike_id", "account_migration"), on="account_id")
    days = pairs.group_by("operator_id", "account_id").agg(pl.col("day").min().alias("first"), pl.col("day").max().alias("last"))
    both = days.join(days, on="operator_id").filter(pl.col("account_id") != pl.col("account_id_right"))
    earlier = both.filter(pl.col("first") < pl.col("first_right"))
    assert earlier.height >= 1
    assert (earlier["last"] <= earlier["first_right"]).all()
