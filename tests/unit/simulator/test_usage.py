from pathlib import Path

import polars as pl
import pytest

from tests.unit.simulator.conftest import read, truth


@pytest.fixture(scope="session")
def delivered(world: Path) -> pl.DataFrame:
    late = (pl.col("arrived_on").cast(pl.Date) - pl.col("requested_at").cast(pl.Date)).dt.total_days()
    return read(world, "usage_requests").with_columns(late=late)


@pytest.fixture(scope="session")
def usage(delivered: pl.DataFrame, world: Path) -> pl.DataFrame:
    whole = delivered.sort("arrived_on").unique("request_id", keep="first", maintain_order=True)
    return whole.join(truth(world), on="account_id", how="left", validate="m:1")


def test_late_rows_come_within_three_days(delivered: pl.DataFrame) -> None:
    assert delivered["late"].min() == 0
    assert delivered["late"].max() == 3
    assert 0.012 < (delivered["late"] > 0).mean() < 0.03


def test_copies_are_identical_but_for_a_few_that_differ(delivered: pl.DataFrame) -> None:
    content = delivered.drop("arrived_on", "late")
    repeated = delivered.filter(pl.col("request_id").is_duplicated())
    copies = delivered.height - delivered["request_id"].n_unique()
    assert 0.003 < copies / delivered.height < 0.009
    differing = content.unique().filter(pl.col("request_id").is_duplicated())["request_id"].n_unique()
    assert 0 < differing < 0.3 * copies
    assert repeated.group_by("request_id").agg(pl.col("arrived_on").n_unique() > 1)["arrived_on"].any()


def test_every_account_of_usage_is_in_the_extract_of_the_day(delivered: pl.DataFrame, world: Path) -> None:
    known = read(world, "accounts").select("account_id", "arrived_on")
    assert delivered.join(known, on=["account_id", "arrived_on"], how="anti").is_empty()


def test_keys_are_registered_before_they_are_used(delivered: pl.DataFrame, world: Path) -> None:
    keys = read(world, "api_keys").group_by("api_key_id").agg(pl.col("created_at").min())
    used = delivered.filter(pl.col("api_key_id").is_not_null()).join(keys, on="api_key_id", how="left")
    assert used["created_at"].null_count() == 0
    assert (used["created_at"] <= used["requested_at"]).all()


def test_members_stay_near_26_requests_a_day(usage: pl.DataFrame) -> None:
    inner = usage.filter(pl.col("campaign_id").is_not_null(), pl.col("requested_at").dt.day().is_between(5, 5))
    volume = inner.group_by("account_id").len()["len"]
    assert 24 < volume.mean() < 28
    assert volume.max() < 60


def test_members_walk_a_corpus_and_never_share_a_prompt(usage: pl.DataFrame) -> None:
    templated = usage.filter(pl.col("campaign_id") == "campaign_0", pl.col("input_message_count") == 1)
    shared = templated.group_by("prompt_hash").agg(pl.col("account_id").n_unique())
    assert shared["account_id"].max() == 1
    by_template = templated.group_by("prompt_template_hash").agg(pl.col("account_id").n_unique())
    assert by_template["account_id"].max() > 10


def test_campaigns_elicit_reasoning_or_grade_answers_of_other_members(usage: pl.DataFrame) -> None:
    asked = usage.group_by("campaign_id").agg((pl.col("elicits_reasoning") > 0.5).mean(), (pl.col("grades_output") > 0.5).mean())
    shares = {name: (reasoning, grading) for name, reasoning, grading in asked.iter_rows()}
    assert shares["campaign_0"][0] > 0.4 > 10 * shares[None][1]
    assert shares["campaign_1"][1] > 0.15
    graded = usage.filter(pl.col("campaign_id") == "campaign_1", pl.col("graded_content_hash").is_not_null())
    answers = usage.select("account_id", pl.col("response_hash").alias("graded_content_hash")).drop_nulls()
    found = graded.join(answers, on="graded_content_hash", suffix="_answered")
    assert found.height > 0.5 * graded.height
    assert (found["account_id"] != found["account_id_answered"]).all()


def test_a_classroom_asks_the_same_prompts_in_one_hour(usage: pl.DataFrame) -> None:
    room = usage.filter(pl.col("lookalike_id") == "classroom", pl.col("input_message_count") == 1)
    assert room["prompt_hash"].n_unique() < 0.5 * room.height
    assert room["requested_at"].dt.hour().n_unique() <= 2


def test_common_clients_and_networks_are_shared_by_many(usage: pl.DataFrame) -> None:
    for column in ("user_agent_hash", "ip_prefix_hash"):
        holders = usage.group_by(column).agg(pl.col("account_id").n_unique())["account_id"]
        assert holders.max() > 12, column
        assert holders.median() < holders.max() / 4, column


def test_failed_requests_have_no_tokens(usage: pl.DataFrame) -> None:
    failed = usage.filter(pl.col("http_status") != 200)
    assert set(failed["http_status"]) >= {429, 500}
    assert failed["input_tokens"].sum() + failed["output_tokens"].sum() == 0


def test_people_sleep_and_rest_and_members_do_not(usage: pl.DataFrame) -> None:
    hours = pl.col("requested_at").dt.hour()
    people = usage.filter(pl.col("role") == "ordinary", pl.col("lookalike_id").is_null(), pl.col("country") == "US")
    by_hour = people.group_by(hours).len()["len"]
    machines = usage.filter(pl.col("campaign_id") == "campaign_0").group_by(hours).len()["len"]
    assert by_hour.min() / by_hour.max() < machines.min() / machines.max()
    days = usage.filter(pl.col("role") == "ordinary").group_by(pl.col("requested_at").dt.weekday()).len()
    counts = dict(days.iter_rows())
    assert counts[6] < 0.8 * counts[4]
