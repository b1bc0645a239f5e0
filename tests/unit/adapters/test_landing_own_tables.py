"""Own tables landed by whole runs: spans, arrival days, copies, accounts that come and go, and what is refused."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.adapters.edge_key import EdgeKey, read_edge_key, write_new_edge_key
from orchestration.adapters.errors import AdapterError
from orchestration.adapters.running import Landed, land
from orchestration.adapters.settings import read_sources
from orchestration.adapters.state import landing_lock, read_state
from orchestration.cli import cli

FIRST, SECOND, THIRD = date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)
ACCOUNT = {"account_id": "acme", "created_at": "2025-06-01T00:00:00Z", "tier": "build", "status": "active"}


def request(request_id: str, moment: str, **more: object) -> dict[str, object]:
    return {
        "request_id": request_id,
        "requested_at": moment,
        "account_id": "acme",
        "surface": "api",
        "operation_name": "chat",
        "request_model": "m",
        "input_tokens": 10,
        "output_tokens": 20,
        "http_status": 200,
    } | more


class Provider:
    """A provider's exports, its settings and its landing folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.landing = folder / "landing"
        (folder / "exports").mkdir()
        write_new_edge_key(folder / "edge.json")
        self.settings = folder / "sources.yml"
        self.settings.write_text("edge_key_file: edge.json\nown_tables: {folder: exports}\n")
        self.export("accounts", [ACCOUNT])

    @property
    def key(self) -> EdgeKey:
        return read_edge_key(self.folder / "edge.json", self.landing)

    def export(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        (self.folder / "exports" / f"{table}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    def land(self, day: date, first: date | None = None) -> Landed:
        return land(read_sources(self.settings), self.landing, day, first)

    def landed(self, table: str, columns: str, where: str = "true", order: str = "all") -> list[tuple[Any, ...]]:
        files = f"read_parquet('{self.landing}/{table}/*/*.parquet', union_by_name = true, hive_partitioning = true)"
        return duckdb.sql(f"select {columns} from {files} where {where} order by {order}").fetchall()


@pytest.fixture
def provider(tmp_path: Path) -> Provider:
    return Provider(tmp_path)


def test_rows_land_hashed_under_the_day_they_happened(provider: Provider) -> None:
    provider.export("usage_requests", [request("r1", "2026-01-01T10:00:00Z"), request("r2", "2026-01-02T00:30:00+01:00")])
    provider.land(SECOND)
    found = provider.landed("usage_requests", "request_id, account_id, requested_at, arrived_on", order="requested_at")
    account = provider.key.text("account", "acme")
    assert found == [
        (provider.key.text("request", "r1"), account, datetime(2026, 1, 1, 10), FIRST),
        (provider.key.text("request", "r2"), account, datetime(2026, 1, 1, 23, 30), FIRST),
    ]
    # a day of no requests has a file that says so
    assert list((provider.landing / "usage_requests" / "arrived_on=2026-01-02").glob("*.parquet"))


def test_a_second_run_lands_nothing_twice_and_a_later_one_goes_on(provider: Provider) -> None:
    provider.export("usage_requests", [request("r1", "2026-01-01T10:00:00Z"), request("r2", "2026-01-02T10:00:00Z")])
    provider.land(FIRST)
    assert provider.land(FIRST).rows == {}
    assert provider.land(SECOND).rows["usage_requests"] == {SECOND: 1}
    assert len(provider.landed("usage_requests", "request_id")) == 2


def test_rows_of_later_days_wait(provider: Provider) -> None:
    provider.export("usage_requests", [request("r1", "2026-01-01T10:00:00Z"), request("r2", "2026-01-02T10:00:00Z")])
    assert provider.land(FIRST).rows["usage_requests"] == {FIRST: 1}


def test_a_row_that_came_late_lands_on_the_day_that_first_sees_it(provider: Provider) -> None:
    provider.export("usage_requests", [request("r1", "2026-01-01T22:00:00Z")])
    provider.land(FIRST)
    late = [request("r1", "2026-01-01T22:00:00Z"), request("late", "2026-01-01T21:00:00Z"), request("r2", "2026-01-02T01:00:00Z")]
    provider.export("usage_requests", late)
    assert provider.land(SECOND).rows["usage_requests"] == {SECOND: 2}
    days = dict(provider.landed("usage_requests", "request_id, arrived_on"))
    assert days[provider.key.text("request", "late")] == SECOND
    assert days[provider.key.text("request", "r1")] == FIRST


def test_what_was_read_lately_is_remembered(provider: Provider) -> None:
    provider.export("usage_requests", [request("r1", "2026-01-01T22:00:00Z")])
    provider.land(SECOND)
    state = read_state(provider.landing, "own_tables")
    assert (state.landed_through, state.watermark, state.key_id) == (SECOND, datetime(2026, 1, 1, 22), provider.key.key_id)


def test_without_its_memory_a_landing_is_read_again_and_holds_the_same(provider: Provider) -> None:
    provider.export("usage_requests", [request("r1", "2026-01-01T10:00:00Z"), request("r2", "2026-01-02T10:00:00Z")])
    provider.land(SECOND)
    before = provider.landed("usage_requests", "*")
    (provider.landing / "_land" / "own_tables.json").unlink()
    provider.land(SECOND)
    assert provider.landed("usage_requests", "*") == before


def test_a_first_day_can_be_chosen(provider: Provider) -> None:
    provider.export("usage_requests", [request("r1", "2026-01-01T10:00:00Z"), request("r2", "2026-01-02T10:00:00Z")])
    assert provider.land(THIRD, first=SECOND).rows["usage_requests"] == {SECOND: 1, THIRD: 0}


def test_accounts_are_an_extract_of_each_day(provider: Provider) -> None:
    provider.export("usage_requests", [request("r1", "2026-01-01T10:00:00Z")])
    provider.export("accounts", [ACCOUNT, ACCOUNT | {"account_id": "young", "created_at": "2026-01-02T05:00:00Z"}])
    provider.land(SECOND)
    young = provider.key.text("account", "young")
    assert provider.landed("accounts", "arrived_on, account_id = '" + young + "'") == [
        (FIRST, False),
        (SECOND, False),
        (SECOND, True),
    ]


def test_an_account_that_is_gone_is_delivered_as_closed(provider: Provider) -> None:
    provider.export("usage_requests", [request("r1", "2026-01-01T10:00:00Z")])
    provider.export("accounts", [ACCOUNT, ACCOUNT | {"account_id": "gone"}])
    provider.land(FIRST)
    provider.export("accounts", [ACCOUNT])
    provider.land(SECOND)
    gone = provider.key.text("account", "gone")
    assert provider.landed("accounts", "arrived_on, status", f"account_id = '{gone}'") == [
        (FIRST, "active"),
        (SECOND, "closed"),
    ]


def test_a_row_of_state_is_delivered_again_only_when_it_changed(provider: Provider) -> None:
    provider.export("usage_requests", [request("r1", "2026-01-01T10:00:00Z")])
    charge = {"account_id": "acme", "created_at": "2026-01-01T09:00:00Z", "amount": 500, "currency": "usd", "status": "succeeded"}
    provider.export("billing_charges", [charge | {"charge_id": "c1"}, charge | {"charge_id": "c2"}])
    provider.land(FIRST)
    provider.export("billing_charges", [charge | {"charge_id": "c1", "disputed": True}, charge | {"charge_id": "c2"}])
    assert provider.land(SECOND).rows["billing_charges"] == {SECOND: 1}
    assert provider.landed("billing_charges", "charge_id, disputed", "arrived_on = '2026-01-02'") == [
        (provider.key.text("charge", "c1"), True)
    ]


def test_an_address_becomes_hash_and_prefix_and_is_nowhere_to_be_found(provider: Provider) -> None:
    provider.export("usage_requests", [request("r1", "2026-01-01T10:00:00Z", ip_hash="203.0.113.77:9, 10.0.0.1")])
    provider.land(FIRST)
    assert provider.landed("usage_requests", "ip_hash, ip_prefix_hash") == [
        (provider.key.number("ip", "203.0.113.77"), provider.key.number("ip_prefix", "203.0.113.0/24"))
    ]
    for file in (path for path in provider.landing.rglob("*") if path.is_file()):
        assert b"203.0.113.77" not in file.read_bytes()
        assert b"acme" not in file.read_bytes()


def test_what_cannot_be_read_is_counted_and_absent(provider: Provider) -> None:
    provider.export("usage_requests", [request("r1", "2026-01-01T10:00:00Z", latency_ms="slow")])
    landed = provider.land(FIRST)
    assert landed.unreadable == {"usage_requests.latency_ms": 1}
    assert provider.landed("usage_requests", "latency_ms") == [(None,)]


def test_fingerprints_made_elsewhere_are_joined_by_the_request(provider: Provider) -> None:
    provider.export("usage_requests", [request("r1", "2026-01-01T10:00:00Z"), request("r2", "2026-01-01T11:00:00Z")])
    (provider.folder / "prints").mkdir()
    keyed = provider.key.text("request", "r1")
    duckdb.sql(
        f"copy (select '{keyed}' as request_id, 7::bigint as prompt_template_hash) to '{provider.folder}/prints/a.parquet'"
    )
    provider.settings.write_text(provider.settings.read_text() + "fingerprints: prints\n")
    provider.land(FIRST)
    found = dict(provider.landed("usage_requests", "request_id, prompt_template_hash"))
    assert found == {keyed: 7, provider.key.text("request", "r2"): None}


def test_another_key_is_refused(provider: Provider) -> None:
    provider.export("usage_requests", [request("r1", "2026-01-01T10:00:00Z")])
    provider.land(FIRST)
    (provider.folder / "edge.json").unlink()
    write_new_edge_key(provider.folder / "edge.json")
    with pytest.raises(AdapterError, match="ids of two keys join to nothing"):
        provider.land(SECOND)


def test_a_column_that_is_none_of_the_contracts_is_refused_and_nothing_lands(provider: Provider) -> None:
    provider.export("usage_requests", [request("r1", "2026-01-01T10:00:00Z")])
    (provider.folder / "exports" / "usage_requests.jsonl").unlink()
    (provider.folder / "exports" / "usage_requests.csv").write_text(
        "request_id,requested_at,prompt\nr1,2026-01-01T10:00:00Z,hello\n"
    )
    with pytest.raises(AdapterError, match="must have the columns account_id"):
        provider.land(FIRST)
    header = ",".join(request("", ""))
    (provider.folder / "exports" / "usage_requests.csv").write_text(f"{header},prompt\n")
    with pytest.raises(AdapterError, match="has the columns prompt, which are none of the contract's"):
        provider.land(FIRST)
    assert not list(provider.landing.glob("*/arrived_on=*"))


def test_one_table_in_two_formats_is_refused(provider: Provider) -> None:
    provider.export("usage_requests", [request("r1", "2026-01-01T10:00:00Z")])
    (provider.folder / "exports" / "usage_requests.csv").write_text("request_id\nr1\n")
    with pytest.raises(AdapterError, match="must be exported in one format"):
        provider.land(FIRST)


def test_two_runs_at_once_are_refused(provider: Provider) -> None:
    provider.export("usage_requests", [request("r1", "2026-01-01T10:00:00Z")])
    with landing_lock(provider.landing), pytest.raises(AdapterError, match="another run lands"):
        provider.land(FIRST)


def test_a_damaged_memory_is_named(provider: Provider) -> None:
    provider.export("usage_requests", [request("r1", "2026-01-01T10:00:00Z")])
    provider.land(FIRST)
    (provider.landing / "_land" / "own_tables.json").write_text("{")
    with pytest.raises(AdapterError, match=r"own_tables\.json must say how far"):
        provider.land(SECOND)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("edge_key_file: [", "must be YAML"),
        ("edge_key_file: edge.json\n", "names no system"),
        ("edge_key_file: edge.json\nown_tables: {}\n", "one of folder, database_file and database_variable"),
        ("edge_key_file: edge.json\nown_tables: {folder: exports, colour: red}\n", "own_tables.colour"),
        ("own_tables: {folder: exports}\n", "edge_key_file"),
        ("edge_key_file: edge.json\nown_tables: {folder: nowhere}\n", "must be a folder of exported tables"),
    ],
)
def test_settings_that_cannot_be_used_say_why(provider: Provider, text: str, words: str) -> None:
    provider.settings.write_text(text)
    with pytest.raises(AdapterError, match=words):
        provider.land(FIRST)


