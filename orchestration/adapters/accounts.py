"""One extract of accounts from all that systems know of them.

Belongs here: whose word counts where two systems know an account, accounts that only usage shows, and accounts that an extract
no longer holds.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
from pydantic import BaseModel, ConfigDict

from orchestration.adapters.edge import describe
from orchestration.adapters.placing import landed_files, read_landed
from orchestration.adapters.selects import literal, quoted
from orchestration.contract import landing_contract
from orchestration.landing.files import ARRIVED_ON

EXTRACT, SUPPLEMENT, SIGHTINGS = "extract", "supplement", "sightings"
DEFAULTS = {"tier": "unknown", "status": "active"}
"""What an account is taken to have where no system says."""
CLOSED = "closed"


class Knowledge(BaseModel):
    """What one system knows of accounts: of which kind it is, and its tables of accounts and of usage, where it has them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    accounts: str | None
    usage: str | None


def merge_accounts(
    connection: duckdb.DuckDBPyConnection, landing: Path, known: Sequence[Knowledge], first: date
) -> dict[str, str]:
    """Return, by provenance, the tables with one row per account in the contract's columns.

    Of two systems the earlier one's word counts, column by column. An account that the last extract had and none now has is
    delivered as closed. One that only usage shows stays as it is.
    """
    extracts = [each.accounts for each in known if each.kind == EXTRACT and each.accounts]
    supplements = [each.accounts for each in known if each.kind == SUPPLEMENT and each.accounts]
    seen = [each.usage for each in known if each.kind == SIGHTINGS and each.usage]
    if extracts:
        _merge(connection, EXTRACT, extracts, supplements)
        _close_the_gone(connection, _last_before(landing, EXTRACT, first))
    if seen:
        _sight(connection, seen, _last_before(landing, SIGHTINGS, first), first)
        if extracts:
            connection.execute(f"delete from seen where account_id in (select account_id from {EXTRACT})")
        _merge(connection, SIGHTINGS, ["seen"], supplements)
    return ({EXTRACT: EXTRACT} if extracts else {}) | ({SIGHTINGS: SIGHTINGS} if seen else {})


def _merge(connection: duckdb.DuckDBPyConnection, name: str, parts: Sequence[str], supplements: Sequence[str]) -> None:
    """Make the table `name` of the accounts in `parts`, of each column the first word in the order of parts and supplements."""
    words = {part: describe(connection, part) for part in (*parts, *supplements)}
    taken: list[str] = []
    for column in landing_contract().tables["accounts"].columns:
        said = [f"{quoted(part)}.{column.name}" for part, columns in words.items() if column.name in columns]
        said += [literal(DEFAULTS[column.name])] if column.name in DEFAULTS else []
        if said and column.name != "account_id":
            taken.append(f"coalesce({', '.join(said)}) as {column.name}")
    accounts = " union ".join(f"select account_id from {quoted(part)}" for part in parts)
    joins = " ".join(f"left join {quoted(part)} using (account_id)" for part in words)
    connection.execute(
        f"create or replace temp table {name} as select account_id, {', '.join(taken)} from ({accounts}) as listed {joins}"
    )


def _close_the_gone(connection: duckdb.DuckDBPyConnection, last: list[Path]) -> None:
    """Add what the last extract had and this one has not, as closed; its copies are one account."""
    if last:
        connection.execute(
            f"insert into {EXTRACT} by name select * replace ({literal(CLOSED)} as status) from {read_landed(last)} "
            f"where account_id not in (select account_id from {EXTRACT}) "
            "qualify row_number() over (partition by account_id order by status) = 1"
        )


def _sight(connection: duckdb.DuckDBPyConnection, usage: Sequence[str], last: list[Path], first: date) -> None:
    """Make the table `seen` of the accounts in use now or before, opened when they were first seen.

    Those of the first day ever landed count as opened on the contract's first moment: they were there before, and a whole
    customer base is no burst of sign-ups.
    """
    requests = " union all ".join(f"select account_id, requested_at from {quoted(table)}" for table in usage)
    connection.execute(
        f"create or replace temp table seen as select account_id, min(requested_at) as created_at from ({requests}) as requests "
        "where account_id is not null and requested_at is not null group by account_id"
    )
    if last:
        before = f"select account_id, created_at from {read_landed(last)}"
        connection.execute(
            "create or replace temp table seen as select account_id, min(created_at) as created_at from "
            f"(from seen union all {before}) as both_days group by account_id"
        )
    else:
        opened = landing_contract().first_moment
        connection.execute(f"update seen set created_at = date '{opened}' where created_at < date '{first}' + 1")


def _last_before(landing: Path, provenance: str, first: date) -> list[Path]:
    """Return the files of the last extract of before `first`, none where there was none."""
    folders = (landing / "accounts").glob(f"{ARRIVED_ON}=*")
    before = [
        files
        for folder in sorted(folders)
        if folder.name < f"{ARRIVED_ON}={first}" and (files := landed_files(folder, provenance))
    ]
    return before[-1] if before else []
