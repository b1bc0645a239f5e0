"""LiteLLM's tables in a real PostgreSQL server: what is landed, what never is, and databases that are not as expected."""

import json
import re
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.adapters.edge import edge_connection
from orchestration.adapters.errors import AdapterError
from orchestration.adapters.grants import grant_statements
from orchestration.adapters.inputs import Database
from orchestration.adapters.own_tables import own_tables
from orchestration.adapters.selects import database_select
from orchestration.adapters.shipped import read_adapter
from orchestration.cli_landing import land_grants

from .installation import SHARED, Installation
from .landing import Landing

pytestmark = pytest.mark.slow
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 3)
OWN = pytest.param("", id="own tables")
ALL = pytest.param(
    "all_migrations.sql",
    marks=[pytest.mark.real_data, pytest.mark.skipif(not SHARED.is_dir(), reason=f"needs LiteLLM's migrations at {SHARED}")],
    id="every migration",
)
TABLES = ("usage_requests", "accounts", "api_keys")


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path / "one")


def _made(empty: Installation, migrations: str = "", requests: int = 3000) -> Installation:
    empty.make((SHARED / migrations).read_text() if migrations else None)
    empty.fill("2026-03-01", 3, requests)
    return empty


EXPECTED = """
select count(*), sum(case when status = 'success' then prompt_tokens else 0 end),
    sum(case when status = 'success' then completion_tokens else 0 end),
    sum(case when status = 'success' then (metadata #>> '{usage_object,prompt_tokens_details,cached_tokens}')::int else 0 end),
    count(*) filter (where metadata #>> '{error_information,error_code}' = '429'), count(proxy_server_request #> '{temperature}')
from "LiteLLM_SpendLogs" where api_key <> ''
"""
LANDED = """
select count(*), sum(input_tokens), sum(output_tokens), sum(cache_read_input_tokens), count(*) filter (where http_status = 429),
    count(request_temperature)
from landed
"""


def _agrees(installation: Installation, landing: Landing) -> bool:
    expected = [int(value) for value in installation.run(EXPECTED).split("|")]
    return expected == [int(str(value)) for value in landing.ask(LANDED)[0]]


@pytest.mark.parametrize("migrations", [OWN, ALL])
def test_counts_and_sums_are_those_of_the_database(empty: Installation, landing: Landing, migrations: str) -> None:
    installation = _made(empty, migrations)
    landing.land_from(installation.address(), LAST)
    assert _agrees(installation, landing)
    unknown = "select count(*) from landed where account_id not in (select account_id from {})".format(landing.files("accounts"))
    assert landing.ask(unknown) == [(0,)]
    assert len(landing.rows("api_keys")) == 400


@pytest.mark.parametrize("migrations", [OWN, ALL])
def test_nothing_written_or_said_holds_content_or_names(
    empty: Installation, landing: Landing, migrations: str, capfd: pytest.CaptureFixture[str]
) -> None:
    installation = _made(empty, migrations, 500)
    landed = landing.land_from(installation.address(), LAST)
    out, err = capfd.readouterr()
    written = landing.written() + (out + err + landed.model_dump_json()).encode()
    assert b"gpt-4o" in written
    for canary in (rb"canary", rb"203\.0\.113", rb"user-1\b", rb"team-1\b", rb"org-1\b", rb"chatcmpl", rb"@mail"):
        assert not re.search(canary, written, re.IGNORECASE), canary


def test_columns_that_may_hold_content_are_never_selected() -> None:
    for relation in read_adapter("litellm").relations.values():
        every = [*relation.roots(), *relation.never]
        selected = database_select("public", relation.table, relation, every)
        assert not [name for name in relation.never if f'given."{name}"' in selected]
        # a list of messages is counted and not read
        assert not re.search(r'#>> \'[^\']*"(messages|contents|tools)"', selected)
        # of what lies inside JSON nothing but the paths
        inside = {column.within for column in relation.columns.values() if column.within}
        assert not [name for name in inside if f'given."{name}" as' in selected or f'unpacked."{name}",' in selected]


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl"])
def test_dumps_give_the_same_rows_as_the_database(empty: Installation, landing: Landing, tmp_path: Path, ending: str) -> None:
    installation = _made(empty)
    installation.run(_ODD)
    installation.export(landing.root / "dumps", ending)
    landing.land(LAST, FIRST, folder="dumps")
    other = Landing(tmp_path / "two")
    (other.root / "key.json").unlink()
    (other.root / "key.json").write_bytes((landing.root / "key.json").read_bytes())
    (other.root / "key.json").chmod(0o600)
    other.land_from(installation.address(), LAST, FIRST)
    assert landing.rows("usage_requests")
    for table in TABLES:
        assert landing.rows(table) == other.rows(table)


