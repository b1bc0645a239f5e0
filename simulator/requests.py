"""The usage requests of one day.

Belongs here: a plan of a day (how many requests each account makes) and the rows of any part of it. A row is a function
of (seed, account, day, place in the day), so a late or repeated row can be made alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from simulator import catalogue as cat
from simulator import clock, content, network, tables
from simulator.blocks import Block, joined
from simulator.consequences import Consequences
from simulator.fate import Fate, fate_of
from simulator.people import DAY_US, epoch_us
from simulator.streams import I64, U64, combined, generator, salted, signed, uniform
from simulator.traits import Columns

LATE_SHARE, LATE_DAYS = 0.02, 3
COPY_SHARE, CONFLICT_SHARE = 0.005, 0.0004
CHUNK_ROWS = 250_000
REPLACEMENT_KEY = 1000
"""Number of the key that takes the place of a stolen one (number 0)."""
BLOCKED_HOURS = 36
"""A stopped account still knocks for these hours; every request is refused."""


@dataclass(frozen=True)
class Census:
    """Every account of some days: blocks, all of them as one, traits (main behaviour, then the other) and fate.

    `ring` is the place of the account whose answers each one grades.
    """

    blocks: tuple[Block, ...]
    accounts: Block
    traits: Columns
    ring: I64
    fate: Fate


def take_census(blocks: tuple[Block, ...], world_start: date, state: Consequences) -> Census:
    """Return the blocks as one population, with what enforcement did to each account."""
    accounts = joined("all", list(blocks))
    traits = {name: np.concatenate([accounts.first[name], accounts.second[name]]) for name in accounts.first}
    keys = accounts.who["account_key"]
    order = np.argsort(keys)
    ring = order[np.searchsorted(keys[order], accounts.who["ring_key"])]
    return Census(blocks, accounts, traits, ring, fate_of(accounts, state, world_start))


@dataclass(frozen=True)
class DayPlan:
    """Requests of a day: its number in the world, the census, requests of each account and their running total."""

    day: date
    number: int
    census: Census
    counts: I64
    ends: I64

    @property
    def accounts(self) -> Block:
        """The accounts of the census."""
        return self.census.accounts

    @property
    def rows(self) -> int:
        """Number of requests before those outside an account's life are dropped."""
        return int(self.ends[-1]) if len(self.ends) else 0


def plan_day(census: Census, day: date, number: int, seed: int) -> DayPlan:
    """Return the plan of a day, `number` days after the world began."""
    weekend = clock.is_weekend(day.toordinal())
    counts = np.concatenate(
        [
            clock.request_counts(block, number, weekend, generator(seed, "counts", block.name, day.isoformat()))
            for block in census.blocks
        ]
    )
    return DayPlan(day, number, census, counts, np.cumsum(counts))


@dataclass(frozen=True)
class Rows:
    """Some requests of a day by account (index into the plan) and place in the account's day, with their keys."""

    account: I64
    place: I64
    row: U64
    account_day: U64


def chunks(plan: DayPlan) -> Iterator[Rows]:
    """Yield the requests of a day in account order, at most CHUNK_ROWS at a time."""
    day_keys = combined(plan.accounts.who["account_key"], plan.number)
    for low in range(0, plan.rows, CHUNK_ROWS):
        spot = np.arange(low, min(low + CHUNK_ROWS, plan.rows), dtype=np.int64)
        account = np.searchsorted(plan.ends, spot, side="right")
        place = spot - (plan.ends[account] - plan.counts[account])
        account_day = day_keys[account]
        yield Rows(account, place, combined(account_day, place), account_day)


def delay_days(rows: Rows) -> I64:
    """Return after how many days each request arrives: 0 for most, up to LATE_DAYS."""
    late = uniform(rows.row, "late") < LATE_SHARE
    return np.where(late, 1 + (uniform(rows.row, "delay") * LATE_DAYS).astype(np.int64), 0)


def copy_delays(rows: Rows, delay: I64) -> tuple[I64, I64]:
    """Return after how many days an identical copy and a differing copy arrive; -1 where there is none."""
    later = np.minimum(delay + (uniform(rows.row, "copy-delay") * 3).astype(np.int64), LATE_DAYS)
    copies = np.where(uniform(rows.row, "copy") < COPY_SHARE, later, -1)
    differing = (uniform(rows.row, "conflict") < CONFLICT_SHARE) & (delay < LATE_DAYS)
    return copies, np.where(differing, delay + 1, -1)


def chosen(rows: Rows, mask: NDArray[np.bool_] | I64) -> Rows:
    """Return the rows where a mask holds, or those at the given places."""
    return Rows(rows.account[mask], rows.place[mask], rows.row[mask], rows.account_day[mask])


def _gathered(plan: DayPlan, rows: Rows) -> tuple[Columns, NDArray[np.bool_]]:
    who = plan.accounts.who
    share = who["second_share"][rows.account]
    second = (uniform(rows.row, "second") < share) & (plan.number >= who["second_from"][rows.account])
    spot = rows.account + np.where(second, plan.accounts.size, 0)
    return {name: values[spot] for name, values in plan.census.traits.items()}, second


