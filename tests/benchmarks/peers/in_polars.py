"""The questions in Polars, for its streaming engine; what each asks is in the SQL beside it."""

from collections.abc import Callable

import polars as pl

Question = Callable[[pl.LazyFrame], pl.LazyFrame]


def cadence(requests: pl.LazyFrame) -> pl.LazyFrame:
    """Gaps between an account's requests: how many, their sums, and how many lie within a tenth of the median."""
    gaps = (
        requests.select("account_key", (pl.col("requested_at").dt.epoch("us") // 1000).alias("requested_ms"))
        .group_by("account_key")
        .agg(pl.col("requested_ms").sort().diff().drop_nulls().alias("gap_ms"))
        .filter(pl.col("gap_ms").list.len() > 0)
        .with_columns(pl.col("gap_ms").list.median().alias("median_gap_ms"))
        .explode("gap_ms")
    )
    wide = pl.col("gap_ms").cast(pl.Int128)
    return gaps.group_by("account_key").agg(
        pl.len().alias("gap_count"),
        pl.col("gap_ms").sum().alias("gap_ms_sum"),
        (wide * wide).sum().cast(pl.Float64).alias("gap_ms_square_sum"),
        ((pl.col("gap_ms") - pl.col("median_gap_ms")).abs() <= 0.1 * pl.col("median_gap_ms"))
        .sum()
        .alias("near_median_gap_count"),
    )


def concentration(requests: pl.LazyFrame) -> pl.LazyFrame:
    """How an account's requests spread over templates and topics."""

    def spread(column: str, name: str) -> pl.LazyFrame:
        counts = requests.group_by("account_key", column).agg(pl.len().cast(pl.Int64).alias("count"))
        count = pl.col("count")
        return counts.group_by("account_key").agg(
            pl.len().alias(f"{name}_count"),
            (count.max() / count.sum()).alias(f"top_{name}_share"),
            (count.sum().log() - (count * count.log()).sum() / count.sum()).alias(f"{name}_entropy"),
        )

    return spread("prompt_template_hash", "template").join(spread("topic", "topic"), on="account_key")


def _links(requests: pl.LazyFrame, column: str, least: int, most: int) -> pl.LazyFrame:
    holdings = (
        requests.group_by("account_key", pl.col(column).alias("held"))
        .agg(pl.len().alias("request_count"))
        .filter(pl.col("request_count") >= least)
        .select("account_key", "held")
    )
    rare = holdings.group_by("held").agg(pl.len().cast(pl.Int64).alias("holder_count"))
    holders = holdings.join(rare.filter(pl.col("holder_count").is_between(2, most)), on="held")
    pairs = holders.join(holders.select("held", pl.col("account_key").alias("account_key_b")), on="held")
    return (
        pairs.filter(pl.col("account_key") < pl.col("account_key_b"))
        .group_by(pl.col("account_key").alias("account_key_a"), "account_key_b")
        .agg(pl.len().alias("shared_value_count"), (1e6 / pl.col("holder_count")).log().sum().alias("weight"))
    )


def network_links(requests: pl.LazyFrame) -> pl.LazyFrame:
    """Pairs of accounts that share addresses of few holders."""
    return _links(requests, "ip_hash", 1, 40)


def template_links(requests: pl.LazyFrame) -> pl.LazyFrame:
    """Pairs of accounts that lean on a template of few holders."""
    return _links(requests, "prompt_template_hash", 2, 150)


def _by_hour(requests: pl.LazyFrame, *counted: pl.Expr) -> pl.LazyFrame:
    # account and hour as one number: one key takes less than two
    key = pl.col("account_key").cast(pl.Int64) * 32 + pl.col("requested_at").dt.hour()
    return (
        requests.group_by(key.alias("hour_key"))
        .agg(*counted)
        .select(
            (pl.col("hour_key") // 32).alias("account_key"),
            (pl.col("hour_key") % 32).alias("hour_of_day"),
            pl.exclude("hour_key"),
        )
    )


def hour_distincts(requests: pl.LazyFrame) -> pl.LazyFrame:
    """How many models, templates and networks an account used in an hour."""
    # numbers are compared faster than texts
    model = pl.col("request_model").cast(pl.Categorical).to_physical()
    return _by_hour(
        requests.with_columns(model),
        pl.col("request_model").n_unique().alias("model_count"),
        pl.col("prompt_template_hash").n_unique().alias("template_count"),
        pl.col("ip_prefix_hash").n_unique().alias("network_count"),
    )


def hour_sums(requests: pl.LazyFrame) -> pl.LazyFrame:
    """What an account used in an hour."""
    return _by_hour(
        requests,
        pl.len().alias("request_count"),
        (pl.col("http_status") == 429).sum().alias("rate_limited_count"),
        pl.col("input_tokens").sum(),
        pl.col("output_tokens").sum(),
        pl.col("cache_read_input_tokens").sum(),
    )


QUESTIONS: dict[str, Question] = {
    question.__name__: question for question in (cadence, concentration, network_links, template_links, hour_distincts, hour_sums)
}