_ODD = """
insert into "LiteLLM_SpendLogs" (
    request_id, call_type, api_key, "user", "startTime", "endTime", metadata, request_tags, proxy_server_request
)
select
    'odd-' || n, '', 'k', 'user-101', timestamp '2026-03-02 10:00:00', timestamp '2026-03-02 09:00:00', metadata, tags, body
from (values
    (1, null::jsonb, null::jsonb, null::jsonb),
    (2, 'null', '"one"', '[1]'),
    (3, '[]', '[null, 1]', '{"temperature": "abc", "n": [], "tools": {"a": 1}, "max_tokens": 1e99, "stream": "yes"}'),
    (4, '5', '{}', '"text"'),
    (5, '{"usage_object": 7, "error_information": []}', '[["User-Agent: x"]]', '{"top_p": "", "tools": [], "body": null}'),
    (
        6, '{"usage_object": {"prompt_tokens_details": {"cached_tokens": "12"}}}', '["User-Agent: "]',
        '{"body": {"temperature": 1.5, "tools": [1]}}'
    )
) as odd(n, metadata, tags, body)
"""


def test_odd_json_is_absent_and_counted(empty: Installation, landing: Landing) -> None:
    empty.make()
    empty.run(_ODD)
    landed = landing.land_from(empty.address(), LAST)
    assert landed.unreadable == {f"LiteLLM_SpendLogs.{name}": 1 for name in ("temperature", "choice_count", "max_tokens")}
    rows = {str(row["request_id"]): row for row in landing.rows("usage_requests")}
    last = rows[landing.key.text("request", "odd-6")]
    assert (last["request_temperature"], last["tool_count"], last["cache_read_input_tokens"]) == (1.5, 1, 12)
    assert rows[landing.key.text("request", "odd-5")]["tool_count"] == 0
    assert {row["latency_ms"] for row in rows.values()} == {None}


def test_a_commit_that_came_late_is_landed_by_the_next_run(empty: Installation, landing: Landing) -> None:
    installation = _made(empty, requests=300)
    landing.land_from(installation.address(), date(2026, 3, 2))
    before = len(landing.rows("usage_requests"))
    installation.run(
        """
        insert into "LiteLLM_SpendLogs" (request_id, call_type, api_key, "user", "startTime", "endTime")
        values ('late', 'acompletion', 'k', 'u', '2026-03-02 21:00:00', '2026-03-02 21:00:05'),
            ('too-late', 'acompletion', 'k', 'u', '2026-03-02 12:00:00', '2026-03-02 12:00:05')
        """
    )
    landing.land_from(installation.address(), LAST)
    ids = {str(row["request_id"]): row["arrived_on"] for row in landing.rows("usage_requests")}
    assert before == 200
    assert len(ids) == len(landing.rows("usage_requests")) == 301
    # it arrives on the day that first could see it; what is older than the overlap is not looked for
    assert ids[landing.key.text("request", "late")] == date(2026, 3, 3)
    assert landing.key.text("request", "too-late") not in ids
    again = landing.land_from(installation.address(), LAST)
    assert sum(again.rows.get("usage_requests", {}).values()) == 0


