"""Usage reports become daily totals: each format, each trap of its buckets, and nothing of whom the usage was."""

import gzip
import json
import os
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.adapters.edge_key import write_new_edge_key
from orchestration.adapters.errors import AdapterError
from orchestration.adapters.inputs import Dumps
from orchestration.adapters.running import Landed, land
from orchestration.adapters.settings import Sources, read_sources
from orchestration.adapters.usage_reports import anthropic, openai
from orchestration.adapters.usage_reports.buckets import Bucket, DayTotal, Usage, day_totals, summed
from orchestration.adapters.usage_reports.landing import Reports
from orchestration.adapters.usage_reports.litellm import litellm_totals
from orchestration.adapters.usage_reports.pages import read_buckets
from orchestration.adapters.usage_reports.terms import FOLDER, read_terms
from orchestration.adapters.usage_reports.totals import newest_totals, total_files

SCHEMAS = Path(__file__).parents[4] / "shared" / "data" / "schemas"
DAY = date(2026, 3, 1)
NEXT = DAY + timedelta(days=1)
LATER = datetime(2026, 3, 9, tzinfo=UTC)
CANARIES = ("wrkspc_CANARY", "apikey_CANARY", "user_CANARY", "proj_CANARY", "Jane Canary bought tokens")


def at(day: date, hour: float = 0) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC) + timedelta(hours=hour)


def messages(model: str | None = "claude-x", uncached: int = 10, output: int = 5, **changed: Any) -> dict[str, Any]:
    row = {
        "uncached_input_tokens": uncached,
        "cache_creation": {"ephemeral_5m_input_tokens": 3, "ephemeral_1h_input_tokens": 4},
        "cache_read_input_tokens": 2,
        "output_tokens": output,
        "server_tool_use": {"web_search_requests": 1},
        "workspace_id": "wrkspc_CANARY",
        "api_key_id": "apikey_CANARY",
        "model": model,
        "service_tier": "standard",
        "context_window": "0-200k",
    }
    return row | changed


def anthropic_page(rows: list[dict[str, Any]], day: date = DAY, hours: tuple[float, float] = (0, 24)) -> dict[str, Any]:
    bucket = {
        "starting_at": at(day, hours[0]).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ending_at": at(day, hours[1]).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "results": rows,
    }
    return {"data": [bucket], "has_more": True, "next_page": "page_2"}


def completions(model: str | None = "gpt-x", kind: str = "completions", **changed: Any) -> dict[str, Any]:
    row = {
        "object": f"organization.usage.{kind}.result",
        "input_tokens": 1000,
        "input_cached_tokens": 400,
        "input_cache_write_tokens": 100,
        "input_uncached_tokens": 500,
        "output_tokens": 500,
        "input_audio_tokens": 50,
        "output_audio_tokens": 50,
        "num_model_requests": 5,
        "project_id": "proj_CANARY",
        "user_id": "user_CANARY",
        "api_key_id": "apikey_CANARY",
        "model": model,
        "batch": False,
    }
    return row | changed


def openai_page(rows: list[dict[str, Any]], day: date = DAY, hours: tuple[float, float] = (0, 24)) -> dict[str, Any]:
    start, end = (int(at(day, hour).timestamp()) for hour in hours)
    bucket = {"object": "bucket", "start_time": start, "end_time": end, "results": rows}
    return {"object": "page", "data": [bucket], "has_more": False, "next_page": None}


def openai_cost(value: object, line_item: str | None = None) -> dict[str, Any]:
    amount = {"value": value, "currency": "usd"}
    return {"object": "organization.costs.result", "amount": amount, "line_item": line_item, "project_id": "proj_CANARY"}


def totals_of(pages: list[dict[str, Any]], buckets_of: Any, name: str = "export.json", last_day: date = NEXT) -> list[DayTotal]:
    return day_totals([bucket for page in pages for bucket in buckets_of(page, name)], last_day)


