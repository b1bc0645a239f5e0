"""Spans as exporters write them, in any lawful encoding, and what lands of them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.adapters.edge_key import EdgeKey, read_edge_key, write_new_edge_key
from orchestration.adapters.running import Landed, land
from orchestration.adapters.settings import read_sources

DAY = date(2026, 1, 1)
NOON = 1_767_268_800_000_000_000
"""Nanoseconds since 1970 at noon of the day."""
Value = str | int | float | bool | list[str]
REQUEST: dict[str, Value] = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "anthropic",
    "gen_ai.request.model": "m-1",
    "gen_ai.usage.input_tokens": 100,
    "gen_ai.usage.output_tokens": 20,
    "tenant.id": "t1",
}
"""A request with nothing beyond what one must have."""


@dataclass(frozen=True)
class Span:
    """One span; times are whole microseconds, as all that lands of them."""

    number: int = 1
    attributes: Mapping[str, Value] = field(default_factory=lambda: REQUEST)
    resource: Mapping[str, Value] = field(default_factory=dict[str, Value])
    start: int = NOON
    latency: int = 1_500_000_000
    status: int = 0
    kind: int = 3

    @property
    def trace_id(self) -> str:
        return f"{self.number:032x}"

    @property
    def span_id(self) -> str:
        return f"{self.number + 0xABC0:016x}"


def request(number: int = 1, *, without: Sequence[str] = (), **given: Any) -> Span:
    """Return a request's span with other attributes, given as `gen_ai__request__top_p=0.5`, and without some."""
    fields = {name: given.pop(name) for name in ("resource", "start", "latency", "status", "kind") if name in given}
    changed = {name.replace("__", "."): value for name, value in given.items()}
    attributes = {name: value for name, value in (REQUEST | changed).items() if name not in without}
    return Span(number=number, attributes=attributes, **fields)


def any_value(value: Value) -> dict[str, Any]:
    """Return a value as OTLP's JSON has it, an integer as text."""
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value}
        case str():
            return {"stringValue": value}
        case list():
            return {"arrayValue": {"values": [{"stringValue": each} for each in value]}}


def key_values(attributes: Mapping[str, Value]) -> list[dict[str, Any]]:
    return [{"key": name, "value": any_value(value)} for name, value in attributes.items()]


def otlp_span(span: Span) -> dict[str, Any]:
    return {
        "traceId": span.trace_id,
        "spanId": span.span_id,
        "parentSpanId": "",
        "flags": 256,
        "name": "chat m-1",
        "kind": span.kind,
        "startTimeUnixNano": str(span.start),
        "endTimeUnixNano": str(span.start + span.latency),
        "attributes": key_values(span.attributes),
        "status": {"code": span.status} if span.status else {},
    }


def otlp(spans: Sequence[Span]) -> dict[str, Any]:
    """Return spans as one batch, each under its resource."""
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": key_values(span.resource)},
                "scopeSpans": [{"scope": {"name": "test"}, "spans": [otlp_span(span)]}],
            }
            for span in spans
        ]
    }


def write_lines(folder: Path, *batches: Sequence[Span], name: str = "traces.jsonl") -> Path:
    """Write batches, one a line, as the collector's file exporter does."""
    return write_text(folder, "".join(json.dumps(otlp(batch), separators=(",", ":")) + "\n" for batch in batches), name)


def write_text(folder: Path, text: str, name: str = "traces.jsonl") -> Path:
    path = folder / "spans" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def as_text(value: Value) -> str:
    match value:
        case str():
            return value
        case _:
            return json.dumps(value)


def _map_rows(span: Span) -> dict[str, Any]:
    return {
        "attributes": [(name, as_text(value)) for name, value in span.attributes.items()],
        "resource_attributes": [(name, as_text(value)) for name, value in span.resource.items()],
    }


def _json_rows(span: Span) -> dict[str, Any]:
    return {"attributes": json.dumps(dict(span.attributes)), "resource_attributes": json.dumps(dict(span.resource))}


