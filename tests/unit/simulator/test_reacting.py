from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from simulator import SimulatorSettings, simulate
from tests.unit.simulator.conftest import SMALL, START, Settings, files, read, release, truth

AS_OF = START + timedelta(days=3)


@pytest.fixture(scope="session")
def reacted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("reacted")
    values = {"out": root / "landing", "truth": root / "truth", "start": START, "days": 4, "seed": 11} | SMALL
    first = SimulatorSettings.model_validate(values)
    simulate(first)
    folder = release(root / "release", root, AS_OF)
    simulate(first.model_copy(update={"start": START + timedelta(days=4), "days": 14, "react_to": folder}))
    return root


def test_reviews_carry_the_release_and_only_the_newest_queue(reacted: Path) -> None:
    reviews = read(reacted, "review_decisions")
    assert set(reviews["release_id"]) == {f"{AS_OF}-abcdefabcdef"}
    assert "lead_yesterday" not in set(reviews["lead_id"])
    decided = reviews.filter(pl.col("decided_at").is_not_null())
    assert (decided["decided_at"].dt.date() == decided["arrived_on"]).all()
    assert decided["is_second_review"].sum() > 0
    harmless = decided.filter(pl.col("subject_type") == "account", pl.col("role") != "stolen_key_victim")
    assert (harmless["verdict"] == "benign").mean() > 0.6
    assert (decided.filter(pl.col("subject_type") == "actor")["verdict"] == "violation").any()


def test_no_request_succeeds_on_a_stopped_surface(reacted: Path) -> None:
    actions = read(reacted, "enforcement_actions")
    latest = actions.sort("arrived_on").unique("action_id", keep="last", maintain_order=True)
    stops = latest.filter(pl.col("action_type").is_in(["suspension", "termination"]))
    assert stops.height > 5
    usage = read(reacted, "usage_requests").select("account_id", "surface", "requested_at", "http_status")
    within = usage.join(stops, on="account_id", suffix="_acted").filter(
        (pl.col("surface_acted") == "all") | (pl.col("surface_acted") == pl.col("surface")),
        pl.col("requested_at") >= pl.col("effective_at"),
        pl.col("reversed_at").is_null() | (pl.col("requested_at") < pl.col("reversed_at")),
        pl.col("expires_at").is_null() | (pl.col("requested_at") < pl.col("expires_at")),
    )
    assert (within["http_status"] != 200).all()
    before = usage.join(stops, on="account_id").filter(pl.col("requested_at") < pl.col("effective_at"))
    assert (before["http_status"] == 200).any()


def test_statuses_follow_the_actions(reacted: Path) -> None:
    last = read(reacted, "accounts").filter(pl.col("arrived_on") == START + timedelta(days=17))
    terminated = set(last.filter(pl.col("status") == "terminated")["account_id"])
    actions = read(reacted, "enforcement_actions").filter(pl.col("action_type") == "termination")
    assert terminated and terminated <= set(actions["account_id"])
    assert not read(reacted, "accounts").filter(pl.col("arrived_on") <= AS_OF)["status"].is_in(["terminated"]).any()


def test_operators_return_with_two_identifiers_in_common(reacted: Path) -> None:
    returns = pl.read_parquet(reacted / "truth" / "returns.parquet")
    assert returns.height > 0
    assert (returns["shared"].str.split(" ").list.len() >= 2).all()
    actions = read(reacted, "enforcement_actions").select("account_id").unique()
    stopped = truth(reacted).join(actions, on="account_id")
    came = truth(reacted).filter(pl.col("campaign_id").is_not_null(), pl.col("joined_on") > AS_OF)
    came = came.filter(pl.col("operator_id").is_in(stopped["operator_id"].to_list()))
    assert came.height == returns.height
    cards = read(reacted, "billing_charges").select("account_id", "payment_method_fingerprint").unique()
    latest = read(reacted, "accounts").unique("account_id", keep="last", maintain_order=True)
    known = latest.join(cards, on="account_id", how="left")
    columns = ["payment_method_fingerprint", "device_hash", "signup_ip_hash", "email_pattern_hash", "phone_hash"]
    new = known.join(came, on="account_id", how="semi")
    assert new.height > 0
    former = known.join(stopped, on="account_id", how="semi")
    shared = pl.sum_horizontal((pl.col(name) == pl.col(f"{name}_former")).fill_null(False) for name in columns)
    most = new.join(former, how="cross", suffix="_former").group_by("account_id").agg(shared.max().alias("shared"))
    # A device may be NULL and a former card not yet charged in these few days: less is visible than is shared.
    assert most["shared"].min() >= 1
    assert (most["shared"] >= 2).mean() > 0.5


def test_actions_and_appeals_arrive_when_they_are_decided(reacted: Path) -> None:
    actions = read(reacted, "enforcement_actions").filter(pl.col("reversed_at").is_null())
    assert (actions["decided_at"].dt.date() == actions["arrived_on"]).all()
    assert (actions["effective_at"] > actions["decided_at"]).all()
    assert actions["case_id"].str.starts_with("case_").all()
    appeals = read(reacted, "enforcement_appeals")
    assert set(appeals["action_id"]) <= set(read(reacted, "enforcement_actions")["action_id"])


def test_a_lead_is_worked_once_and_calls_repeat_to_the_byte(settings: Settings, tmp_path: Path) -> None:
    base = settings("a")
    simulate(base)
    folder = release(tmp_path / "release", tmp_path / "a", AS_OF)
    next_day = base.model_copy(update={"start": START + timedelta(days=4), "days": 2, "react_to": folder})
    simulate(next_day)
    first = files(base.out)
    simulate(next_day)
    assert files(base.out) == first
    twin = settings("b")
    simulate(twin)
    simulate(next_day.model_copy(update={"out": twin.out, "truth": twin.truth}))
    assert files(twin.out) == first
    assert files(twin.truth) == files(base.truth)


def test_a_release_of_the_future_or_none_at_all_is_refused(settings: Settings, tmp_path: Path) -> None:
    base = settings("a", days=1)
    simulate(base)
    folder = release(tmp_path / "release", tmp_path / "a", date(2026, 9, 20))
    with pytest.raises(ValueError, match="earlier day"):
        simulate(base.model_copy(update={"start": START + timedelta(days=1), "react_to": folder}))
    with pytest.raises(ValueError, match="published release"):
        simulate(base.model_copy(update={"react_to": tmp_path / "nowhere"}))