def _when(plan: DayPlan, rows: Rows, traits: Columns, turn: I64) -> I64:
    zone = np.array(cat.TIME_ZONES, dtype=np.float64)[plan.accounts.who["lives"][rows.account]]
    count = plan.counts[rows.account]
    burst_day = combined(traits["burst_key"], plan.number)
    seconds = clock.seconds_of_day(
        traits, zone, rows.account_day, rows.row, burst_day=burst_day, place=rows.place, count=count, turn=turn
    )
    return epoch_us(plan.day) + np.minimum(np.floor(seconds * 1e6).astype(np.int64), DAY_US - 1)


def usage_table(plan: DayPlan, rows: Rows, seed: int, conflicting: bool = False) -> pa.Table:
    """Return rows as a `usage_requests` table, those before sign-up or long after a stop left out.

    With `conflicting` the copies differ from their originals in the token count and the latency.
    """
    who, fate = plan.accounts.who, plan.census.fate
    traits, second = _gathered(plan, rows)
    turn = rows.place % np.maximum(traits["turns"], 1).astype(np.int64)
    at = _when(plan, rows, traits, turn)
    partnered = _surface(traits, rows) == cat.PARTNER
    begins = np.where(partnered, fate.partner[0][rows.account], fate.stop[0][rows.account])
    ends = np.where(partnered, fate.partner[1][rows.account], fate.stop[1][rows.account])
    stopped = (at >= begins) & (at < ends)
    knocks = stopped & (at - np.minimum(begins, at) < BLOCKED_HOURS * 3_600_000_000) & (uniform(rows.row, "knock") < 0.1)
    thief = second & (who["role"][rows.account] == "stolen_key_victim")
    cured = at >= fate.cured_at[rows.account]
    alive = (at > who["created_at"][rows.account] + 600_000_000) & (~stopped | knocks) & ~(thief & cured)
    limited = (at >= fate.limit[0][rows.account]) & (at < fate.limit[1][rows.account]) & (uniform(rows.row, "limit") > 0.25)
    marks = {"blocked": knocks[alive], "limited": limited[alive], "cured": cured[alive]}
    traits = {name: values[alive] for name, values in traits.items()}
    return _assembled(plan, chosen(rows, alive), traits, turn[alive], at[alive], fates=marks, seed=seed, conflicting=conflicting)


def _surface(traits: Columns, rows: Rows) -> I64:
    other = uniform(rows.row, "surface") < traits["second_surface_share"]
    return np.where(other, traits["second_surface"], traits["surface"]).astype(np.int64)


