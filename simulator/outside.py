"""What reaches the provider from outside: model releases, intelligence, leads and corroboration.

Belongs here: a few rows with dates fixed by the world, some true, some stale, some wrong.
"""

from datetime import date

import numpy as np
import pyarrow as pa

from simulator import catalogue as cat
from simulator.blocks import Block
from simulator.people import DAY_US, epoch_us
from simulator.schema import SCHEMAS
from simulator.streams import combined, generator, salted, signed
from simulator.tables import id_text

Row = dict[str, object]
_TOLD_BY = ("partner", "intelligence", "investigation")
_CLAIMED_BY = ("customer", "public_report")
_AGES = (200, 200, 400, 520)
"""Days before the world in which each of MODELS was released."""


def _at(start: date, offset: float) -> int:
    return epoch_us(start) + int(offset * DAY_US)


def _release(start: date, name: str, offset: float, frontier: bool, rival: bool) -> Row:
    return {"request_model": name, "released_at": _at(start, offset), "is_frontier": frontier, "is_rival": rival}


def model_releases(start: date, day_number: int) -> pa.Table:
    """Return models released on a day; those older than the world arrive on its first day."""
    rows: list[Row] = []
    if day_number == 0:
        rows += [_release(start, name, -age, name == cat.MODELS[0], False) for name, age in zip(cat.MODELS, _AGES, strict=True)]
    for names, offsets, rival in (
        (cat.FRONTIER_MODELS, cat.FRONTIER_OFFSETS, False),
        (cat.RIVAL_MODELS, cat.RIVAL_OFFSETS, True),
    ):
        rows += [
            _release(start, name, offset + cat.RELEASE_HOUR / 24, True, rival)
            for name, offset in zip(names, offsets, strict=True)
            if offset == day_number
        ]
    return rows_table("model_releases", rows)


def rows_table(table: str, rows: list[Row]) -> pa.Table:
    """Return rows as a landing table; a missing column is NULL, a time is microseconds since 1970."""
    schema = SCHEMAS[table]
    return pa.Table.from_arrays(
        [pa.array([row.get(field.name) for row in rows], type=field.type) for field in schema], schema=schema
    )


def _members(blocks: tuple[Block, ...], number: int) -> tuple[Block, np.ndarray] | None:
    for block in blocks:
        spot = np.flatnonzero(block.who["campaign"] == number)
        if len(spot):
            return block, spot
    return None


def _indicator(start: date, seed: int, name: str, offset: float, kind: str, *, value: str, confidence: float, live: int) -> Row:
    number = int(generator(seed, "indicator", name).integers(0, 2**63))
    return {
        "indicator_id": id_text("ind", number), "indicator_type": kind, "value": value,
        "campaign": name.partition("/")[0], "source": ("frontier_forum", "vendor_feed", "own_research")[number % 3],
        "confidence": confidence, "first_seen_at": _at(start, offset), "expires_at": _at(start, offset + live),
    }  # fmt: skip


