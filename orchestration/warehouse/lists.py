"""Lists that features look things up in: disposable mail domains and hosting networks, from packages and from the installation.

Belongs here: reading the installation's own files and loading both into the working warehouse. An own row stands in place of the
package's for the same domain or network, from its day on, so that what earlier nights saw does not change.
"""

import csv
from collections.abc import Callable
from datetime import date

import duckdb
import pyarrow as pa
from disposable_email_domains import blocklist
from pydantic import BaseModel, ConfigDict

from orchestration.settings import Home

ALWAYS = date(2000, 1, 1)
"""From when on a row of a package counts: packages say no day, and no landed moment lies before."""
_DATES = ("entered_on", "removed_on")


class ListError(ValueError):
    """A list of the installation that cannot be used; the message names the file and line."""


class ListFile(BaseModel):
    """One list: its file under `<home>/lists`, its key column with how a key is read, and its table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    key: str
    table: str
    read: Callable[[str], str | int]
    looks: str


def _domain(text: str) -> str:
    domain = text.strip().lower().removeprefix("@")
    if "." not in domain or any(mark in domain for mark in " @/"):
        raise ValueError(text)
    return domain


def _network(text: str) -> int:
    number = int(text.strip().upper().removeprefix("AS"))
    if not 0 < number < 2**32:
        raise ValueError(text)
    return number


DISPOSABLE = ListFile(
    name="disposable_domains.csv",
    key="domain",
    table="reference.disposable_email_domains",
    read=_domain,
    looks="a mail domain such as trash.example",
)
HOSTING = ListFile(
    name="hosting_networks.csv",
    key="asn",
    table="reference.own_hosting_networks",
    read=_network,
    looks="the number of an autonomous system such as 64500",
)
Row = tuple[str | int, date, date | None]


def load_lists(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Put the packages' and the installation's lists into the warehouse; ListError when an own file cannot be used."""
    own = {row[0]: row for row in read_list(home, DISPOSABLE)}
    packaged: dict[str | int, Row] = {domain: (domain, ALWAYS, None) for domain in blocklist}
    _load(connection, DISPOSABLE, list((packaged | own).values()), pa.string())
    _load(connection, HOSTING, read_list(home, HOSTING), pa.int64())


def read_list(home: Home, kind: ListFile) -> list[Row]:
    """Return the rows of one own list, each with its key, its first day and the first day on which it no longer counts.

    None where there is no file. ListError when it lacks a column, a value is none of its kind, or a key stands twice.
    """
    path = home.lists / kind.name
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = [name for name in (kind.key, _DATES[0]) if name not in (reader.fieldnames or ())]
        if missing:
            raise ListError(
                f"{path} must have the columns {kind.key} and entered_on, and may have removed_on; {missing[0]} is missing"
            )
        rows = [_row(row, kind, f"{path}, line {reader.line_num}") for row in reader]
    keys = [row[0] for row in rows]
    twice = next((key for key in keys if keys.count(key) > 1), None) if len(set(keys)) < len(keys) else None
    if twice is not None:
        raise ListError(f"{path} must name each {kind.key} once, and names {twice} twice: keep the row that holds")
    return rows


def _row(row: dict[str, str], kind: ListFile, place: str) -> Row:
    try:
        key = kind.read(row[kind.key])
    except ValueError:
        raise ListError(f"{place}: {kind.key} must be {kind.looks}, given {row[kind.key]!r}") from None
    days: list[date | None] = []
    for name in _DATES:
        text = (row.get(name) or "").strip()
        try:
            days.append(date.fromisoformat(text) if text else None)
        except ValueError:
            raise ListError(f"{place}: {name} must be a day as YYYY-MM-DD, given {text!r}") from None
    entered, removed = days
    if entered is None:
        raise ListError(f"{place}: entered_on must be the day from which the row counts, and is empty")
    if removed is not None and removed <= entered:
        raise ListError(f"{place}: removed_on must lie after entered_on, given {removed} and {entered}")
    return key, entered, removed


def _load(connection: duckdb.DuckDBPyConnection, kind: ListFile, rows: list[Row], key_type: pa.DataType) -> None:
    columns = list(zip(*sorted(rows, key=lambda row: row[0]), strict=True)) or [(), (), ()]
    types = (key_type, pa.date32(), pa.date32())
    loaded = pa.table([pa.array(values, each) for values, each in zip(columns, types, strict=True)], names=[kind.key, *_DATES])
    connection.register("loaded_list", loaded)
    connection.execute(f"delete from {kind.table}")
    connection.execute(f"insert into {kind.table} select * from loaded_list")
    connection.unregister("loaded_list")
