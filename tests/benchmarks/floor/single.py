"""Single features of the product by themselves: its own compiled SQL on a home's warehouse, against scans of what it reads.

Belongs here: which models make a feature and which columns those read. The home is one whose night is over, so that what dbt
compiled for the night is beside the warehouse; nothing is written to it. What is read is scanned as the warehouse has it in
memory, and as Parquet sorted by account.
"""

import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import duckdb
from pydantic import BaseModel, ConfigDict

from orchestration.settings import Home

WINDOW = "activity_date between date '{day}' - 27 and date '{day}'"
OPEN_DAYS = "activity_date >= date '{day}' - 3"
ARRIVED = "arrived_on = date '{day}'"


class Feature(BaseModel):
    """Models that make a feature in their order, and by relation the columns and rows they read; most is what was asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    models: tuple[str, ...]
    reads: tuple[tuple[str, str, str], ...]
    most: float


class Spent(BaseModel):
    """Seconds of the clock and of processors."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wall: float
    processor: float


class Turns(NamedTuple):
    """What every turn of a feature took: its models, a scan of what they read in the warehouse, and one of it as Parquet."""

    models: list[Spent]
    scans: list[Spent]
    parquet_scans: list[Spent]


FEATURES = (
    Feature(
        name="cadence, the day and its window",
        models=("usage/int_usage__account_day_cadence", "features/int_features__cadence"),
        reads=(
            ("int_usage__kept_requests", "account_key, activity_date, requested_at, arrived_on", OPEN_DAYS),
            (
                "int_usage__account_day_cadence",
                "account_key, activity_date, arrived_on, gap_count, gap_ms_sum, gap_ms_square_sum, near_median_gap_count",
                WINDOW,
            ),
        ),
        most=10,
    ),
    Feature(
        name="template and topic concentration, the day and its window",
        models=(
            "usage/int_usage__account_template_days",
            "usage/int_usage__account_topic_days",
            "features/int_features__templates",
            "features/int_features__topics",
        ),
        reads=(
            ("int_usage__requests", "account_key, activity_date, topic", ARRIVED),
            (
                "int_usage__account_prompt_days",
                "account_key, activity_date, surface, partner, prompt_template_hash, prompt_hash, arrived_on, request_count, "
                "single_turn_count, is_new_to_account",
                ARRIVED,
            ),
            (
                "int_usage__account_template_days",
                "account_key, activity_date, prompt_template_hash, arrived_on, request_count, single_turn_count, "
                "prompt_request_count, new_prompt_count",
                WINDOW,
            ),
            ("int_usage__account_topic_days", "account_key, activity_date, topic, arrived_on, request_count", WINDOW),
        ),
        most=10,
    ),
    Feature(
        name="link candidates by every value, hubs cut",
        models=("links/int_links__account_values", "links/int_links__rare_holders", "links/int_links__value_pairs"),
        reads=(
            (
                "int_usage__account_network_days",
                "account_key, activity_date, ip_prefix_hash, user_agent_hash, arrived_on",
                WINDOW,
            ),
            ("int_usage__account_network_days", "request_count", WINDOW),
            (
                "int_usage__account_template_days",
                "account_key, activity_date, prompt_template_hash, arrived_on, request_count",
                WINDOW,
            ),
            (
                "int_usage__account_setting_days",
                "account_key, activity_date, request_temperature, request_top_p, request_max_tokens, request_choice_count, "
                "system_prompt_hash, arrived_on, request_count",
                WINDOW,
            ),
            ("int_usage__account_end_user_days", "account_key, activity_date, end_user_id, arrived_on, request_count", WINDOW),
            (
                "int_accounts__as_of",
                "account_key, created_at, device_hash, phone_hash, signup_ip_hash, organization_hash, email_pattern_hash, "
                "email_domain",
                "true",
            ),
            ("int_billing_charges__keep_states", "account_id, payment_method_fingerprint, created_at, arrived_on", "true"),
        ),
        most=3,
    ),
)


def timed(home: Home, day: date, turns: int, folder: Path) -> dict[str, Turns]:
    """Return by feature what its models and scans of what they read took, turn about; the Parquet is written below the folder."""
    compiled = home.dbt_target / "compiled" / "stillwatch" / "models" / "intermediate"
    spent = {feature.name: Turns([], [], []) for feature in FEATURES}
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        connection.execute(f"set memory_limit = '{home.memory_limit}'")
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set preserve_insertion_order = false")
        made = {
            feature.name: [(compiled / f"{model}.sql").read_text(encoding="utf-8") for model in feature.models]
            for feature in FEATURES
        }
        copies = {feature.name: _parquet(connection, feature, day, folder / str(n)) for n, feature in enumerate(FEATURES)}
        for _ in range(turns + 1):
            for feature in FEATURES:
                models, scans, parquet_scans = spent[feature.name]
                scans.append(_run(connection, scan_of(feature, day)))
                parquet_scans.append(_run(connection, copies[feature.name]))
                models.append(_run(connection, [f"create or replace temp table made as {sql}" for sql in made[feature.name]]))
    # the first turn reads from disk, and belongs to none
    return {name: Turns(*(measured[1:] for measured in turns)) for name, turns in spent.items()}


def scan_of(feature: Feature, day: date) -> list[str]:
    """Return statements that look at every value of the columns a feature reads."""
    return [_looks_at(columns, f"main.{relation} where {rows.format(day=day)}") for relation, columns, rows in feature.reads]


def _parquet(connection: duckdb.DuckDBPyConnection, feature: Feature, day: date, folder: Path) -> list[str]:
    """Write what a feature reads as Parquet, sorted by account; return statements that look at every value of it."""
    folder.mkdir(parents=True)
    queries: list[str] = []
    for number, (relation, columns, rows) in enumerate(feature.reads):
        file = folder / f"{number}.parquet"
        read = f"select {columns} from main.{relation} where {rows.format(day=day)} order by all"
        connection.execute(f"copy ({read}) to '{file}' (format parquet, compression zstd)").fetchall()
        queries.append(_looks_at(columns, f"read_parquet('{file}')"))
    return queries


def _looks_at(columns: str, rows: str) -> str:
    return f"select {', '.join(f'bit_xor(hash({column.strip()}))' for column in columns.split(','))} from {rows}"


def _run(connection: duckdb.DuckDBPyConnection, statements: Sequence[str]) -> Spent:
    wall, processor = time.perf_counter(), time.process_time()
    for statement in statements:
        connection.execute(statement).fetchall()
    return Spent(wall=time.perf_counter() - wall, processor=time.process_time() - processor)