def _true_indicators(blocks: tuple[Block, ...], start: date, seed: int, campaigns: int) -> list[Row]:
    rows: list[Row] = []
    for number in range(campaigns):
        found = _members(blocks, number)
        if found is None:
            continue
        block, spot = found
        who, first = block.who, block.first
        one = int(spot[len(spot) // 3])
        begins = float(who["active_from"][spot].min())
        card = id_text("pm", int(salted(who["payment_key"][one : one + 1], "card")[0]))
        device = str(int(signed(who["device_key"][one : one + 1])[0]))
        family = combined(first["template_key"][one : one + 1], 0)
        template = str(int(signed(combined(family, 0))[0]))
        name = f"intel-{number}"
        if number % 2 == 0:
            rows.append(
                _indicator(
                    start,
                    seed,
                    f"{name}/card",
                    begins + 9.4,
                    "payment_method_fingerprint",
                    value=card,
                    confidence=0.8,
                    live=60,
                )
            )
        else:
            rows.append(
                _indicator(start, seed, f"{name}/device", begins + 7.6, "device_hash", value=device, confidence=0.7, live=45)
            )
        rows.append(
            _indicator(
                start,
                seed,
                f"{name}/template",
                begins + 14.2,
                "prompt_template_hash",
                value=template,
                confidence=0.6,
                live=30,
            )
        )
    return rows


def _misleading_indicators(blocks: tuple[Block, ...], start: date, seed: int) -> list[Row]:
    stream = generator(seed, "misleading")
    who = blocks[0].who
    harmless = np.flatnonzero(who["role"] == "ordinary")
    first, second, third = (int(value) for value in stream.choice(harmless, 3, replace=False))
    stale = id_text("pm", int(salted(who["payment_key"][first : first + 1], "card")[0]))
    device = str(int(signed(who["device_key"][second : second + 1])[0]))
    return [
        _indicator(start, seed, "stale/card", -50.0, "payment_method_fingerprint", value=stale, confidence=0.7, live=40),
        _indicator(start, seed, "wrong/device", 5.5, "device_hash", value=device, confidence=0.35, live=40),
        _indicator(start, seed, "broad/asn", 0.2, "asn", value=str(cat.HOSTING_ASNS[2]), confidence=0.2, live=90),
        _indicator(start, seed, "broad/domain", 0.3, "email_domain", value=cat.DISPOSABLE_DOMAINS[0], confidence=0.4, live=90),
        _indicator(
            start,
            seed,
            "wrong/account",
            11.5,
            "account_id",
            value=id_text("acct", int(who["account_key"][third])),
            confidence=0.3,
            live=30,
        ),
    ]


def intel_indicators(blocks: tuple[Block, ...], start: date, day_number: int, seed: int, campaigns: int) -> pa.Table:
    """Return indicators first seen on a day; older ones arrive on the world's first day."""
    rows = _true_indicators(blocks, start, seed, campaigns) + _misleading_indicators(blocks, start, seed)
    low = _at(start, day_number) if day_number else -(2**62)
    return rows_table("intel_indicators", [r for r in rows if low <= _time(r, "first_seen_at") < _at(start, day_number + 1)])


def _time(row: Row, column: str) -> int:
    return int(str(row[column]))


def external_leads(blocks: tuple[Block, ...], start: date, day_number: int, seed: int, campaigns: int) -> pa.Table:
    """Return leads from outside received on a day: one for each campaign, some for harmless accounts."""
    stream = generator(seed, "external-leads")
    rows: list[Row] = []
    for number in range(campaigns):
        found = _members(blocks, number)
        if found is None:
            continue
        block, spot = found
        one = int(spot[int(stream.integers(0, len(spot)))])
        received = float(block.who["active_from"][spot].min()) + 11 + float(stream.random() * 6)
        rows.append(
            _lead(
                start,
                seed,
                f"true-{number}",
                received,
                int(block.who["account_key"][one]),
                origin=_TOLD_BY[number % 3],
                priority="high",
            )
        )
    who = blocks[0].who
    harmless = np.flatnonzero((who["role"] == "ordinary") & (who["joined_day"] < 0))
    for number in range(40):
        one = int(harmless[int(stream.integers(0, len(harmless)))])
        received = 4 + 9 * number + float(stream.random() * 3)
        rows.append(
            _lead(
                start,
                seed,
                f"false-{number}",
                received,
                int(who["account_key"][one]),
                origin=_CLAIMED_BY[number % 2],
                priority="normal",
            )
        )
    low, high = _at(start, day_number), _at(start, day_number + 1)
    return rows_table("external_leads", [row for row in rows if low <= _time(row, "received_at") < high])


def _lead(start: date, seed: int, name: str, offset: float, account: int, *, origin: str, priority: str) -> Row:
    number = int(generator(seed, "lead", name).integers(0, 2**63))
    return {
        "external_lead_id": id_text("xl", number), "received_at": _at(start, offset), "origin": origin,
        "subject_type": "account", "subject_id": id_text("acct", account), "priority": priority,
        "summary_ref": id_text("ref", number ^ 1),
    }  # fmt: skip


def external_corroboration(blocks: tuple[Block, ...], start: date, day_number: int, seed: int, campaigns: int) -> pa.Table:
    """Return evidence from outside observed on a day: one piece for every second campaign, about a member."""
    rows: list[Row] = []
    for number in range(0, campaigns, 2):
        found = _members(blocks, number)
        if found is None:
            continue
        block, spot = found
        stream = generator(seed, "corroboration", number)
        one = int(spot[int(stream.integers(0, len(spot)))])
        token = int(stream.integers(0, 2**63))
        offset = float(block.who["active_from"][spot].min()) + 18 + float(stream.random() * 3)
        rows.append({
            "corroboration_id": id_text("cor", token), "subject_type": "account",
            "subject_id": id_text("acct", int(block.who["account_key"][one])),
            "kind": ("student_probe", "watermark", "open_source")[number // 2 % 3],
            "strength": round(0.5 + 0.4 * float(stream.random()), 2), "observed_at": _at(start, offset),
            "summary_ref": id_text("ref", token ^ 1),
        })  # fmt: skip
    low, high = _at(start, day_number), _at(start, day_number + 1)
    return rows_table("external_corroboration", [row for row in rows if low <= _time(row, "observed_at") < high])
