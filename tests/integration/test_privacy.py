"""A night on a hostile delivery under a key of ids: nothing is reached, nothing leaks, nothing lands as code, old usage goes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from orchestration.privacy.classes import class_of, data_classes
from orchestration.privacy.id_keys import SETTING, IdKey, read_id_key, write_new_id_key
from orchestration.publishing.manifest import read_manifest
from orchestration.settings import PROJECT_ROOT, Home
from simulator import SimulatorSettings, simulate

pytestmark = pytest.mark.slow

START = date(2026, 3, 1)
LAST = START + timedelta(days=1)
MARK = "zqx"
"""Stands in every hostile value, so that it is found again wherever it went."""
HOSTILE = (
    f"<script>alert('{MARK}')</script>",
    f"</script><img src=x onerror=alert('{MARK}')>",
    f"'; drop table accounts; --{MARK}",
    f"../../../{MARK}",
    f'"}}]}}{MARK}{{{{ 7 * 7 }}}}',
    f"=cmd|' /C {MARK}'!A0",
)
HOOK = """
import os, sys
def hear(event, arguments):
    if event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], (str, bytes)):
        return  # a unix socket
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        with open(os.environ["HEARD"], "a") as log:
            log.write(f"{event} {arguments[1:]}\\n")
sys.addaudithook(hear)
with open(os.environ["HEARD"], "a") as log:
    log.write("listening\\n")
"""


class Night:
    """A home that ran on the hostile delivery, the delivery, the key, and what was heard of connections."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.home = Home(root=root / "home")
        self.landing = root / "landing"
        self.key_file = root / "ids.json"
        self.heard = root / "heard"
        (root / "hook").mkdir()
        (root / "hook" / "sitecustomize.py").write_text(HOOK, encoding="utf-8")

    @property
    def key(self) -> IdKey:
        return read_id_key(self.key_file, self.home)

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        environment = {
            **os.environ,
            SETTING: str(self.key_file),
            "PYTHONPATH": str(self.root / "hook"),
            "HEARD": str(self.heard),
        }
        return subprocess.run(
            [sys.executable, *command], capture_output=True, text=True, check=False, cwd=PROJECT_ROOT, env=environment
        )

    def stillwatch(self, *arguments: str) -> dict[str, object]:
        outcome = self.run("-m", "orchestration.cli", *arguments, "--home", str(self.home.root), "--json")
        assert outcome.returncode == 0, outcome.stdout + outcome.stderr
        self.printed = outcome.stdout + outcome.stderr
        return json.loads(outcome.stdout)


