"""Anthropic's organisation reports: usage of messages, and cost.

Belongs here: what their buckets hold. Requests are not counted there. A dimension is null unless the report was grouped by it,
and a null workspace or key is a workspace or key too, so rows are added up whatever they are grouped by.
"""

from datetime import datetime
from typing import Any

from orchestration.adapters.usage_reports.buckets import COSTS, MODEL_NOT_GIVEN, Bucket, Usage, money
from orchestration.adapters.usage_reports.pages import Page

MESSAGES = "messages"
_TOKENS = ("uncached_input_tokens", "cache_read_input_tokens", "output_tokens")


def buckets_of(page: Page, name: str) -> list[Bucket]:
    """Return the buckets of a page of either report; a page without a row is told by its file's name.

    Raises KeyError, TypeError, ValueError or ArithmeticError where a bucket is none of these.
    """
    report = _report(page, name)
    return [
        Bucket(
            report=report,
            starts_at=datetime.fromisoformat(bucket["starting_at"]),
            ends_at=datetime.fromisoformat(bucket["ending_at"]),
            rows=tuple(_cost(row) if report == COSTS else _messages(row) for row in bucket["results"]),
        )
        for bucket in page["data"]
        if report is not None
    ]


def _report(page: Page, name: str) -> str | None:
    rows = [row for bucket in page["data"] for row in bucket["results"]]
    if rows:
        return COSTS if "amount" in rows[0] else MESSAGES
    lower = name.lower()
    return COSTS if "cost" in lower else MESSAGES if "usage" in lower or "messages" in lower else None


def _messages(row: dict[str, Any]) -> Usage:
    uncached, read, output = (int(row[column] or 0) for column in _TOKENS)
    # an input token is counted as one of the three: read, written to the cache, or neither
    written = sum(int(count or 0) for count in (row.get("cache_creation") or {}).values())
    return Usage(
        model=row.get("model") or MODEL_NOT_GIVEN,
        input_tokens=uncached + read + written,
        output_tokens=output,
        cache_read_input_tokens=read,
    )


def _cost(row: dict[str, Any]) -> Usage:
    # the amount is a decimal text in cents already
    return Usage(
        model=row.get("model") or MODEL_NOT_GIVEN,
        cost_minor_units=money(row["amount"]),
        currency=str(row["currency"]).upper(),
    )