def test_anthropics_input_is_uncached_read_and_written_and_every_grouping_is_added_up() -> None:
    pages = [
        anthropic_page([messages(), messages(api_key_id=None, workspace_id=None, service_tier="batch"), messages("claude-y")])
    ]
    assert totals_of(pages, anthropic.buckets_of) == [
        DayTotal(
            "messages",
            DAY,
            Usage(model="claude-x", input_tokens=2 * (10 + 2 + 7), output_tokens=10, cache_read_input_tokens=4),
        ),
        DayTotal("messages", DAY, Usage(model="claude-y", input_tokens=19, output_tokens=5, cache_read_input_tokens=2)),
    ]


def test_a_report_that_was_not_grouped_by_model_names_none() -> None:
    (total,) = totals_of([anthropic_page([messages(None)])], anthropic.buckets_of)
    assert total.usage.model == ""
    (total,) = totals_of([openai_page([completions(None)])], openai.buckets_of)
    assert total.usage.model == ""


def test_anthropics_costs_are_cents_as_text() -> None:
    row = {
        "amount": "123.456789",
        "currency": "usd",
        "cost_type": "tokens",
        "description": "Jane Canary bought tokens",
        "model": "m",
    }
    pages = [anthropic_page([row, row | {"cost_type": "web_search", "model": None, "amount": "0.5"}])]
    found = totals_of(pages, anthropic.buckets_of)
    assert [(total.report, total.usage.model, total.usage.cost_minor_units, total.usage.currency) for total in found] == [
        ("costs", "", Decimal("0.5"), "USD"),
        ("costs", "m", Decimal("123.456789"), "USD"),
    ]


def test_openais_input_holds_cached_tokens_already_and_batches_and_embeddings_are_added() -> None:
    pages = [
        openai_page([completions(), completions(batch=True, project_id=None)]),
        openai_page([completions("embed", "embeddings", output_tokens=None, input_cached_tokens=None)]),
        openai_page([{"object": "organization.usage.images.result", "images": 3, "num_model_requests": 3}]),
    ]
    assert totals_of(pages, openai.buckets_of) == [
        DayTotal("completions", DAY, Usage("gpt-x", 10, 2000, 1000, 800)),
        DayTotal("embeddings", DAY, Usage("embed", 5, 1000, 0, 0)),
    ]


@pytest.mark.parametrize("value", [0.06, "0.06", "6e-2", Decimal("0.06")])
def test_openais_costs_are_numbers_or_texts_of_whole_units(value: object) -> None:
    found = totals_of([openai_page([openai_cost(value, "gpt-x, input"), openai_cost("0.01")])], openai.buckets_of)
    assert [(total.report, total.usage.cost_minor_units) for total in found] == [("costs", Decimal(7))]


def test_a_currency_without_minor_units_is_left_as_it_is() -> None:
    row = openai_cost(700)
    row["amount"]["currency"] = "jpy"
    (total,) = totals_of([openai_page([row])], openai.buckets_of)
    assert (total.usage.cost_minor_units, total.usage.currency) == (Decimal(700), "JPY")


def test_only_days_that_buckets_cover_whole_and_that_are_over_count() -> None:
    hours = [anthropic_page([messages()], DAY, (hour, hour + 1)) for hour in range(24)]
    assert len(totals_of(hours, anthropic.buckets_of)) == 1
    assert totals_of(hours[:-1], anthropic.buckets_of) == []
    assert totals_of(hours, anthropic.buckets_of, last_day=DAY - timedelta(days=1)) == []
    # one that was asked for from noon, as a bucket of its own or of a day's width across midnight
    assert totals_of([openai_page([completions()], DAY, (12, 24))], openai.buckets_of) == []
    assert totals_of([openai_page([completions()], DAY, (12, 36))], openai.buckets_of) == []


