"""Hand-made facts with a known truth, for the metric rows."""

from datetime import date, datetime, timedelta

import polars as pl

from orchestration.measurement.facts import FACTS

AS_OF = date(2026, 3, 31)
ENFORCED = date(2026, 2, 1)


def empty_facts() -> dict[str, pl.DataFrame]:
    """Every facts model without rows."""
    return {model: pl.DataFrame(schema=schema) for model, schema in FACTS.items()}


def frame(model: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    """Rows of one model; a column not given is NULL."""
    schema = FACTS[f"int_measurement__{model}"]
    return pl.DataFrame([{column: row.get(column) for column in schema} for row in rows], schema=schema, orient="row")


def facts_with(**models: list[dict[str, object]]) -> dict[str, pl.DataFrame]:
    """Empty facts but for the models given."""
    return empty_facts() | {f"int_measurement__{model}": frame(model, rows) for model, rows in models.items()}


def at(day: date, hours: float = 0) -> datetime:
    """That many hours into a day."""
    return datetime(day.year, day.month, day.day) + timedelta(hours=hours)


def unit_days(units: int, drop: float, trend: float) -> list[dict[str, object]]:
    """Units at 100 requests a day, two controls each at 80; all rise by `trend` percent and the units fall by `drop` after."""
    rows: list[dict[str, object]] = []
    for number in range(units):
        for member, level, fall in (("self", 100, drop), ("c1", 80, 0), ("c2", 80, 0)):
            for day in range(-56, 29):
                after = day > 0
                # a wobble that is the same in every unit keeps the series from being exactly a line
                usual = level + number + day % 3
                volume = usual + (usual * trend / 100 - fall if after else 0)
                rows.append(
                    {
                        "unit_id": f"u{number}",
                        "member_unit_id": f"u{number}" if member == "self" else f"{member}{number}",
                        "is_control": member != "self",
                        "activity_date": ENFORCED + timedelta(days=day),
                        "relative_day": day,
                        "request_count": round(volume),
                        "output_tokens": round(volume) * 10,
                        "returned_request_count": 5 if after and member == "self" else 0,
                        "returned_output_tokens": 50 if after and member == "self" else 0,
                    }
                )
    return rows
