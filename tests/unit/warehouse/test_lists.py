from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.settings import Home
from orchestration.warehouse import state
from orchestration.warehouse.lists import DISPOSABLE, HOSTING, ListError, load_lists, read_list


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "lists").mkdir()
    return Home(root=tmp_path)


def write(home: Home, name: str, text: str) -> None:
    (home.lists / name).write_text(text, encoding="utf-8")


def loaded(home: Home) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    state.create_computed_tables(connection)
    load_lists(connection, home)
    return connection


def days(connection: duckdb.DuckDBPyConnection, domain: str) -> list[tuple[object, ...]]:
    statement = "select entered_on, removed_on from reference.disposable_email_domains where domain = ?"
    return connection.execute(statement, [domain]).fetchall()


def test_the_packages_rows_always_count(home: Home) -> None:
    assert days(loaded(home), "mailinator.com") == [(date(2000, 1, 1), None)]


def test_an_own_row_stands_in_place_of_the_packages(home: Home) -> None:
    write(home, DISPOSABLE.name, "domain,entered_on,removed_on\nmailinator.com,2026-01-01,2026-03-01\n@New.Example,2026-02-01,\n")
    connection = loaded(home)
    assert days(connection, "mailinator.com") == [(date(2026, 1, 1), date(2026, 3, 1))]
    assert days(connection, "new.example") == [(date(2026, 2, 1), None)]


def test_a_row_that_was_taken_back_is_gone_the_next_time(home: Home) -> None:
    write(home, HOSTING.name, "asn,entered_on\nAS64500,2026-01-01\n64501,2026-01-01\n")
    connection = loaded(home)
    write(home, HOSTING.name, "asn,entered_on\n64501,2026-01-01\n")
    load_lists(connection, home)
    assert connection.execute("select asn from reference.own_hosting_networks").fetchall() == [(64501,)]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (DISPOSABLE.name, "domain\nx.example\n", "entered_on is missing"),
        (DISPOSABLE.name, "domain,entered_on\na b,2026-01-01\n", "line 2: domain must be a mail domain"),
        (DISPOSABLE.name, "domain,entered_on\nx.example,1.1.2026\n", "line 2: entered_on must be a day"),
        (DISPOSABLE.name, "domain,entered_on\nx.example,\n", "line 2: entered_on must be the day"),
        (DISPOSABLE.name, "domain,entered_on\nx.example,2026-01-01\nX.example,2026-01-02\n", "names x.example twice"),
        (HOSTING.name, "asn,entered_on\nExample Ltd,2026-01-01\n", "line 2: asn must be the number"),
        (HOSTING.name, "asn,entered_on\n4294967296,2026-01-01\n", "line 2: asn must be the number"),
        (HOSTING.name, "asn,entered_on,removed_on\n64500,2026-01-01,2026-01-01\n", "removed_on must lie after"),
    ],
)
def test_a_list_that_cannot_be_used_says_where(home: Home, name: str, text: str, words: str) -> None:
    write(home, name, text)
    kind = DISPOSABLE if name == DISPOSABLE.name else HOSTING
    with pytest.raises(ListError, match=words):
        read_list(home, kind)
