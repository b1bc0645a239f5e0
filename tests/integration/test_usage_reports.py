"""A whole night held against usage reports: one that says more than was taken in stops it, and leave lets it pass."""

import json
import shutil
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.adapters.edge import edge_connection
from orchestration.adapters.edge_key import read_edge_key, write_new_edge_key
from orchestration.adapters.settings import read_sources
from orchestration.adapters.usage_reports.landing import Reports
from orchestration.publishing.manifest import read_manifest
from orchestration.publishing.releases import current_release

from .conftest import START, stillwatch

NIGHT = START + timedelta(days=1)
pytestmark = pytest.mark.slow


def used(landing: Path, day: date) -> list[tuple[str, int, int, int, int]]:
    """Return model, answered requests, input, cached and output tokens of a day's requests, by a count of its own."""
    with duckdb.connect() as connection:
        return connection.execute(
            "with requests as (select distinct on (request_id) * from "
            f"read_parquet('{landing}/usage_requests/*/*.parquet') order by requested_at) "
            "select request_model, count(*), sum(input_tokens), sum(coalesce(cache_read_input_tokens, 0)), sum(output_tokens) "
            f"from requests where cast(requested_at as date) = date '{day}' and http_status < 400 group by all order by all"
        ).fetchall()


def write_reports(folder: Path, landing: Path) -> None:
    """Write what Anthropic's report says of the same usage, and OpenAI's with a twentieth of it that was never taken in."""
    for name in ("anthropic", "openai"):
        (folder / name).mkdir(parents=True)
    for day in (START, NIGHT):
        start, end = datetime.combine(day, time(), tzinfo=UTC), datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)
        rows = used(landing, day)
        messages = [
            {
                "model": model,
                "uncached_input_tokens": inputs - cached,
                "cache_read_input_tokens": cached,
                "output_tokens": outputs,
            }
            for model, _, inputs, cached, outputs in rows
        ]
        bucket = {"starting_at": start.isoformat(), "ending_at": end.isoformat(), "results": messages}
        (folder / "anthropic" / f"usage-{day}.json").write_text(json.dumps({"data": [bucket]}))
        completions = [
            {"object": "organization.usage.completions.result", "model": model, "num_model_requests": round(requests / 0.95),
             "input_tokens": round(inputs / 0.95), "output_tokens": round(outputs / 0.95)}
            for model, requests, inputs, _, outputs in rows
        ]  # fmt: skip
        of_openai = {"start_time": int(start.timestamp()), "end_time": int(end.timestamp()), "results": completions}
        (folder / "openai" / f"completions-{day}.json").write_text(json.dumps({"data": [of_openai]}))


def test_usage_that_was_not_taken_in_stops_the_night_until_it_is_let_pass(landing: Path, tmp_path: Path) -> None:
    folder, home = tmp_path / "landing", tmp_path / "home"
    for day in (START, NIGHT):
        for partition in landing.glob(f"*/arrived_on={day}"):
            shutil.copytree(partition, folder / partition.relative_to(landing))
    write_reports(tmp_path / "exports", folder)
    write_new_edge_key(tmp_path / "key.json")
    (tmp_path / "sources.yml").write_text(
        "edge_key_file: key.json\nown_tables: {folder: exports}\n"
        "usage_reports: {anthropic: {folder: exports/anthropic}, openai: {folder: exports/openai}}\n"
    )
    with edge_connection(read_edge_key(tmp_path / "key.json", folder), "1GB") as connection:
        Reports(connection, read_sources(tmp_path / "sources.yml"), NIGHT).place(folder)

    run = ("backfill", "--landing", str(folder), "--home", str(home), "--from", str(START), "--to", str(NIGHT))
    stopped = stillwatch(*run, expect=3)
    said = stopped.stdout + stopped.stderr
    assert f"BLOCKS  usage_reports: expected that the openai report of {START} and the warehouse agree on atlas-4-large;" in said
    assert "requests: the report says " in said
    assert "stillwatch gate override usage_reports openai" in said
    assert "anthropic report" not in said
    assert not (home / "published" / "current").exists()

    leave = ("--night", str(NIGHT), "--by", "data lead", "--reason", "the proxy was down for an hour")
    stillwatch("gate", "override", "usage_reports", "openai", *leave, "--home", str(home))
    stillwatch(*run)
    release = current_release(home / "published")
    assert release is not None
    found = next(gate for gate in read_manifest(release).gates if gate["gate"] == "marts")["findings"]
    told = {finding["expectation"]: finding for finding in found if finding["table"] == "usage_reports"}
    equal = told[f"the anthropic report of {NIGHT} and the warehouse agree"]
    assert equal["success"]
    differs = told[f"the openai report of {NIGHT} and the warehouse agree on atlas-4-large"]
    assert differs["overridden"]["reason"] == "the proxy was down for an hour"
    assert "usage_reports" in (release / "site" / "gates.html").read_text(encoding="utf-8")