def test_an_older_version_lacks_columns_and_tables(empty: Installation, landing: Landing) -> None:
    installation = _made(empty, requests=300)
    installation.run(
        """
        alter table "LiteLLM_SpendLogs" drop column request_duration_ms, drop column session_id, drop column status,
            drop column proxy_server_request;
        alter table "LiteLLM_VerificationToken" drop column settings_updated_at, drop column last_rotation_at;
        alter table "LiteLLM_UserTable" drop column created_at;
        drop table "LiteLLM_DeletedVerificationToken", "LiteLLM_DeprecatedVerificationToken", "LiteLLM_DeletedTeamTable",
            "LiteLLM_AuditLog", "LiteLLM_OrganizationTable", "LiteLLM_BudgetTable";
        """
    )
    landing.land_from(installation.address(), LAST)
    assert landing.ask("select count(*), count(latency_ms), count(request_temperature), count(conversation_id) from landed") == [
        (300, 300, 0, 0)
    ]
    # without the column the status stands in the metadata
    assert landing.ask("select count(*) from landed where http_status <> 200") == [(6,)]
    # the table of organizations is gone, their teams and keys still name them
    assert landing.ask("select count(distinct account_id) from landed where organization_hash is not null", "accounts") == [(20,)]


def test_a_database_without_the_log_is_refused(empty: Installation, landing: Landing) -> None:
    with pytest.raises(AdapterError, match="must have LiteLLM_SpendLogs, and schema public of the database holds none"):
        landing.land_from(empty.address(), LAST)
    assert not list(landing.folder.glob("*/arrived_on=*"))


@pytest.mark.parametrize(
    "address", ["postgresql://reader:S3CRET@127.0.0.1:1/litellm", "postgresql://reader:S3CRET@/no_such?host=/nowhere", "S3CRET"]
)
def test_a_wrong_address_is_said_without_its_password(landing: Landing, address: str) -> None:
    with pytest.raises(AdapterError, match="database must answer") as raised:
        landing.land_from(address, LAST)
    assert "S3CRET" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert b"S3CRET" not in landing.written()


def test_a_connection_that_drops_lands_nothing(empty: Installation, landing: Landing) -> None:
    installation = _made(empty, requests=300)
    adapter = read_adapter("litellm")
    with edge_connection(landing.key, "1GB") as connection:
        database = Database(connection, installation.address(password="S3CRET"), "public")
        assert database.columns(adapter.relations["spend_logs"])
        installation.run(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() "
            "and pid <> pg_backend_pid()"
        )
        with pytest.raises(AdapterError, match="must answer what is asked of") as raised:
            database.give(adapter.relations["spend_logs"], "raw", (datetime(2026, 3, 1), datetime(2026, 3, 2)))
    assert "S3CRET" not in str(raised.value)


def test_a_query_that_fails_midway_lands_nothing(empty: Installation, landing: Landing) -> None:
    installation = _made(empty, requests=300)
    # a view whose second day cannot be read, as of a damaged table; its error names a value
    installation.run(
        """
        create view stillwatch_spend_logs as
        select request_id, "startTime", api_key, "user",
            case when "startTime" >= '2026-03-02' then ('S3CRET' || request_id)::int else prompt_tokens end as prompt_tokens
        from "LiteLLM_SpendLogs"
        """
    )
    with pytest.raises(AdapterError, match=r"stillwatch_spend_logs.*SQLSTATE 22P02") as raised:
        landing.land_from(installation.address(), LAST)
    assert "S3CRET" not in str(raised.value)
    assert not list(landing.folder.glob("*/arrived_on=*"))


@pytest.mark.parametrize("migrations", [OWN, ALL])
def test_a_role_without_rights_on_content_lands_the_same(empty: Installation, tmp_path: Path, migrations: str) -> None:
    installation = _made(empty, migrations)
    role = f"reader_{installation.name}"
    installation.run(f"create role {role} login password 'S3CRET'")
    printed = CliRunner().invoke(land_grants, ["litellm", "--role", role])
    assert printed.exit_code == 0
    installation.run(printed.output)
    rights = installation.run(
        f"select table_name || '.' || column_name from information_schema.column_privileges where grantee = '{role}'"
    ).splitlines()
    for content in ("LiteLLM_SpendLogs", "LiteLLM_VerificationToken.metadata", "LiteLLM_AuditLog", "LiteLLM_UserTable.password"):
        assert not [right for right in rights if right.startswith(content)]
    owner, reader = Landing(tmp_path / "owner"), Landing(tmp_path / "reader")
    (reader.root / "key.json").write_bytes((owner.root / "key.json").read_bytes())
    reader.land_from(installation.address(role, "S3CRET"), LAST)
    owner.land_from(installation.address(), LAST)
    for table in TABLES:
        assert owner.rows(table) == reader.rows(table)
    assert _agrees(installation, reader)
    with pytest.raises(AssertionError, match="permission denied"):
        Installation(psql=installation.psql, socket=installation.socket, name=installation.name).run(
            f'set role {role}; select messages from "LiteLLM_SpendLogs"'
        )
    installation.run(f"drop owned by {role}; drop role {role}")