def _changed(landing: Path, table: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    for path in sorted((landing / table).glob("*/*.parquet")):
        change(pl.read_parquet(path)).write_parquet(path)


def _hostile(frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Put a hostile value into every second row of each column."""
    row = pl.int_range(pl.len())
    value = pl.lit(pl.Series(HOSTILE)).gather(row // 2 % len(HOSTILE))
    return frame.with_columns(pl.when(row % 2 == 0).then(value).otherwise(pl.col(name)).alias(name) for name in columns)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    root = tmp_path_factory.mktemp("hostile")
    made = Night(root)
    simulate(SimulatorSettings(out=made.landing, truth=root / "truth", start=START, days=2, accounts=200, requests=1500))
    _changed(
        made.landing, "usage_requests", lambda frame: _hostile(frame, ("end_user_id", "conversation_id", "topic", "language"))
    )
    _changed(
        made.landing,
        "accounts",
        lambda frame: _hostile(
            frame, ("declared_use", "tier", "signup_country", "declared_country", "terms_version", "email_domain")
        ),
    )
    _changed(made.landing, "intel_indicators", lambda frame: _hostile(frame, ("campaign", "source")))
    write_new_id_key(made.key_file, made.home)
    made.stillwatch("backfill", "--landing", str(made.landing), "--from", str(START), "--to", str(LAST))
    return made


def _texts(folder: Path, *suffixes: str) -> dict[Path, str]:
    found = [path for path in folder.rglob("*") if path.is_file() and path.suffix in suffixes]
    return {path: path.read_text(encoding="utf-8", errors="replace") for path in found}


def test_no_connection_is_attempted_in_a_night(night: Night) -> None:
    heard = night.heard.read_text(encoding="utf-8").splitlines()
    assert "listening" in heard
    assert [line for line in heard if line != "listening"] == []


def test_an_attempt_would_have_been_heard(night: Night, tmp_path: Path) -> None:
    kept, night.heard = night.heard, tmp_path / "heard"
    night.run("-c", "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('127.0.0.1', 9))")
    assert "socket.connect" in night.heard.read_text(encoding="utf-8")
    night.heard = kept


def test_every_published_account_is_under_the_key_and_the_manifest_says_so(night: Night) -> None:
    manifest = read_manifest(night.home.current)
    assert (manifest.ids_rekeyed, manifest.id_epoch) == (True, 1)
    with duckdb.connect(str(night.home.current.resolve() / "marts.duckdb"), read_only=True) as release:
        published = {row[0] for row in release.execute("select account_id from accounts").fetchall()}
        queued = {
            row[0] for row in release.execute("select distinct subject_id from scores where subject_type = 'account'").fetchall()
        }
    landed = set(pl.read_parquet(night.landing / "accounts" / "*" / "*.parquet")["account_id"])
    assert published == {night.key.text("account", one) for one in landed}
    assert queued <= published
    assert queued


def test_no_landed_id_stands_anywhere_in_what_readers_get(night: Night) -> None:
    landed = set(pl.read_parquet(night.landing / "accounts" / "*" / "*.parquet")["account_id"])
    for path, text in _texts(night.home.published, ".json", ".html", ".csv").items():
        assert not [one for one in landed if one in text], path
    with duckdb.connect() as connection:
        connection.execute("create table landed as select unnest(?) as id", [sorted(landed)])
        for path in night.home.current.resolve().rglob("*.parquet"):
            names = [c[0] for c in connection.execute(f"describe select * from '{path}'").fetchall() if c[1] == "VARCHAR"]
            for name in names:
                found = connection.execute(f"select count(*) from '{path}' where {name} in (from landed)").fetchall()[0][0]
                assert found == 0, (path, name)


def test_every_column_of_the_release_has_a_class(night: Night) -> None:
    with duckdb.connect(str(night.home.current.resolve() / "marts.duckdb"), read_only=True) as release:
        columns = {row[0] for row in release.execute("select column_name from duckdb_columns() where not internal").fetchall()}
    assert [name for name in sorted(columns) if not data_classes()[class_of(name)].published] == []
    assert len(columns) > 300


def test_the_key_is_in_no_file_of_the_home_and_in_nothing_printed(night: Night) -> None:
    secret = json.loads(night.key_file.read_text(encoding="utf-8"))["key"]
    pads = [pad[:32] for pad in night.key.pads().values()]
    needles = [form for raw in (bytes.fromhex(secret), *pads) for form in (raw, raw.hex().encode(), raw.hex().upper().encode())]
    for path in night.home.root.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(needle in content for needle in needles), path
    assert secret not in night.printed


def test_hostile_values_go_through_and_become_no_code(night: Night) -> None:
    with duckdb.connect(str(night.home.current.resolve() / "marts.duckdb"), read_only=True) as release:
        kept = release.execute("select distinct declared_use from accounts where contains(declared_use, ?)", [MARK]).fetchall()
        assert {value for (value,) in kept} == set(HOSTILE)
        assert release.execute("select count(*) from accounts").fetchall()[0][0] > 50
    pages = _texts(night.home.published, ".html")
    assert len(pages) >= 4
    assert any(MARK in page for page in pages.values())
    for path, page in pages.items():
        for value in HOSTILE[:2]:
            assert value not in page, path
        assert f"onerror=alert('{MARK}')>" not in page, path
        assert f"{MARK}49" not in page, path


def test_no_path_is_made_of_a_value(night: Night) -> None:
    assert [path for path in night.root.rglob("*") if MARK in path.name or "script" in path.suffix] == []
    assert not list(night.root.parent.glob(f"*{MARK}*"))


def test_what_expires_goes_and_what_depends_on_the_rest_computes_the_same(night: Night) -> None:
    before = read_manifest(night.home.current)
    with duckdb.connect(str(night.home.warehouse)) as warehouse:
        for table in ("int_usage__kept_requests", "int_usage__account_network_days"):
            warehouse.execute(
                f"insert into {table} by name select * replace (activity_date - 300 as activity_date, arrived_on - 300 as "
                f"arrived_on) from {table}"
            )
        count = warehouse.execute("select count(*) from int_usage__kept_requests").fetchall()[0][0]
    dropped = night.stillwatch("retain")
    assert dropped["main.int_usage__kept_requests"] == count // 2
    assert sum(map(int, map(str, dropped.values()))) > count // 2
    again = night.stillwatch("nightly", "--landing", str(night.landing), "--date", str(LAST))
    assert (again["release_id"], again["is_new"]) == (before.release_id, False)
    assert night.home.current.resolve().name == before.release_id


def test_a_warehouse_of_one_epoch_is_not_written_under_another(night: Night, tmp_path: Path) -> None:
    kept, night.key_file = night.key_file, tmp_path / "other.json"
    write_new_id_key(night.key_file, night.home, epoch=2)
    arguments = ("nightly", "--landing", str(night.landing), "--date", str(LAST), "--home", str(night.home.root))
    outcome = night.run("-m", "orchestration.cli", *arguments)
    night.key_file = kept
    assert outcome.returncode == 1
    assert "holds ids of epoch 1 under key" in outcome.stderr
