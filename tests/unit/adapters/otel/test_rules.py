"""Each rule by which a span becomes a request: one run over many spans, each with one fact of its own."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from orchestration.adapters.running import Landed

from .spans import DAY, NOON, Provider, Span, request, write_lines

NO_TOKENS = ("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens")
CASES: dict[str, tuple[Span, dict[str, Any]]] = {
    "what is there": (
        request(),
        {
            "surface": "api",
            "partner": None,
            "operation_name": "chat",
            "request_model": "m-1",
            "input_tokens": 100,
            "output_tokens": 20,
            "http_status": 200,
            "latency_ms": 1500,
            "thinking_enabled": None,
            "finish_reason": None,
            "ip_hash": None,
            "end_user_id": None,
        },
    ),
    "settings as sent": (
        request(
            gen_ai__request__temperature=0.5,
            gen_ai__request__top_p=1,
            gen_ai__request__max_tokens=64,
            gen_ai__request__choice__count=3,
            gen_ai__request__stream=True,
        ),
        {
            "request_temperature": 0.5,
            "request_top_p": 1.0,
            "request_max_tokens": 64,
            "request_choice_count": 3,
            "request_stream": True,
        },
    ),
    "token parts": (
        request(gen_ai__usage__cache_read__input_tokens=40, gen_ai__usage__reasoning__output_tokens=7),
        {"cache_read_input_tokens": 40, "reasoning_output_tokens": 7, "thinking_enabled": True, "input_tokens": 100},
    ),
    "cached part of before": (request(gen_ai__usage__cache_read_input_tokens=40), {"cache_read_input_tokens": 40}),
    "input beside its cached part": (
        request(gen_ai__usage__cache_read_input_tokens=900, gen_ai__usage__cache_creation_input_tokens=11),
        {"input_tokens": 1011, "cache_read_input_tokens": 900},
    ),
    "tokens of before": (
        request(without=NO_TOKENS, gen_ai__usage__prompt_tokens=8, gen_ai__usage__completion_tokens=9),
        {"input_tokens": 8, "output_tokens": 9},
    ),
    "today's name counts before an older one": (
        request(gen_ai__usage__prompt_tokens=8, gen_ai__usage__completion_tokens=9, gen_ai__system="openai"),
        {"input_tokens": 100, "output_tokens": 20},
    ),
    "a whole and a part of it": (
        request(without=NO_TOKENS[1:], llm__usage__total_tokens=130),
        {"input_tokens": 100, "output_tokens": 30},
    ),
    "before there was a convention": (
        Span(
            attributes={
                "llm.request.type": "completion",
                "llm.vendor": "openai",
                "llm.request.model": "old-1",
                "llm.usage.prompt_tokens": 3,
                "llm.usage.completion_tokens": 4,
                "llm.temperature": "0.25",
                "llm.is_streaming": "true",
                "llm.user": "u9",
                "tenant.id": "t1",
            }
        ),
        {
            "operation_name": "text_completion",
            "request_model": "old-1",
            "input_tokens": 3,
            "output_tokens": 4,
            "request_temperature": 0.25,
            "request_stream": True,
        },
    ),
    "an older operation of embeddings": (
        request(without=("gen_ai.operation.name",), llm__request__type="embedding"),
        {"operation_name": "embeddings"},
    ),
    "no operation": (request(without=("gen_ai.operation.name",)), {"operation_name": "chat"}),
    "an operation that is not known, with tokens": (
        request(gen_ai__operation__name="responses"),
        {"operation_name": "responses", "output_tokens": 20},
    ),
    "the model that answered": (
        request(without=("gen_ai.request.model",), gen_ai__response__model="m-9"),
        {"request_model": "m-9"},
    ),
    "no model": (request(without=("gen_ai.request.model",)), {"request_model": "unknown"}),
    "no tokens": (request(without=NO_TOKENS), {"input_tokens": 0, "output_tokens": 0, "http_status": 200}),
    "embeddings write nothing": (
        request(gen_ai__operation__name="embeddings", without=NO_TOKENS[1:]),
        {"operation_name": "embeddings", "input_tokens": 100, "output_tokens": 0},
    ),
    "reasoning switched off": (request(gen_ai__request__reasoning_effort="none"), {"thinking_enabled": False}),
    "reasoning switched on": (request(gen_ai__request__reasoning_effort="high"), {"thinking_enabled": True}),
    "a list of reasons": (request(gen_ai__response__finish_reasons=["length", "stop"]), {"finish_reason": "length"}),
    "a list of reasons as text": (request(gen_ai__response__finish_reasons='["stop"]'), {"finish_reason": "stop"}),
    "a list of reasons as Python writes it": (
        request(gen_ai__response__finish_reasons="('tool_use',)"),
        {"finish_reason": "tool_calls"},
    ),
    "another exporter's reason": (request(gen_ai__response__finish_reasons=["end_turn"]), {"finish_reason": "stop"}),
    "a reason as a constant": (
        request(gen_ai__response__finish_reasons=["FinishReason.MAX_TOKENS"]),
        {"finish_reason": "length"},
    ),
    "a refusal": (request(gen_ai__response__finish_reasons=["refusal"]), {"finish_reason": "refusal"}),
    "status": (request(http__response__status_code=429), {"http_status": 429, "input_tokens": 0, "output_tokens": 0}),
    "status of before": (request(http__status_code=503), {"http_status": 503}),
    "a status that is none": (request(http__response__status_code=0), {"http_status": 200}),
    "error by its number": (request(error__type="529"), {"http_status": 529}),
    "error by its class": (
        request(without=NO_TOKENS, error__type="openai.RateLimitError", status=2),
        {"http_status": 429, "input_tokens": 0, "output_tokens": 0, "finish_reason": "error"},
    ),
    "error by its code": (request(without=NO_TOKENS, error__type="overloaded_error"), {"http_status": 529}),
    "unknown error": (request(without=NO_TOKENS, status=2), {"http_status": 500, "output_tokens": 0}),
    "an answer that broke off": (
        request(status=2),
        {"http_status": 200, "output_tokens": 20, "finish_reason": "error"},
    ),
    "status counts before words": (
        request(error__type="timeout", http__response__status_code=400, status=2),
        {"http_status": 400},
    ),
    "failed with parts": (
        request(http__response__status_code=500, gen_ai__usage__cache_read__input_tokens=40),
        {"input_tokens": 0, "cache_read_input_tokens": 0, "reasoning_output_tokens": None},
    ),
    "partner cloud": (
        request(gen_ai__provider__name="aws.bedrock"),
        {"surface": "partner_cloud", "partner": "aws.bedrock"},
    ),
    "partner cloud by its older name": (
        request(without=("gen_ai.provider.name",), gen_ai__system="az.ai.openai"),
        {"surface": "partner_cloud", "partner": "azure.ai.openai"},
    ),
    "surface that is told": (
        request(app__surface="Coding_Agent", gen_ai__provider__name="aws.bedrock"),
        {"surface": "coding_agent", "partner": None},
    ),
    "surface of the service": (request(resource={"app.surface": "chat"}), {"surface": "chat"}),
    "a surface that is none": (request(app__surface="kiosk"), {"surface": "api"}),
    "end before begin": (request(latency=-5_000_000), {"latency_ms": None}),
    "a number that is none": (request(gen_ai__request__temperature="hot"), {"request_temperature": None}),
}
HASHED: dict[str, tuple[Span, dict[str, tuple[str, str]]]] = {
    "account": (request(), {"account_id": ("account", "t1")}),
    "the second name": (request(without=("tenant.id",), org="o1"), {"account_id": ("account", "o1")}),
    "the first name counts": (request(org="o1"), {"account_id": ("account", "t1")}),
    "account of the service": (
        request(without=("tenant.id",), resource={"tenant.id": "r1"}),
        {"account_id": ("account", "r1")},
    ),
    "the span counts before the service": (
        request(without=("tenant.id",), org="o1", resource={"tenant.id": "r1"}),
        {"account_id": ("account", "o1")},
    ),
    "an account that is a number": (request(tenant__id=17), {"account_id": ("account", "17")}),
    "an empty account": (request(tenant__id="", org="o1"), {"account_id": ("account", "o1")}),
    "key": (request(key__id="k1"), {"api_key_id": ("api_key", "k1")}),
    "end user": (request(user__id="u1", enduser__id="u2"), {"end_user_id": ("end_user", "u1")}),
    "end user of before": (request(enduser__id="u2"), {"end_user_id": ("end_user", "u2")}),
    "conversation": (
        request(gen_ai__conversation__id="c1", session__id="s1"),
        {"conversation_id": ("conversation", "c1")},
    ),
    "session": (request(session__id="s1"), {"conversation_id": ("conversation", "s1")}),
    "client": (
        request(client__address="203.0.113.7", user_agent__original="sdk/1", network__peer__address="10.0.0.1"),
        {
            "ip_hash": ("ip", "203.0.113.7"),
            "ip_prefix_hash": ("ip_prefix", "203.0.113.0/24"),
            "user_agent_hash": ("user_agent", "sdk/1"),
        },
    ),
    "client of before": (
        request(http__client_ip="203.0.113.7", http__user_agent="sdk/0"),
        {"ip_hash": ("ip", "203.0.113.7"), "user_agent_hash": ("user_agent", "sdk/0")},
    ),
    "the peer of a server is its client": (
        request(kind=2, net__peer__ip="203.0.113.7"),
        {"ip_hash": ("ip", "203.0.113.7")},
    ),
}
AROUND = {
    "agent": request(1, gen_ai__operation__name="invoke_agent"),
    "new agent": request(2, gen_ai__operation__name="create_agent"),
    "tool": request(3, gen_ai__operation__name="execute_tool"),
    "workflow": request(4, without=("gen_ai.operation.name",), traceloop__span__kind="workflow"),
    "retrieval": request(5, gen_ai__operation__name="retrieval"),
    "nothing but a conversation": Span(6, {"gen_ai.conversation.id": "c1", "tenant.id": "t1"}),
    "no model at all": Span(7, {"http.request.method": "POST", "tenant.id": "t1"}),
}
Run = tuple[Provider, dict[str, dict[str, Any]], Landed]
SETTINGS = {
    "account_from": ["tenant.id", "org"],
    "api_key_from": ["key.id"],
    "surface_from": ["app.surface"],
}


def numbered(spans: list[Span]) -> list[Span]:
    return [
        Span(place, span.attributes, span.resource, span.start, span.latency, span.status, span.kind)
        for place, span in enumerate(spans, 1)
    ]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    provider = Provider(tmp_path_factory.mktemp("rules"), **SETTINGS)
    spans = numbered([span for span, _ in (*CASES.values(), *HASHED.values())])
    write_lines(provider.folder, spans)
    landed = provider.land()
    rows = provider.by_number(*spans)
    return provider, {name: rows[place] for place, name in enumerate((*CASES, *HASHED), 1)}, landed


@pytest.mark.parametrize("case", CASES)
def test_a_rule(run: Run, case: str) -> None:
    _, rows, _ = run
    expected = CASES[case][1]
    assert {name: rows[case][name] for name in expected} == expected


@pytest.mark.parametrize("case", HASHED)
def test_an_id_is_a_keyed_hash_of_what_was_told(run: Run, case: str) -> None:
    provider, rows, _ = run
    for column, (kind, value) in HASHED[case][1].items():
        keyed = provider.key.number if column.endswith("_hash") else provider.key.text
        assert rows[case][column] == keyed(kind, value)


def test_the_peer_of_a_client_is_no_client(tmp_path: Path) -> None:
    provider = Provider(tmp_path)
    write_lines(tmp_path, [request(kind=3, net__peer__ip="203.0.113.7", network__peer__address="203.0.113.7")])
    provider.land()
    assert [row["ip_hash"] for row in provider.rows()] == [None]


def test_what_was_assumed_is_counted(run: Run) -> None:
    _, _, landed = run
    assert landed.assumed == {
        "otel: answers without token counts, as 0": 1,
        "otel: errors without a status, as 500": 1,
        "otel: inputs smaller than their cached part, as both together": 1,
        "otel: spans without a model, as unknown": 1,
        "otel: spans without an operation, as chat": 1,
    }
    assert landed.unreadable == {"spans.temperature": 1}
    assert landed.left_out == {}


def test_spans_around_requests_are_none(tmp_path: Path) -> None:
    provider = Provider(tmp_path)
    write_lines(tmp_path, [*AROUND.values(), request(99)])
    landed = provider.land()
    assert len(provider.rows()) == 1
    assert landed.left_out == {}


def test_what_is_left_out_is_counted_by_its_reason(tmp_path: Path) -> None:
    provider = Provider(tmp_path)
    nameless = {name: value for name, value in request().attributes.items() if name != "tenant.id"}
    write_lines(
        tmp_path,
        [
            request(1),
            request(1),
            request(2, gen_ai__response__id="r"),
            request(3, gen_ai__response__id="r", start=NOON + 1000),
            Span(4, nameless),
            Span(5, nameless),
            Span(6, {"gen_ai.operation.name": "moderate", "gen_ai.request.model": "m-1", "tenant.id": "t1"}),
        ],
    )
    landed = provider.land()
    assert landed.left_out == {
        "otel: spans exported again": 1,
        "otel: spans of a request that another span tells of": 1,
        "otel: spans without an account": 2,
        "otel: spans of an operation that is not known to be a request to a model": 1,
    }
    assert len(provider.rows()) == 2


def test_of_two_spans_of_a_request_the_one_with_an_account_counts(tmp_path: Path) -> None:
    provider = Provider(tmp_path)
    inner = request(1, gen_ai__response__id="r", without=("tenant.id",), gen_ai__request__model="inner")
    outer = request(2, gen_ai__response__id="r", gen_ai__request__model="outer", start=NOON + 1000)
    write_lines(tmp_path, [inner, outer])
    landed = provider.land()
    assert [row["request_model"] for row in provider.rows()] == ["outer"]
    assert landed.left_out == {"otel: spans of a request that another span tells of": 1}


def test_a_request_is_known_by_the_id_of_its_answer(tmp_path: Path) -> None:
    provider = Provider(tmp_path)
    write_lines(tmp_path, [request(gen_ai__response__id="msg_1")])
    provider.land()
    assert [row["request_id"] for row in provider.rows()] == [provider.key.text("request", "msg_1")]


def test_a_gateway_that_buys_from_clouds_has_no_partners(tmp_path: Path) -> None:
    provider = Provider(tmp_path, partner_providers=[], surface="chat")
    write_lines(tmp_path, [request(gen_ai__provider__name="aws.bedrock")])
    provider.land()
    assert [(row["surface"], row["partner"]) for row in provider.rows()] == [("chat", None)]


def test_accounts_are_those_seen(tmp_path: Path) -> None:
    provider = Provider(tmp_path)
    write_lines(tmp_path, [request(1), request(2, tenant__id="t2")])
    provider.land()
    accounts = {row["account_id"]: row for row in provider.rows("accounts")}
    assert set(accounts) == {provider.key.text("account", name) for name in ("t1", "t2")}
    assert {(row["tier"], row["status"]) for row in accounts.values()} == {("unknown", "active")}


def test_later_runs_add_what_is_new_and_nothing_twice(tmp_path: Path) -> None:
    provider = Provider(tmp_path)
    write_lines(tmp_path, [request(1)], name="a.jsonl")
    assert sum(provider.land().rows["usage_requests"].values()) == 1
    late = request(2, start=NOON - 3600 * 10**9)
    next_day = request(3, start=NOON + 86_400 * 10**9)
    write_lines(tmp_path, [request(1), late], [next_day], name="b.jsonl")
    assert sum(provider.land().rows.get("usage_requests", {}).values()) == 1
    provider.land(DAY + timedelta(days=1))
    assert len(provider.rows()) == 3
    assert provider.by_number(next_day)[3]["arrived_on"] == DAY + timedelta(days=1)