def test_grants_leave_out_what_a_version_lacks(empty: Installation) -> None:
    empty.make()
    empty.run('alter table "LiteLLM_SpendLogs" drop column proxy_server_request; drop table "LiteLLM_DeletedTeamTable"')
    without = ["LiteLLM_SpendLogs.proxy_server_request", "LiteLLM_DeletedTeamTable"]
    empty.run(grant_statements(read_adapter("litellm"), "postgres", "public", without))
    columns = empty.run(
        "select column_name from information_schema.columns where table_name = 'stillwatch_spend_logs'"
    ).splitlines()
    assert "error_code" in columns
    assert "temperature" not in columns
    # given again where the views are there
    empty.run(grant_statements(read_adapter("litellm"), "postgres", "public", without))


def test_grants_are_of_systems_in_databases_and_of_what_is_read() -> None:
    with pytest.raises(AdapterError, match="must lie in a database"):
        grant_statements(own_tables(), "r", "public")
    with pytest.raises(AdapterError, match=r"LiteLLM_SpendLogs\.startTime.*given: LiteLLM_SpendLogs\.messages"):
        grant_statements(read_adapter("litellm"), "r", "public", ["LiteLLM_SpendLogs.messages"])


@pytest.mark.slow
def test_a_million_requests(empty: Installation, landing: Landing) -> None:
    started = datetime.now()
    empty.make()
    empty.fill("2026-03-01", 2, 1_000_000)
    filled = datetime.now()
    landed = landing.land_from(empty.address(), date(2026, 3, 2))
    print(f"filled in {(filled - started).seconds} s, landed in {(datetime.now() - filled).seconds} s")
    assert _agrees(empty, landing)
    assert landed.left_out == {"litellm: requests that name no account": 100}
    assert landing.ask("select count(*), count(distinct request_id) from landed") == [(999_900, 999_900)]
    with duckdb.connect() as connection:
        texts = f"select count(*) from {landing.files('usage_requests')} as landed where cast(landed as varchar) ilike '%canary%'"
        assert connection.execute(texts).fetchall() == [(0,)]
    for path in landing.folder.rglob("*.parquet"):
        assert b"CANARY" not in path.read_bytes()


@pytest.mark.real_data
@pytest.mark.skipif(not SHARED.is_dir(), reason=f"needs rows that LiteLLM emitted at {SHARED}")
def test_rows_that_litellm_emitted(landing: Landing) -> None:
    emitted = json.loads((SHARED / "spendlogs_rows_emitted_by_litellm_1.84.10.json").read_text())
    (landing.root / "dumps").mkdir()
    (landing.root / "dumps" / "LiteLLM_SpendLogs.jsonl").write_text("\n".join(map(json.dumps, emitted)))
    landed = landing.land(date(2026, 11, 24), folder="dumps")
    rows = landing.rows("usage_requests")
    assert len(rows) == len(emitted)
    assert (landed.unreadable, landed.left_out) == ({}, {})
    assert sum(int(str(row["input_tokens"])) for row in rows) == sum(row["prompt_tokens"] for row in emitted)
    assert {row["account_id"] for row in rows} == {landing.key.text("account", "org1")}
    # each bears a session id that LiteLLM made up
    assert {row["conversation_id"] for row in rows} == {None}
    assert {row["request_model"] for row in rows} == {"gpt-4o", "gpt-4o-mini", "claude-sonnet-4-5"}
