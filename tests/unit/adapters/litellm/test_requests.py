"""What becomes of a request: each row of a made-up log differs from the plain one by one fact."""

import json
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from .landing import Landing, Row

DAY = date(2026, 3, 1)
PLAIN = {
    "request_id": "plain",
    "call_type": "acompletion",
    "api_key": "key-1",
    "startTime": "2026-03-01 10:00:00.123",
    "endTime": "2026-03-01 10:00:02.623",
    "model": "gpt-4o-2024-11-20",
    "model_group": "",
    "user": "",
    "team_id": "",
    "prompt_tokens": 100,
    "completion_tokens": 20,
    "requester_ip_address": "203.0.113.7",
    "session_id": str(uuid4()),
}


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path)


def _land(landing: Landing, *changes: dict[str, object], **settings: object) -> dict[str, Row]:
    """Land the plain request and one for each change; return the rows by what was changed."""
    dumps = landing.root / "dumps"
    dumps.mkdir()
    rows = [PLAIN] + [PLAIN | {"request_id": f"r{number}"} | change for number, change in enumerate(changes)]
    (dumps / "LiteLLM_SpendLogs.jsonl").write_text("\n".join(map(json.dumps, rows)))
    landing.land(DAY, folder="dumps", **settings)
    ids = {landing.key.text("request", str(row["request_id"])): str(row["request_id"]) for row in rows}
    return {ids[str(row["request_id"])]: row for row in landing.rows("usage_requests")}


def test_a_plain_request(landing: Landing) -> None:
    row = _land(landing)["plain"]
    key = landing.key
    said = {name: value for name, value in row.items() if value is not None}
    assert str(said.pop("requested_at")) == "2026-03-01 10:00:00.123000"
    assert said == {
        "request_id": key.text("request", "plain"),
        "account_id": key.text("account", "key-1"),
        "api_key_id": key.text("api_key", "key-1"),
        "surface": "api",
        "operation_name": "chat",
        "request_model": "gpt-4o-2024-11-20",
        "input_tokens": 100,
        "output_tokens": 20,
        "is_batch": False,
        "http_status": 200,
        "latency_ms": 2500,
        "ip_hash": key.number("ip", "203.0.113.7"),
        "ip_prefix_hash": key.number("ip_prefix", "203.0.113.0/24"),
        "arrived_on": DAY,
    }


def test_the_account_is_the_first_that_is_named(landing: Landing) -> None:
    rows = _land(
        landing,
        {"user": "u"},
        {"user": "u", "team_id": "t"},
        {"user": "u", "team_id": "t", "metadata": {"user_api_key_org_id": "o"}},
        {"user": "u", "team_id": "litellm-dashboard"},
    )
    accounts = [rows[f"r{number}"]["account_id"] for number in range(4)]
    assert accounts == [landing.key.text("account", name) for name in ("u", "t", "o", "u")]


def test_the_setting_says_whom_an_account_stands_for(landing: Landing) -> None:
    row = _land(landing, {"user": "u", "team_id": "t", "organization_id": "o"}, account_is="[user, organization]")
    assert row["r0"]["account_id"] == landing.key.text("account", "u")
    # nothing else is an account then, and the plain request names neither
    assert "plain" not in row


def test_a_failed_request_has_its_status_and_no_tokens(landing: Landing) -> None:
    failure = {"user": "u", "status": "failure"}
    rows = _land(
        landing,
        failure | {"metadata": {"error_information": {"error_code": "429"}, "usage_object": {"cache_read_input_tokens": 4}}},
        failure | {"metadata": {"error_information": {"error_code": "None"}}},
        {"user": "u", "metadata": json.dumps({"status": "failure", "error_information": {"error_code": 403}})},
        {"user": "u", "status": "success", "metadata": {"error_information": {"error_code": "429"}}},
    )
    assert [rows[f"r{number}"]["http_status"] for number in range(4)] == [429, 500, 403, 200]
    assert [rows[f"r{number}"]["input_tokens"] for number in range(4)] == [0, 0, 0, 100]
    assert [rows["r0"][name] for name in ("output_tokens", "cache_read_input_tokens", "reasoning_output_tokens")] == [0, 0, 0]