def test_a_bucket_counts_once_in_whatever_order_its_exports_are_read() -> None:
    whole, grown = anthropic_page([messages(uncached=10)]), anthropic_page([messages(uncached=11)])
    ungrouped = anthropic_page([messages(None, uncached=11)])
    hours = [anthropic_page([messages(uncached=0)], DAY, (hour, hour + 1)) for hour in range(24)]
    for pages in ([whole, grown, ungrouped, whole], [ungrouped, grown, whole], [grown, ungrouped]):
        (total,) = totals_of(pages, anthropic.buckets_of)
        assert (total.usage.model, total.usage.input_tokens) == ("claude-x", 20)
    (total,) = totals_of([*hours, grown], anthropic.buckets_of)
    assert total.usage.input_tokens == 24 * 9


def test_a_day_without_usage_is_a_row_of_zeros_and_a_page_that_tells_no_report_is_passed_over() -> None:
    found = totals_of([anthropic_page([], DAY), anthropic_page([messages()], NEXT)], anthropic.buckets_of, "usage/1.json")
    assert [(total.activity_date, total.usage.input_tokens) for total in found] == [(DAY, 0), (NEXT, 19)]
    assert totals_of([openai_page([])], openai.buckets_of, "export-7.json") == []
    assert [total.report for total in totals_of([openai_page([])], openai.buckets_of, "embeddings-7.json")] == ["embeddings"]


PIECES = st.lists(
    st.tuples(st.integers(0, 24 * 60 - 1), st.sampled_from(["a", "b", ""]), st.integers(0, 10**9), st.integers(0, 50)),
    max_size=40,
)


