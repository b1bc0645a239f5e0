"""Linking on labelled records that nobody here made: splink's fake_1000, through the same evidence and grouping as accounts.

Published for these records: splink 5, untuned, finds precision 1.000 and recall 0.671 of pairs.
"""

from pathlib import Path

import polars as pl
import pytest

from orchestration.linking.actors import find_actors
from orchestration.linking.quality import linking_quality
from orchestration.linking.thresholds import LinkingSettings

RECORDS = Path(__file__).parents[3] / "shared/data/linkage/fake_1000.csv"
FIELDS = ("first_name", "surname", "dob", "city", "email")
HUB = 60

pytestmark = pytest.mark.skipif(not RECORDS.exists(), reason=f"needs the labelled records at {RECORDS}")


def _links(records: pl.DataFrame) -> pl.DataFrame:
    found: list[pl.DataFrame] = []
    for field in FIELDS:
        holders = (
            records.select(pl.col("unique_id").cast(pl.Int64).alias("key"), pl.col(field).alias("value"))
            .drop_nulls()
            .with_columns(pl.len().over("value").alias("holder_count"))
            .filter(pl.col("holder_count").is_between(2, HUB))
        )
        pairs = holders.join(holders, on="value", suffix="_b").filter(pl.col("key") < pl.col("key_b"))
        found.append(
            pairs.select(
                pl.col("key").alias("account_key_a"),
                pl.col("key_b").alias("account_key_b"),
                pl.lit(field).alias("link_kind"),
                pl.lit(field).alias("evidence_source"),
                (records.height / pl.col("holder_count")).log().round(4).alias("weight"),
                pl.lit(False).alias("is_behavioural"),
            )
        )
    return pl.concat(found)


def test_it_finds_as_many_pairs_as_published_at_little_less_precision() -> None:
    records = pl.read_csv(RECORDS, infer_schema=False)
    accounts = records.select(
        pl.col("unique_id").cast(pl.Int64).alias("account_key"), pl.col("unique_id").alias("account_id")
    )
    # a person's few records, where the pair rule's own prior is an operator of twenty accounts; typing errors are not undone
    settings = LinkingSettings(two_kind_margin=-2.0, one_kind_margin=-2.0)
    groups = find_actors(_links(records), accounts, records.height, settings)
    quality = linking_quality(
        groups.select("account_id", pl.col("group").cast(pl.String).alias("actor_id")),
        records.select(pl.col("unique_id").alias("account_id"), pl.col("cluster").alias("operator_id")),
    )
    assert quality.pairwise.recall is not None
    assert quality.pairwise.precision is not None
    assert quality.pairwise.recall >= 0.67
    assert quality.pairwise.precision >= 0.965