def test_a_refused_request_of_nobody_is_left_out_and_counted(landing: Landing) -> None:
    dumps = landing.root / "dumps"
    dumps.mkdir()
    rows = [PLAIN, PLAIN | {"request_id": "1", "status": "failure"}, PLAIN | {"request_id": "2", "api_key": "None"}]
    (dumps / "LiteLLM_SpendLogs.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert landing.land(DAY, folder="dumps").left_out == {"litellm: requests that name no account": 2}
    assert len(landing.rows("usage_requests")) == 1


def test_cached_and_reasoning_tokens_are_parts(landing: Landing) -> None:
    details = {"prompt_tokens_details": {"cached_tokens": 60}, "completion_tokens_details": {"reasoning_tokens": 8}}
    rows = _land(
        landing,
        {"metadata": {"usage_object": details}},
        {"metadata": {"additional_usage_values": {"cache_read_input_tokens": 60}}},
        {"metadata": {"usage_object": {"prompt_tokens_details": {"cached_tokens": 400}}}},
        {"metadata": None},
        {"metadata": "no json"},
    )
    assert [rows[f"r{number}"]["cache_read_input_tokens"] for number in range(5)] == [60, 60, 400, None, None]
    # prompt_tokens hold what came from the cache, unless they are fewer
    assert [rows[f"r{number}"]["input_tokens"] for number in range(5)] == [100, 100, 500, 100, 100]
    assert rows["r0"]["reasoning_output_tokens"] == 8


SETTINGS = {
    "temperature": 0.5,
    "top_p": 0.9,
    "n": 3,
    "max_tokens": 64,
    "stream": True,
    "logprobs": 5,
    "tools": [{}, {}, {}],
    "reasoning_effort": "high",
    "messages": [{"role": "system", "content": "CANARY"}, {"role": "user", "content": "CANARY"}, {"content": "CANARY"}],
}
SETTING_COLUMNS = (
    "request_temperature",
    "request_top_p",
    "request_choice_count",
    "request_max_tokens",
    "request_stream",
    "request_logprobs",
    "tool_count",
    "thinking_enabled",
    "input_message_count",
)


def test_settings_lie_in_the_body_or_are_it(landing: Landing) -> None:
    rows = _land(
        landing,
        {"proxy_server_request": SETTINGS},
        {"proxy_server_request": {"url": "/chat", "body": SETTINGS}},
        {"proxy_server_request": json.dumps(SETTINGS)},
        {
            "proxy_server_request": {
                "temperature": "abc",
                "n": None,
                "tools": "all",
                "thinking": {"type": "disabled"},
                "stream": [1],
            }
        },
        {"proxy_server_request": {"generationConfig": {"temperature": 1, "maxOutputTokens": 9}}},
    )
    for number in range(3):
        assert tuple(rows[f"r{number}"][name] for name in SETTING_COLUMNS) == (0.5, 0.9, 3, 64, True, True, 3, True, 2)
    assert tuple(rows["r3"][name] for name in SETTING_COLUMNS) == (None, None, None, None, None, None, None, False, None)
    assert (rows["r4"]["request_temperature"], rows["r4"]["request_max_tokens"]) == (1.0, 9)


def test_values_that_cannot_be_read_are_counted(landing: Landing) -> None:
    (landing.root / "dumps").mkdir()
    row = PLAIN | {"proxy_server_request": {"temperature": "abc"}}
    (landing.root / "dumps" / "LiteLLM_SpendLogs.jsonl").write_text(json.dumps(row))
    assert landing.land(DAY, folder="dumps").unreadable == {"LiteLLM_SpendLogs.temperature": 1}


def test_what_the_client_asked_for(landing: Landing) -> None:
    rows = _land(
        landing, {"model_group": "fast"}, {"model": ""}, {"call_type": "aembedding"}, {"call_type": ""}, {"call_type": "arerank"}
    )
    assert [rows[name]["request_model"] for name in ("r0", "r1")] == ["fast", "unknown"]
    assert [rows[name]["operation_name"] for name in ("r2", "r3", "r4")] == ["embeddings", "unknown", "rerank"]


def test_what_is_no_request_to_a_model_is_not_landed(landing: Landing) -> None:
    rows = _land(
        landing,
        {"call_type": "call_mcp_tool"},
        {"call_type": "acreate_file"},
        {"call_type": "acreate_batch"},
        {"team_id": "litellm-internal-health-check"},
        {"call_type": "aretrieve_batch"},
    )
    assert set(rows) == {"plain", "r4"}
    assert rows["r4"]["is_batch"]


def test_tags_tell_the_user_agent_and_the_surface(landing: Landing) -> None:
    tags = ["prod", "User-Agent: OpenAI", "User-Agent: OpenAI/Python 1.99", "surface:coding_agent"]
    rows = _land(landing, {"request_tags": tags}, {"request_tags": json.dumps(["surface:moon"])}, {"request_tags": {"a": 1}})
    assert rows["r0"]["user_agent_hash"] == landing.key.number("user_agent", "OpenAI/Python 1.99")
    assert [rows[f"r{number}"]["surface"] for number in range(3)] == ["coding_agent", "api", "api"]
    assert rows["r1"]["user_agent_hash"] is None


def test_a_session_is_real_where_requests_share_it_or_a_client_named_it(landing: Landing) -> None:
    shared, retried = str(uuid4()), str(uuid4())
    rows = _land(
        landing,
        {"session_id": shared},
        {"session_id": shared},
        {"session_id": "my-session"},
        # a failed request and its retry
        {"session_id": retried, "status": "failure", "user": "u"},
        {"session_id": retried, "user": "u"},
    )
    sessions = [rows[name]["conversation_id"] for name in ("plain", "r0", "r1", "r2", "r3", "r4")]
    told = landing.key.text("conversation", shared)
    assert sessions == [None, told, told, landing.key.text("conversation", "my-session"), None, None]


def test_characters_that_files_may_hold_and_databases_may_not(landing: Landing) -> None:
    row = _land(landing, {"end_user": "a\0b", "model": "m\0", "proxy_server_request": {"temperature": "\0"}})["r0"]
    assert row["end_user_id"] == landing.key.text("end_user", "a\0b")
    assert row["request_temperature"] is None


def test_a_log_alone_shows_which_accounts_are_in_use(landing: Landing) -> None:
    _land(landing, {"user": "u"})
    accounts = {row["account_id"]: row for row in landing.rows("accounts")}
    assert set(accounts) == {landing.key.text("account", name) for name in ("key-1", "u")}
    assert {row["status"] for row in accounts.values()} == {"active"}