@settings(deadline=None, max_examples=60)
@given(PIECES, st.sampled_from([1, 15, 60, 240, 1440]), st.integers(0, 99))
def test_any_width_of_buckets_is_the_same_day(pieces: list[tuple[int, str, int, int]], width: int, seed: int) -> None:
    """However a day is cut, and in whatever order and how often its buckets come, the totals are those of its rows."""
    buckets = [
        Bucket(
            "completions",
            at(DAY) + timedelta(minutes=start),
            at(DAY) + timedelta(minutes=start + width),
            tuple(
                Usage(model, count, tokens, tokens // 2, 0)
                for minute, model, tokens, count in pieces
                if start <= minute < start + width
            ),
        )
        for start in range(0, 24 * 60, width)
    ]
    order = Random(seed)
    given_buckets = [*buckets, *order.sample(buckets, len(buckets) // 2)]
    order.shuffle(given_buckets)
    expected = summed(Usage(model, count, tokens, tokens // 2, 0) for _, model, tokens, count in pieces)
    found = tuple(total.usage for total in day_totals(given_buckets, NEXT))
    assert found == (expected or (Usage("", 0, 0, 0, 0),))
    assert day_totals(buckets[1:], NEXT) == []


def test_every_page_of_every_file_is_read_whatever_holds_them(tmp_path: Path) -> None:
    pages = [anthropic_page([messages()], DAY, (hour, hour + 1)) for hour in range(24)]
    (tmp_path / "deep").mkdir()
    (tmp_path / "one.json").write_text(json.dumps(pages[0], indent=1))
    (tmp_path / "list.json").write_text(json.dumps(pages[1:5]))
    (tmp_path / "deep" / "lines.jsonl").write_text("\n".join(map(json.dumps, pages[5:20])))
    (tmp_path / "deep" / "lines.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, pages[20:])).encode()))
    (tmp_path / "notes.txt").write_text("no page")
    (total,) = day_totals(read_buckets(tmp_path, anthropic.buckets_of, LATER), NEXT)
    assert total.usage.input_tokens == 24 * 19


def test_a_bucket_that_had_not_ended_when_its_file_was_written_waits(tmp_path: Path) -> None:
    path = tmp_path / "usage.json"
    path.write_text(json.dumps(anthropic_page([messages()])))
    assert len(read_buckets(tmp_path, anthropic.buckets_of, LATER)) == 1
    assert read_buckets(tmp_path, anthropic.buckets_of, at(DAY, 23)) == []
    noon = at(DAY, 12).timestamp()
    os.utime(path, (noon, noon))
    assert read_buckets(tmp_path, anthropic.buckets_of, LATER) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{not json user_CANARY", "cannot be read"),
        ('{"error": "user_CANARY"}', "each with a list `data`"),
        (json.dumps(anthropic_page([messages(uncached="user_CANARY")])), "one of its buckets cannot be read"),  # pyright: ignore[reportArgumentType]
        ('{"data": [{"starting_at": "2026-03-01", "ending_at": "2026-03-02", "results": []}]}', "one of its buckets"),
        ('{"data": ["user_CANARY"]}', "one of its buckets"),
    ],
)
def test_a_file_that_is_no_report_is_named_without_its_values(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "usage.json").write_text(text)
    with pytest.raises(AdapterError, match=words) as raised:
        read_buckets(tmp_path, anthropic.buckets_of, LATER)
    assert "usage.json" in str(raised.value)
    assert "CANARY" not in str(raised.value)


def daily(folder: Path, rows: list[dict[str, object]]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "LiteLLM_DailyUserSpend.jsonl").write_text("\n".join(map(json.dumps, rows)))


SPEND: dict[str, object] = {
    "user_id": "user_CANARY", "date": "2026-03-01", "api_key": "apikey_CANARY", "model": "gpt-x", "prompt_tokens": 100,
    "completion_tokens": 20, "cache_read_input_tokens": 30, "cache_creation_input_tokens": 7, "spend": 0.25,
    "api_requests": 5, "successful_requests": 4, "failed_requests": 1, "mcp_namespaced_tool_name": "",
}  # fmt: skip


def test_litellms_days_are_added_up_over_users_and_keys_and_count_answered_requests(tmp_path: Path) -> None:
    failed = {"prompt_tokens": 0, "completion_tokens": 0, "successful_requests": 0, "spend": 0, "model": ""}
    daily(
        tmp_path / "dump",
        [
            SPEND,
            SPEND | {"user_id": "", "api_key": "other"},
            SPEND | {"date": "2026-03-02"},
            SPEND | failed,
            SPEND | {"mcp_namespaced_tool_name": "tool/search", "model": ""},
        ],
    )
    with duckdb.connect() as connection:
        found = litellm_totals(connection, Dumps(connection, tmp_path / "dump"), DAY)
    assert found == [
        DayTotal("daily", DAY, Usage("gpt-x", 8, 200, 40, 60)),
        DayTotal("costs", DAY, Usage("gpt-x", cost_minor_units=Decimal(50), currency="USD")),
    ]


def test_litellms_models_have_the_names_that_were_asked_for_unless_a_day_mingles_them(tmp_path: Path) -> None:
    nameless = {"model": "", "model_group": ""}
    daily(
        tmp_path / "dump",
        [
            SPEND | {"model_group": "fast"},
            SPEND | {"model_group": "fast", "model": "gpt-y"},
            SPEND | {"date": "2026-03-02", "model_group": "fast"},
            SPEND | {"date": "2026-03-02", "model_group": "smart", "user_id": "other"},
            SPEND | nameless,
            SPEND | {"api_key": "litellm-internal-health-check", "model_group": "probe", "model": "gpt-z"},
        ],
    )
    with duckdb.connect() as connection:
        found = litellm_totals(connection, Dumps(connection, tmp_path / "dump"), NEXT)
    assert [
        (total.activity_date, total.usage.model, total.usage.request_count) for total in found if total.report == "daily"
    ] == [
        (DAY, "fast", 8),
        (NEXT, "", 8),
    ]


def test_a_litellm_of_before_counts_no_answered_requests(tmp_path: Path) -> None:
    daily(tmp_path / "dump", [{"date": "2026-03-01", "model": "m", "prompt_tokens": 1, "completion_tokens": 2, "spend": "1e-3"}])
    with duckdb.connect() as connection:
        usage = litellm_totals(connection, Dumps(connection, tmp_path / "dump"), DAY)[0].usage
    assert usage == Usage("m", None, 1, 2, None)


def test_litellm_without_its_daily_table_says_so(tmp_path: Path) -> None:
    with duckdb.connect() as connection, pytest.raises(AdapterError, match="must have LiteLLM_DailyUserSpend, and it does not"):
        litellm_totals(connection, Dumps(connection, tmp_path), DAY)


def provider(folder: Path, reports: str) -> Sources:
    """Return the settings of a provider with one request of its own tables and a folder of exports."""
    (folder / "own").mkdir(parents=True)
    (folder / "exports").mkdir()
    (folder / "own" / "usage_requests.csv").write_text(
        "request_id,requested_at,account_id,surface,operation_name,request_model,input_tokens,output_tokens,http_status\n"
        "r1,2026-03-01T10:00:00Z,a,api,chat,claude-x,19,5,200\n"
    )
    (folder / "own" / "accounts.csv").write_text("account_id,created_at,tier,status\na,2025-01-01,free,active\n")
    write_new_edge_key(folder / "key.json")
    (folder / "sources.yml").write_text(f"edge_key_file: key.json\nown_tables: {{folder: own}}\nusage_reports: {reports}\n")
    return read_sources(folder / "sources.yml")


def in_force(landing: Path, as_of: date) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        files = total_files(landing, as_of)
        return connection.execute(
            f"select source, report, activity_date, model, request_count, input_tokens from ({newest_totals(files)}) order by all"
        ).fetchall()


def test_a_run_lands_what_is_new_and_a_newer_export_of_a_day_replaces_it_whole(tmp_path: Path) -> None:
    terms = "{folder: exports, models: {claude-x: anthropic/claude-x}, covers: ['anthropic/*']}"
    sources, landing = provider(tmp_path, f"{{anthropic: {terms}}}"), tmp_path / "landing"
    export = tmp_path / "exports" / "usage.json"
    export.write_text(json.dumps(anthropic_page([messages(None)])))
    first: Landed = land(sources, landing, NEXT)
    assert first.report_totals == {"anthropic": 1}
    assert in_force(landing, NEXT) == [("anthropic", "messages", DAY, "", None, 19)]
    assert read_terms(landing)["anthropic"].models == {"claude-x": "anthropic/claude-x"}
    assert total_files(landing, DAY) == []

    assert land(sources, landing, NEXT).report_totals == {}
    assert len(total_files(landing, NEXT)) == 1

    export.write_text(json.dumps(anthropic_page([messages(), messages("claude-y")])))
    assert land(sources, landing, NEXT).report_totals == {"anthropic": 2}
    assert in_force(landing, NEXT) == [
        ("anthropic", "messages", DAY, "claude-x", None, 19),
        ("anthropic", "messages", DAY, "claude-y", None, 19),
    ]
    assert [path.name for path in total_files(landing, NEXT)] == ["anthropic-0001.parquet", "anthropic-0002.parquet"]


def test_nothing_of_whom_the_usage_was_is_written(tmp_path: Path) -> None:
    sources, landing = provider(tmp_path, "{anthropic: {folder: exports/a}, openai: {folder: exports/o}}"), tmp_path / "landing"
    (tmp_path / "exports" / "a").mkdir()
    (tmp_path / "exports" / "o").mkdir()
    cost = {"amount": "1.5", "currency": "USD", "description": "Jane Canary bought tokens", "workspace_id": "wrkspc_CANARY"}
    (tmp_path / "exports" / "a" / "usage.json").write_text(json.dumps([anthropic_page([messages()]), anthropic_page([cost])]))
    (tmp_path / "exports" / "o" / "usage.json").write_text(
        json.dumps([openai_page([completions()]), openai_page([openai_cost(1, "Jane Canary bought tokens")])])
    )
    assert land(sources, landing, NEXT).report_totals == {"anthropic": 2, "openai": 2}
    written = [path for path in landing.rglob("*") if path.is_file()]
    assert any(path.parent.parent.name == FOLDER for path in written)
    for path in written:
        assert [canary for canary in CANARIES if canary.encode() in path.read_bytes()] == [], path
    # a column is no place for them either, whatever its compression
    with duckdb.connect() as connection:
        rows = connection.execute(newest_totals(total_files(landing, NEXT))).fetchall()
    assert len(rows) == 4
    assert "anary" not in str(rows)
    assert "CANARY" not in str(rows)


def test_a_day_that_is_not_over_waits(tmp_path: Path) -> None:
    sources = provider(tmp_path, "{anthropic: {folder: exports}}")
    (tmp_path / "exports" / "usage.json").write_text(json.dumps(anthropic_page([messages()])))
    with duckdb.connect() as connection:
        assert Reports(connection, sources, DAY, at(DAY, 23)).totals == {"anthropic": []}
        assert len(Reports(connection, sources, DAY, at(NEXT)).totals["anthropic"]) == 1


def test_a_report_that_cannot_be_read_lands_nothing_at_all(tmp_path: Path) -> None:
    sources, landing = provider(tmp_path, "{anthropic: {folder: exports}}"), tmp_path / "landing"
    (tmp_path / "exports" / "usage.json").write_text("{")
    with pytest.raises(AdapterError, match="cannot be read"):
        land(sources, landing, NEXT)
    assert [path for path in landing.rglob("*.parquet") if "drafts" not in path.parts] == []


@pytest.mark.parametrize(
    ("reports", "words"),
    [
        ("{anthropic: {models: {a: b}}}", "anthropic.folder"),
        ("{anthropic: {folder: x, tolerance: {requests: 0.1}}}", "tolerance.reason"),
        ("{anthropic: {folder: x, tolerance: {requests: 2, reason: y}}}", "less than 1"),
        ("{google: {folder: x}}", "google"),
    ],
)
def test_settings_that_cannot_be_are_named(tmp_path: Path, reports: str, words: str) -> None:
    with pytest.raises(AdapterError, match=words):
        provider(tmp_path, reports)


def test_litellm_needs_its_source(tmp_path: Path) -> None:
    sources = provider(tmp_path, "{litellm: true}")
    with duckdb.connect() as connection, pytest.raises(AdapterError, match="a source litellm must be named too"):
        Reports(connection, sources, DAY, LATER)


@pytest.mark.real_data
@pytest.mark.skipif(not SCHEMAS.is_dir(), reason=f"needs the samples at {SCHEMAS}")
def test_the_samples_of_the_api_are_read(tmp_path: Path) -> None:
    for name in ("openai_usage_completions_response.json", "openai_costs_response.json"):
        (tmp_path / name).write_bytes((SCHEMAS / name).read_bytes())
    found = day_totals(read_buckets(tmp_path, openai.buckets_of, LATER), NEXT)
    assert found == [
        DayTotal("completions", date(2024, 11, 1), Usage("", 5, 1000, 500, 400)),
        DayTotal("costs", date(2024, 11, 1), Usage("", cost_minor_units=Decimal(6), currency="USD")),
    ]


@pytest.mark.real_data
@pytest.mark.skipif(not SCHEMAS.is_dir(), reason=f"needs the schema at {SCHEMAS}")
def test_every_column_that_is_read_is_one_of_litellms() -> None:
    from orchestration.adapters.usage_reports.litellm import DAILY  # noqa: PLC0415

    schema = (SCHEMAS / "litellm" / "schema.prisma").read_text(encoding="utf-8")
    columns = schema.split("model LiteLLM_DailyUserSpend {", 1)[1].split("}", 1)[0]
    names = {line.split()[0] for line in columns.splitlines() if line.strip() and not line.strip().startswith("@@")}
    assert set(DAILY.columns) | set(DAILY.never) <= names
