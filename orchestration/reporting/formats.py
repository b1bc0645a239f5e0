"""How numbers, dates and codes are written: thousands separated, two significant decimals, ISO dates."""

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final, Literal

Unit = Literal["share", "days", "count", "number"]
MISSING: Final = "–"  # noqa: RUF001  (the typographic dash a reader expects in an empty cell)

_NAMES: Final[Mapping[str, str]] = {
    "api": "API",
    "all": "All surfaces",
    "score": "Highest scores",
    "audit_flagged": "Audit of flagged",
    "audit_unflagged": "Audit of unflagged",
    "external": "External lead",
}


def name(code: str | None) -> str:
    """Write a vocabulary code as words: `coding_agent` is "Coding agent"; unknown codes keep their letters."""
    if not code:
        return MISSING
    return _NAMES.get(code) or (code[:1].upper() + code[1:]).replace("_", " ")


def count(value: float | None) -> str:
    """Write a whole number with thousands separated."""
    return MISSING if value is None else f"{value:,.0f}"


def number(value: float | None) -> str:
    """Write a number: whole from 100 up or where it is whole, else with two significant digits."""
    if value is None or not math.isfinite(value):
        return MISSING
    if value == round(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    decimals = max(0, 1 - math.floor(math.log10(abs(value))))
    return f"{value:,.{decimals}f}"


def share(value: float | None) -> str:
    """Write a share (1 is everything) as a percentage with two significant digits."""
    return MISSING if value is None or not math.isfinite(value) else f"{number(round(value * 100, 9))}%"


def days(value: float | None) -> str:
    """Write a length of time in days."""
    text = number(value)
    return text if text == MISSING else f"{text} day" if text == "1" else f"{text} days"


def iso(value: date | datetime | None) -> str:
    """Write a date, or a timestamp to the minute, as ISO 8601 without its zone (all are UTC)."""
    if value is None:
        return MISSING
    return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else value.isoformat()


def writer(unit: Unit) -> Callable[[float | None], str]:
    """Return the function that writes values of `unit`."""
    return {"share": share, "days": days, "count": count, "number": number}[unit]


def interval(lower: float | None, upper: float | None, unit: Unit) -> str:
    """Write a 95% interval as "2.1 to 4.0 days"; the dash where either bound is unknown."""
    if lower is None or upper is None:
        return MISSING
    write = writer(unit)
    return f"{number(lower) if unit == 'days' else write(lower)} to {write(upper)}"


def plural(amount: int, one: str, many: str | None = None) -> str:
    """Write an amount with its noun: "1 lead", "2 leads", "0 leads"."""
    return f"{amount:,} {one if amount == 1 else many or one + 's'}"


def listed(items: list[str]) -> str:
    """Join words as English does: "a", "a and b", "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