def _assembled(
    plan: DayPlan, rows: Rows, traits: Columns, turn: I64, at: I64, *, fates: Columns, seed: int, conflicting: bool
) -> pa.Table:
    who, row, account = plan.accounts.who, rows.row, who_keys(plan, rows)
    lives = who["lives"][rows.account]
    surface, blocked = _surface(traits, rows), fates["blocked"]
    partnered = surface == cat.PARTNER
    hours = plan.number * 24.0 + (at - epoch_us(plan.day)) / 3.6e9
    model = content.models(traits, row, hours)
    marks = content.labels(traits, rows.account_day, row, rows.place)
    ring = plan.census.ring[rows.account]
    keys = {
        "row": row, "account_day": rows.account_day, "place": rows.place, "turn": turn,
        "ring_day": combined(who["account_key"][ring], plan.number), "ring_count": plan.counts[ring],
    }  # fmt: skip
    hashed = content.hashes(traits, keys, marks, plan.number)
    home_topic = (uniform(account, "home-topic") * len(cat.TOPICS)).astype(np.int64)
    topic = content.topics(traits, home_topic, rows.account_day, row, rows.place)
    size = content.tokens(traits, marks, row, turn, model)
    places = network.addresses(traits, lives, account, rows.account_day, row, day=plan.number)
    throttled = ~blocked & (fates["limited"] | (uniform(row, "throttle") < traits["throttle"]))
    broken = ~blocked & ~throttled & (uniform(row, "failure") < traits["failure"])
    good = ~(blocked | throttled | broken)
    status = np.where(blocked, 403, np.where(throttled, 429, np.where(broken, 500, 200))).astype(np.int16)
    refused = uniform(row, "refusal") < np.where(marks["rewriting"], 0.15, 0.006)
    tooled = (traits["tools"] >= 1) & (uniform(row, "tool-call") < 0.5)
    finish = np.where(~good, 5, np.where(refused, 3, np.where(size["cut"], 1, np.where(tooled, 2, 0))))
    output = np.where(good, np.where(refused, np.minimum(size["output_tokens"], 60), size["output_tokens"]), 0)
    latency = 250 + output * 11 * (0.7 + 0.6 * uniform(row, "speed")) + 200 * uniform(row, "wait")
    if conflicting:
        output, latency = np.where(good, output + 7, 0), latency + 13
    operation = np.where(model == cat.EMBED, 2, np.where(partnered & (traits["generate_share"] > uniform(row, "op")), 3, 0))
    operation = np.where((operation == 0) & (surface == cat.API) & (uniform(account, "legacy") < 0.03), 1, operation)
    api_key = (uniform(row, "key") * np.maximum(traits["keys"], 1)).astype(np.int64)
    api_key = np.where(fates["cured"] & (api_key == 0), REPLACEMENT_KEY, api_key)
    keyed = (surface == cat.API) | (surface == cat.PARTNER)
    tenants = np.floor(traits["end_users"] * uniform(row, "end-user") ** 2).astype(np.int64)
    conversation = combined(rows.account_day, rows.place - turn)
    asked_temperature = np.where(
        traits["temperature_spread"] > 0,
        np.round(uniform(row, "temperature") * 1.2, 1),
        np.round(traits["temperature"], 2),
    )
    limit = traits["max_tokens"].astype(np.int32)
    languages = (uniform(row, "language") * len(cat.LANGUAGES)).astype(np.int64)
    spoken = np.where((traits["languages"] > 0) | (uniform(row, "tongue") < 0.04), languages, who["language_code"][rows.account])
    columns = {
        "request_id": tables.ids("req", salted(row, f"request-{seed}")),
        "requested_at": tables.times(at),
        "account_id": tables.ids("acct", account),
        "api_key_id": tables.ids("key", combined(account, api_key), keyed),
        "end_user_id": tables.ids("eu", combined(traits["tenant_key"], tenants), traits["end_users"] >= 1),
        "conversation_id": tables.ids("conv", conversation, traits["turns"] >= 2),
        "surface": tables.labels(cat.SURFACES, surface),
        "partner": tables.labels(cat.PARTNERS, np.minimum(traits["partner"], 2), partnered),
        "operation_name": tables.labels(cat.OPERATIONS, operation),
        "request_model": tables.labels(cat.ALL_MODELS, model),
        "input_tokens": tables.numbers(np.where(good, size["input_tokens"], 0)),
        "output_tokens": tables.numbers(output),
        "cache_read_input_tokens": tables.numbers(np.where(good, size["cache_read"], 0)),
        "reasoning_output_tokens": tables.numbers(
            np.where(good, np.minimum(size["reasoning_tokens"], output), 0), surface != cat.CHAT
        ),
        "request_temperature": tables.numbers(asked_temperature.astype(np.float64), traits["temperature"] >= 0),
        "request_top_p": tables.numbers(np.round(traits["top_p"].astype(np.float64), 2), traits["top_p"] >= 0),
        "request_max_tokens": tables.numbers(limit, limit > 0),
        "request_choice_count": tables.numbers(np.floor(traits["choices"]).astype(np.int32), surface != cat.CHAT),
        "request_logprobs": tables.numbers(uniform(row, "logprobs") < traits["logprobs"], surface == cat.API),
        "request_stream": tables.numbers(uniform(row, "stream") < traits["stream"]),
        "is_batch": tables.numbers(uniform(rows.account_day, "batch") < traits["batch"]),
        "thinking_enabled": tables.numbers(size["thinking"]),
        "tool_count": tables.numbers(np.floor(traits["tools"]).astype(np.int32)),
        "finish_reason": tables.labels(cat.FINISH, finish),
        "http_status": tables.numbers(status),
        "latency_ms": tables.numbers(latency.astype(np.int32)),
        "ip_hash": tables.numbers(signed(places["ip"])),
        "ip_prefix_hash": tables.numbers(signed(places["prefix"])),
        "user_agent_hash": tables.numbers(signed(network.agents(traits, account, row, surface))),
        "asn": tables.numbers(places["asn"]),
        "country": tables.labels(cat.COUNTRIES, places["country"]),
        "prompt_hash": tables.numbers(signed(hashed["prompt_hash"])),
        "input_content_hash": tables.numbers(signed(hashed["input_content_hash"]), hashed["has_material"]),
        "response_hash": tables.numbers(signed(hashed["response_hash"]), good & (model != cat.EMBED)),
        "graded_content_hash": tables.numbers(signed(hashed["graded_content_hash"]), marks["grading"]),
        "input_message_count": tables.numbers((1 + 2 * turn).astype(np.int32)),
        "prompt_template_hash": tables.numbers(signed(hashed["prompt_template_hash"])),
        "system_prompt_hash": tables.numbers(signed(hashed["system_prompt_hash"]), traits["system"] > 0),
        "topic": tables.labels(cat.TOPICS, topic),
        "elicits_reasoning": tables.numbers(marks["elicits_reasoning"]),
        "grades_output": tables.numbers(marks["grades_output"]),
        "rewrites_sensitive": tables.numbers(marks["rewrites_sensitive"]),
        "language": tables.labels(cat.LANGUAGES, spoken),
    }
    return tables.assembled("usage_requests", columns, len(row))


def who_keys(plan: DayPlan, rows: Rows) -> U64:
    """Return the account key of each row."""
    return plan.accounts.who["account_key"][rows.account]