def _column_rows(prefix: str) -> Callable[[Span], dict[str, Any]]:
    def row(span: Span) -> dict[str, Any]:
        inside = {f"{prefix}{name}": value for name, value in span.attributes.items()}
        return inside | {f"resource.attributes.{name}": value for name, value in span.resource.items()}

    return row


def _struct_rows(span: Span) -> dict[str, Any]:
    return {"attributes": dict(span.attributes), "resource_attributes": dict(span.resource) or None}


FORMS: dict[str, Callable[[Span], dict[str, Any]]] = {
    "map": _map_rows,
    "json": _json_rows,
    "columns": _column_rows("attributes."),
    "bare_columns": _column_rows(""),
    "struct": _struct_rows,
}
"""What of attributes a row of a Parquet export has, by form."""
MAP = pa.map_(pa.string(), pa.string())


def write_parquet(folder: Path, spans: Sequence[Span], form: str) -> Path:
    """Write a row a span; `clickhouse` is the form of its exporter."""
    path = folder / "spans" / f"{form}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    if form == "clickhouse":
        pq.write_table(clickhouse_table(spans), path)
        return path
    rows = [
        {
            "trace_id": span.trace_id,
            "span_id": span.span_id,
            "kind": span.kind,
            "start_time_unix_nano": span.start,
            "end_time_unix_nano": span.start + span.latency,
            "status_code": span.status,
        }
        | FORMS[form](span)
        for span in spans
    ]
    columns = dict.fromkeys(name for row in rows for name in row)
    arrays = {
        name: pa.array([row.get(name) for row in rows], MAP if form == "map" and name.endswith("attributes") else None)
        for name in columns
    }
    pq.write_table(pa.table(arrays), path)
    return path


def clickhouse_table(spans: Sequence[Span]) -> pa.Table:
    columns: dict[str, pa.Array] = {
        "Timestamp": pa.array([span.start for span in spans], pa.timestamp("ns")),
        "TraceId": pa.array([span.trace_id for span in spans]),
        "SpanId": pa.array([span.span_id for span in spans]),
        "SpanName": pa.array(["chat m-1" for _ in spans]),
        "SpanKind": pa.array([("Unspecified", "Internal", "Server", "Client")[span.kind] for span in spans]),
        "ResourceAttributes": pa.array([_map_rows(span)["resource_attributes"] for span in spans], MAP),
        "SpanAttributes": pa.array([_map_rows(span)["attributes"] for span in spans], MAP),
        "Duration": pa.array([span.latency for span in spans], pa.uint64()),
        "StatusCode": pa.array([("Unset", "Ok", "Error")[span.status] for span in spans]),
        "StatusMessage": pa.array(["" for _ in spans]),
    }
    return pa.table(columns)


class Provider:
    """A folder of exports, its settings and its landing folder."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder, self.landing = folder, folder / "landing"
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "key.json").exists():
            write_new_edge_key(folder / "key.json")
        otel = {"folder": ".", "account_from": ["tenant.id"]} | settings
        self.sources = folder / "sources.yml"
        self.sources.write_text(json.dumps({"edge_key_file": "key.json", "otel": otel}), encoding="utf-8")

    @property
    def key(self) -> EdgeKey:
        return read_edge_key(self.folder / "key.json", self.landing)

    def land(self, day: date = DAY) -> Landed:
        return land(read_sources(self.sources), self.landing, day)

    def rows(self, table: str = "usage_requests") -> list[dict[str, Any]]:
        """Return what lies in the landing folder, in the order of requests."""
        files = f"read_parquet('{self.landing}/{table}/*/*.parquet', hive_partitioning = true, union_by_name = true)"
        found = duckdb.sql(f"from {files} order by all")
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]

    def by_number(self, *spans: Span) -> dict[int, dict[str, Any]]:
        """Return the landed request of each span that has no id of its answer, by the span's number."""
        landed = {row["request_id"]: row for row in self.rows()}
        keys = {span.number: self.key.text("request", f"{span.trace_id}:{span.span_id}") for span in spans}
        return {number: landed[key] for number, key in keys.items() if key in landed}