def test_the_command_says_what_landed(provider: Provider) -> None:
    provider.export("usage_requests", [request("r1", "2026-01-01T10:00:00Z", latency_ms="slow")])
    words = [
        "land",
        "--date",
        "2026-01-01",
        "--sources",
        str(provider.settings),
        "--landing",
        str(provider.landing),
        "--home",
        str(provider.landing.parent / "home"),
    ]
    told = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert "usage_requests" in told.output
    assert "usage_requests.latency_ms: 1 values could not be read" in told.output
    as_json = json.loads(CliRunner().invoke(cli, [*words, "--json"], catch_exceptions=False).output)
    assert as_json["rows"] == {}
    lines = [json.loads(line) for line in (provider.folder / "home" / "logs" / "stillwatch.jsonl").read_text().splitlines()]
    ended = [line for line in lines if line["message"] == "step ended"]
    assert [line.get("counts") for line in ended] == [{"usage_requests": 1, "accounts": 1}, None]


def test_a_run_that_fails_is_in_the_run_log_without_what_was_read(provider: Provider) -> None:
    (provider.folder / "exports" / "usage_requests.csv").write_text("request_id,requested_at,prompt\nr1,2026-01-01,canary\n")
    words = ["land", "--date", "2026-01-01", "--sources", str(provider.settings), "--landing", str(provider.landing)]
    told = CliRunner().invoke(cli, [*words, "--home", str(provider.folder / "home")])
    assert isinstance(told.exception, AdapterError)
    log = (provider.folder / "home" / "logs" / "stillwatch.jsonl").read_text()
    assert "command failed: AdapterError" in log
    assert "canary" not in log


def test_the_keys_holder_is_told_what_an_id_has_become(provider: Provider) -> None:
    key = ["--key", str(provider.folder / "edge.json")]
    account = CliRunner().invoke(cli, ["land-id", "account", "acme", "globex", *key], catch_exceptions=False)
    assert account.output.splitlines() == [f"{name}\t{provider.key.text('account', name)}" for name in ("acme", "globex")]
    address = CliRunner().invoke(cli, ["land-id", "ip", *key, "--json"], input="203.0.113.7\n", catch_exceptions=False)
    assert json.loads(address.output) == [{"given": "203.0.113.7", "id": provider.key.number("ip", "203.0.113.7")}]
