"""OpenAI's organisation reports: usage of completions and embeddings, and costs.

Belongs here: what their buckets hold. Times are seconds since 1970. What is counted in pictures, characters or seconds, and what
comes without a model's request (vector stores, sessions), is no usage of tokens and is passed over.
"""

from datetime import UTC, datetime
from typing import Any

from orchestration.adapters.usage_reports.buckets import COSTS, MODEL_NOT_GIVEN, Bucket, Usage, money
from orchestration.adapters.usage_reports.pages import Page

REPORTS = {
    "organization.usage.completions.result": "completions",
    "organization.usage.embeddings.result": "embeddings",
    "organization.costs.result": COSTS,
}
_WITHOUT_MINOR_UNITS = {
    "BIF",
    "CLP",
    "DJF",
    "GNF",
    "JPY",
    "KMF",
    "KRW",
    "MGA",
    "PYG",
    "RWF",
    "UGX",
    "VND",
    "VUV",
    "XAF",
    "XOF",
    "XPF",
}


def buckets_of(page: Page, name: str) -> list[Bucket]:
    """Return the buckets of a page of one of the reports; a page without a row is told by its file's name.

    Raises KeyError, TypeError, ValueError or ArithmeticError where a bucket is none of these.
    """
    report = _report(page, name)
    return [
        Bucket(
            report=report,
            starts_at=datetime.fromtimestamp(int(bucket["start_time"]), tz=UTC),
            ends_at=datetime.fromtimestamp(int(bucket["end_time"]), tz=UTC),
            rows=tuple(_cost(row) if report == COSTS else _usage(row) for row in _rows(bucket)),
        )
        for bucket in page["data"]
        if report is not None
    ]


def _rows(bucket: dict[str, Any]) -> list[dict[str, Any]]:
    # early answers of the API called it `result`
    rows: list[dict[str, Any]] = bucket["results"] if "results" in bucket else bucket["result"]
    return rows


def _report(page: Page, name: str) -> str | None:
    rows = [row for bucket in page["data"] for row in _rows(bucket)]
    if rows:
        return REPORTS.get(rows[0]["object"])
    return next((report for report in REPORTS.values() if report in name.lower()), None)


def _usage(row: dict[str, Any]) -> Usage:
    # input_tokens holds the cached ones, those written to the cache, and those of sound and pictures already
    return Usage(
        model=row.get("model") or MODEL_NOT_GIVEN,
        request_count=int(row["num_model_requests"]),
        input_tokens=int(row["input_tokens"]),
        output_tokens=int(row.get("output_tokens") or 0),
        cache_read_input_tokens=int(row.get("input_cached_tokens") or 0),
    )


def _cost(row: dict[str, Any]) -> Usage:
    amount = row["amount"]
    currency = str(amount["currency"]).upper()
    value = money(amount["value"])
    return Usage(
        cost_minor_units=value if currency in _WITHOUT_MINOR_UNITS else value * 100,
        currency=currency,
    )
