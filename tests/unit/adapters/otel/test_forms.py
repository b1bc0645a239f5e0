"""Whatever the encoding and whatever the format of an export, the same spans land as the same rows."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .spans import (
    FORMS,
    NOON,
    Provider,
    Span,
    Value,
    key_values,
    otlp,
    otlp_span,
    request,
    write_lines,
    write_parquet,
    write_text,
)

SETTINGS = {"account_from": ["tenant.id", "org"], "api_key_from": ["key.id"]}
MIXED = [
    request(
        1, start=NOON + 123_456_789, gen_ai__request__temperature=0.25, gen_ai__response__finish_reasons=["stop"], key__id="k1"
    ),
    request(2, without=("tenant.id",), org="o1", resource={"key.id": "k2", "service.name": "gateway"}, status=2),
    request(3, http__response__status_code=429, client__address="203.0.113.7", user__id="u1", kind=2),
    request(4, without=("gen_ai.provider.name",), gen_ai__system="vertex_ai", gen_ai__request__stream=True),
    request(5, without=("tenant.id",), resource={"tenant.id": "r1"}, latency=2_000_000),
    request(6, gen_ai__operation__name="execute_tool"),
]


def landed(folder: Path, write: Any) -> list[dict[str, Any]]:
    """Return the rows of an export that `write` puts into a folder, all under one key."""
    provider = Provider(folder, **SETTINGS)
    write(folder)
    provider.land()
    return provider.rows()


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("usual")
    return folder, landed(folder, lambda place: write_lines(place, MIXED))


def under_the_same_key(usual: tuple[Path, list[dict[str, Any]]], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "key.json").write_bytes((usual[0] / "key.json").read_bytes())
    (folder / "key.json").chmod(0o600)
    return folder


@pytest.mark.parametrize("form", [*FORMS, "clickhouse"])
def test_parquet_lands_row_for_row_as_json(usual: tuple[Path, list[dict[str, Any]]], tmp_path: Path, form: str) -> None:
    assert len(usual[1]) == 5
    assert landed(under_the_same_key(usual, tmp_path), lambda place: write_parquet(place, MIXED, form)) == usual[1]


def test_nanoseconds_are_cut_off_and_not_rounded(usual: tuple[Path, list[dict[str, Any]]]) -> None:
    assert {row["requested_at"].microsecond for row in usual[1]} == {0, 123_456}


def snake(value: Any) -> Any:
    """Return OTLP's JSON with its keys in snake case."""
    names = {
        "resourceSpans": "resource_spans",
        "scopeSpans": "scope_spans",
        "traceId": "trace_id",
        "spanId": "span_id",
        "startTimeUnixNano": "start_time_unix_nano",
        "endTimeUnixNano": "end_time_unix_nano",
        "stringValue": "string_value",
        "intValue": "int_value",
        "doubleValue": "double_value",
        "boolValue": "bool_value",
        "arrayValue": "array_value",
    }
    if isinstance(value, dict):
        return {names.get(key, key): snake(inner) for key, inner in value.items()}
    return [snake(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "text",
    [
        lambda: json.dumps(otlp(MIXED), indent=2),
        lambda: json.dumps([otlp(MIXED[:2]), otlp(MIXED[2:])]),
        lambda: json.dumps([otlp(MIXED[:2]), otlp(MIXED[2:])], indent=1),
        lambda: json.dumps(snake(otlp(MIXED))) + "\n",
        lambda: "\n" + json.dumps(otlp(MIXED[:1])) + "\n\n" + json.dumps(otlp(MIXED[1:])),
        lambda: json.dumps(otlp(MIXED)) + "\n" + json.dumps({"resourceMetrics": []}) + "\n",
    ],
    ids=["laid out", "list", "list laid out", "snake case", "blank lines", "metrics beside"],
)
def test_json_of_any_layout_lands_alike(usual: tuple[Path, list[dict[str, Any]]], tmp_path: Path, text: Any) -> None:
    assert landed(under_the_same_key(usual, tmp_path), lambda place: write_text(place, text(), "x.json")) == usual[1]


NUMBERS = st.one_of(st.integers(0, 10**6), st.floats(0, 100, allow_nan=False).map(lambda value: round(value, 4)))
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(str.strip)
ATTRIBUTES: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(
    {
        "gen_ai.operation.name": st.sampled_from(["chat", "embeddings", "text_completion"]),
        "gen_ai.request.model": WORDS,
        "tenant.id": st.one_of(WORDS, st.integers(1, 99)),
        "gen_ai.usage.input_tokens": st.integers(0, 10**7),
        "gen_ai.usage.output_tokens": st.integers(0, 10**7),
    },
    optional={
        "gen_ai.request.temperature": NUMBERS,
        "gen_ai.request.top_p": st.floats(0, 1, allow_nan=False),
        "gen_ai.request.max_tokens": st.integers(0, 10**6),
        "gen_ai.request.stream": st.booleans(),
        "gen_ai.response.finish_reasons": st.lists(st.sampled_from(["stop", "length", "tool_use"]), min_size=1, max_size=3),
        "gen_ai.response.id": st.uuids().map(str),
        "user.id": WORDS,
        "http.response.status_code": st.integers(100, 599),
        "gen_ai.input.messages": WORDS,
    },
)
SPANS = st.lists(st.tuples(ATTRIBUTES, st.integers(0, 10**9), st.integers(0, 10**6)), min_size=1, max_size=6).map(
    lambda given: [
        Span(number, attributes, start=NOON + start * 1000, latency=latency * 1000)
        for number, (attributes, start, latency) in enumerate(given, 1)
    ]
)


def recoded(value: Value, draw: st.DrawFn) -> dict[str, Any]:
    """Return a value in a lawful spelling: an integer may be a number, a float a text."""
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return draw(st.sampled_from([{"intValue": str(value)}, {"intValue": value}]))
        case float():
            return draw(st.sampled_from([{"doubleValue": value}, {"doubleValue": repr(value)}]))
        case str():
            return {"stringValue": value}
        case list():
            return {"arrayValue": {"values": [{"stringValue": each} for each in value]}}


@st.composite
def recoded_texts(draw: st.DrawFn, spans: list[Span]) -> str:
    """Return spans as JSON in a drawn spelling: order, foreign keys, batches, ids in capitals, numbers as text or not."""
    batches: list[dict[str, Any]] = []
    for span in draw(st.permutations(spans)):
        told = otlp_span(span)
        attributes = [{"key": name, "value": recoded(value, draw)} for name, value in span.attributes.items()]
        foreign = [{"key": "foreign", "value": {"kvlistValue": {"values": key_values({"tenant.id": "not this"})}}}]
        told["attributes"] = draw(st.permutations([*attributes, *foreign]))
        if draw(st.booleans()):
            told |= {"startTimeUnixNano": span.start, "endTimeUnixNano": span.start + span.latency}
        if draw(st.booleans()):
            told |= {"traceId": span.trace_id.upper(), "spanId": span.span_id.upper(), "kind": "SPAN_KIND_CLIENT"}
        told = dict(draw(st.permutations(list(told.items()))))
        batch = {"resourceSpans": [{"schemaUrl": "", "scopeSpans": [{"spans": [told]}]}]}
        batches.append(snake(batch) if draw(st.booleans()) else batch)
    ascii_only = draw(st.booleans())
    return "".join(json.dumps(batch, ensure_ascii=ascii_only) + "\n" for batch in batches)


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_any_lawful_encoding_lands_the_same(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    spans = data.draw(SPANS)
    first = tmp_path_factory.mktemp("first")
    rows = landed(first, lambda place: write_lines(place, spans))
    assert len(rows) == len({span.attributes.get("gen_ai.response.id", span.number) for span in spans})
    usual = (first, rows)
    text = data.draw(recoded_texts(spans))
    assert landed(under_the_same_key(usual, first / "again"), lambda place: write_text(place, text)) == rows
    form = data.draw(st.sampled_from(["map", "json", "columns", "clickhouse"]))
    if form != "columns" or len({type(span.attributes["tenant.id"]) for span in spans}) == 1:
        assert landed(under_the_same_key(usual, first / form), lambda place: write_parquet(place, spans, form)) == rows
