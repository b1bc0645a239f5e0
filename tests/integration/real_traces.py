"""The mapping of public request traces into the contract: required fields from stated constants, the rest left absent.

What the traces say is kept (time, input and output tokens); what they do not say is not invented. One account a trace.
"""

from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl

DAY = date(2023, 11, 16)
CONSTANTS = {"surface": "api", "operation_name": "chat", "http_status": 200}


def land_traces(traces: Path, landing: Path) -> int:
    """Write both traces as landing tables of one day; return the number of requests."""
    azure = pl.read_csv(traces / "AzureLLMInferenceTrace_conv.csv", try_parse_dates=False).select(
        pl.col("TIMESTAMP").str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us").alias("requested_at"),
        pl.col("ContextTokens").alias("input_tokens"),
        pl.col("GeneratedTokens").alias("output_tokens"),
        pl.lit("azure_conversation").alias("account_id"),
    )
    midnight = datetime.combine(DAY, datetime.min.time())
    mooncake = pl.read_ndjson(traces / "mooncake_conversation_trace.jsonl").select(
        (pl.lit(midnight) + pl.duration(milliseconds="timestamp")).dt.cast_time_unit("us").alias("requested_at"),
        pl.col("input_length").alias("input_tokens"),
        pl.col("output_length").alias("output_tokens"),
        pl.lit("mooncake_conversation").alias("account_id"),
    )
    requests = (
        pl.concat([azure, mooncake])
        .with_row_index("number")
        .with_columns(
            pl.format("trace_{}", "number").alias("request_id"),
            pl.col("account_id").alias("request_model"),
            pl.lit(CONSTANTS["surface"]).alias("surface"),
            pl.lit(CONSTANTS["operation_name"]).alias("operation_name"),
            pl.lit(CONSTANTS["http_status"]).cast(pl.Int16).alias("http_status"),
            pl.col("input_tokens", "output_tokens").cast(pl.Int64),
        )
        .drop("number")
    )
    accounts = pl.DataFrame(
        {
            "account_id": ["azure_conversation", "mooncake_conversation"],
            "created_at": [midnight - timedelta(days=400)] * 2,
            "tier": ["trace"] * 2,
            "status": ["active"] * 2,
        }
    )
    for table, frame in (("usage_requests", requests), ("accounts", accounts)):
        folder = landing / table / f"arrived_on={DAY}"
        folder.mkdir(parents=True)
        frame.write_parquet(folder / "part-0.parquet")
    return requests.height
