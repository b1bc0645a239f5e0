"""Content that exporters put into attributes and events goes nowhere: no file, no state, no word on the screen holds it."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from orchestration.adapters.shipped import read_adapter
from orchestration.cli import cli

from .spans import MAP, Provider, clickhouse_table, key_values, otlp, request, write_parquet, write_text

NEVER = [
    name
    for name in read_adapter("otel").relations["spans"].never
    if "." in name or name.startswith("gen_ai")  # the others are parts of a span, not attributes
]
CANARIES = {name: f"canary-{place}-of-content" for place, name in enumerate(NEVER)}
RAW = {
    "tenant.id": "canary-tenant",
    "key.id": "canary-key",
    "user.id": "canary.person@mail.example",
    "gen_ai.conversation.id": "canary-conversation",
    "gen_ai.response.id": "canary-answer",
    "client.address": "203.0.113.77",
    "user_agent.original": "canary-agent",
}
SPAN = request(**{name.replace(".", "__"): value for name, value in (CANARIES | RAW).items()})
IN_PARTS = ("canary-name", "canary-event", "canary-status", "canary-link", "canary-schema")


def seen_in(provider: Provider, output: str) -> list[str]:
    """Return the canaries that anything written or printed holds, decompressed where it is a table."""
    written = [path for path in provider.landing.rglob("*") if path.is_file()]
    assert any(path.suffix == ".parquet" for path in written)
    texts = [path.read_bytes() for path in written] + [output.encode()]
    texts += [pq.read_table(path).to_pandas().to_csv().encode() for path in written if path.suffix == ".parquet"]
    searched = [*CANARIES.values(), *RAW.values(), *IN_PARTS, "canary", "203.0.113"]
    return [word for word in searched if any(word.encode() in text for text in texts)]


def land_by_command(provider: Provider) -> str:
    result = CliRunner().invoke(
        cli,
        [
            "land",
            "--date",
            "2026-01-01",
            "--sources",
            str(provider.sources),
            "--landing",
            str(provider.landing),
            "--home",
            str(provider.landing.parent / "home"),
        ],
    )
    assert result.exit_code == 0, result.output
    return result.output


def with_parts(batch: dict[str, Any]) -> dict[str, Any]:
    """Return a batch whose span has a name, an event, a link and words of its status."""
    event = {"name": "gen_ai.content.prompt", "attributes": key_values({"gen_ai.prompt": "canary-event"})}
    for resource in batch["resourceSpans"]:
        resource["schemaUrl"] = "canary-schema"
        for span in resource["scopeSpans"][0]["spans"]:
            span |= {"name": "canary-name", "events": [event], "links": [{"attributes": key_values({"a": "canary-link"})}]}
            span["status"] = {"code": 1, "message": "canary-status"}
    return batch


def test_json_content_goes_nowhere(tmp_path: Path) -> None:
    provider = Provider(tmp_path, api_key_from=["key.id"])
    write_text(tmp_path, json.dumps(with_parts(otlp([SPAN]))) + "\n")
    assert len(CANARIES) >= 15
    assert seen_in(provider, land_by_command(provider)) == []
    landed = provider.rows()[0]
    assert landed["account_id"] == provider.key.text("account", "canary-tenant")


def test_a_broken_line_is_not_shown(tmp_path: Path) -> None:
    provider = Provider(tmp_path)
    good = json.dumps(otlp([request(2)]))
    write_text(tmp_path, json.dumps(with_parts(otlp([SPAN])))[:-9] + "\n" + good + "\n")
    output = land_by_command(provider)
    assert seen_in(provider, output) == []
    assert "spans: traces.jsonl, broken lines from line 1 on: 1 left out." in output


@pytest.mark.parametrize("form", ["map", "json", "columns", "bare_columns", "struct"])
def test_parquet_content_goes_nowhere(tmp_path: Path, form: str) -> None:
    provider = Provider(tmp_path, api_key_from=["key.id"])
    write_parquet(tmp_path, [SPAN], form)
    assert seen_in(provider, land_by_command(provider)) == []
    assert provider.rows()[0]["account_id"] == provider.key.text("account", "canary-tenant")


def test_content_in_clickhouse_columns_goes_nowhere(tmp_path: Path) -> None:
    provider = Provider(tmp_path, api_key_from=["key.id"])
    table = clickhouse_table([SPAN]).drop_columns(["SpanName", "StatusMessage"])
    for name, value in {"SpanName": "canary-name", "StatusMessage": "canary-status"}.items():
        table = table.append_column(name, pa.array([value]))
    events = pa.array([[[("gen_ai.prompt", "canary-event")]]], pa.list_(MAP))
    table = table.append_column("Events.Attributes", events).append_column("Links.TraceId", pa.array([["canary-link"]]))
    (tmp_path / "spans").mkdir()
    pq.write_table(table, tmp_path / "spans" / "day.parquet")
    assert seen_in(provider, land_by_command(provider)) == []
    assert provider.rows()[0]["account_id"] == provider.key.text("account", "canary-tenant")


def test_what_may_hold_content_is_not_declared() -> None:
    adapter = read_adapter("otel")
    relation = adapter.relations["spans"]
    taken = {".".join(path) for root in relation.roots() for path in relation.paths_within(root)} | set(relation.roots())
    assert taken.isdisjoint(relation.never)
    assert not [name for name in taken if "prompt." in name or "message" in name or "completion." in name]
