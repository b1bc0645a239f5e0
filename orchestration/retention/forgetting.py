"""Requests to delete an account, against releases that never change.

Belongs here: the list of requests, keeping such accounts out of what a run reads, and finding what still holds them. The
list holds SHA-256 digests: it must outlive the account, for a provider delivers at least once.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from pydantic import BaseModel, ConfigDict, Field

from orchestration.contract import Table, landing_contract
from orchestration.durable import write_durably
from orchestration.privacy.id_keys import configured_id_key
from orchestration.publishing.manifest import read_manifest
from orchestration.publishing.reading import records
from orchestration.publishing.releases import newest_release, release_folders
from orchestration.settings import Home

_ACCOUNT = "account_id"
_REFERRER = "referred_by_account_id"
_ID_COLUMNS = {_ACCOUNT, "account_id_a", "account_id_b", "subject_id", _REFERRER}
"""Columns of published tables in which an account's id may stand."""

# an account is in a case by an action, by a review of itself, or as a member of the case's actor
_HELD_CASES = """
with in_case as (
    select case_id from actions where account_id = $account
    union
    select cases.case_id
    from cases
    inner join reviews on list_contains(string_split(cases.lead_ids, ','), reviews.lead_id)
    where reviews.subject_type = 'account' and reviews.subject_id = $account
    union
    select cases.case_id
    from cases
    inner join actor_members on cases.actor_id = actor_members.actor_id
    where actor_members.account_id = $account
)

select 'open appeal ' || appeal_id || ' in ' || case_id as why
from appeals where decided_at is null and (account_id = $account or case_id in (select case_id from in_case))
union
select 'legal hold by escalation ' || escalation_id || ' on ' || case_id
from escalations where hold_state = 'held' and case_id in (select case_id from in_case)
union
select case_id || ' is not decided' from cases where decided_at is null and case_id in (select case_id from in_case)
order by why
"""


class ForgettingError(ValueError):
    """A request that may not be carried out now; the message names what stands against it."""


class Request(BaseModel):
    """One line of the list: the digest of an account's id, the request it answers to, who entered it and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account_sha256: str
    request: str = Field(min_length=1)
    by: str = Field(min_length=1)
    at: datetime


class Standing(BaseModel):
    """A request and the releases that hold the account yet."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    request: str
    account_sha256: str
    at: datetime
    held_by: tuple[str, ...]


def digest_of(account_id: str) -> str:
    """Return the SHA-256 of an account id, as hex."""
    return hashlib.sha256(account_id.encode()).hexdigest()


def read_forgotten(path: Path) -> list[Request]:
    """Return the requests on the list, oldest first."""
    if not path.exists():
        return []
    return [Request.model_validate(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def forget(home: Home, account_id: str, request: str, who: str) -> Request:
    """Enter a request; from the next run on the account's landed rows are left out.

    Raises ForgettingError while an open appeal, a legal hold, a case not decided or a package needs the account, and where
    ids are re-keyed. A request entered twice stays as it was.
    """
    _refuse_rekeyed(home)
    against = standing_against(home, account_id)
    if against:
        raise ForgettingError(
            f"the account is needed for a claim or a decision under way and was not entered: {'; '.join(against)}. Tell the "
            "person so, and enter the request again when that has ended"
        )
    known = read_forgotten(home.forgotten)
    digest = digest_of(account_id)
    for entry in known:
        if entry.account_sha256 == digest:
            return entry
    entered = Request(account_sha256=digest, request=request, by=who, at=datetime.now(UTC).replace(microsecond=0))
    write_durably(home.forgotten, "".join(f"{entry.model_dump_json()}\n" for entry in [*known, entered]).encode())
    return entered


def _refuse_rekeyed(home: Home) -> None:
    newest = newest_release(home.published)
    if configured_id_key(home) or (newest and read_manifest(newest).ids_rekeyed):
        # the list is held against ids as they land, and the id given here is the published one
        raise ForgettingError(
            "a request must name an account by the id it lands under, and ids are re-keyed here, so nothing was entered: have "
            "the provider deliver the account no more, then run `stillwatch recover` and `stillwatch prune --yes`"
        )


def standing_against(home: Home, account_id: str) -> list[str]:
    """Return what needs the account, by the newest release and the packages, in words."""
    newest = newest_release(home.published)
    found = [str(row["why"]) for row in records(newest, _HELD_CASES, {"account": account_id})] if newest else []
    for content in sorted(home.packages.glob("*/*/content")):
        if any(_names(content / "rows" / f"{rows}.parquet", account_id) for rows in ("case_accounts", "named_accounts")):
            found.append(f"package {content.parent.parent.name}/{content.parent.name}")
    return found


def _names(rows: Path, account_id: str) -> bool:
    with duckdb.connect() as connection:
        found = connection.execute(
            "select count(*) from read_parquet(?) where account_id = ?", [str(rows), account_id]
        ).fetchall()
    return found[0][0] > 0


def leave_out_forgotten(connection: duckdb.DuckDBPyConnection, requests: Sequence[Request]) -> None:
    """Have the landing views pass over every row about the accounts; a referral by one reads as none."""
    if not requests:
        return
    for name, table in landing_contract().tables.items():
        delivered = _select_of(connection, name)
        kept = left_out(delivered, table, requests, "sha256({})")
        if kept != delivered:
            connection.execute(f"create or replace view landing.{name} as {kept}")


def left_out(delivered: str, table: Table, requests: Sequence[Request], digest: str) -> str:
    """Return a landing table's select without rows about the accounts of the requests, unchanged where it has none.

    `digest` is the SHA-256 of a column as hex in the engine's words, with `{}` for the column.
    """
    if not requests:
        return delivered
    digests = ", ".join(f"'{request.account_sha256}'" for request in requests)
    kept = _condition(table, digests, digest)
    names = [column.name for column in table.columns]
    if not kept and _REFERRER not in names:
        return delivered
    emptied = f"case when {digest.format(_REFERRER)} not in ({digests}) then {_REFERRER} end as {_REFERRER}"
    columns = [emptied if name == _REFERRER else name for name in [*names, "arrived_on", "source_file", "source_row"]]
    return f"select {', '.join(columns)} from ({delivered}) as delivered" + (f" where {kept}" if kept else "")


def _condition(table: Table, digests: str, digest: str) -> str:
    columns = {column.name for column in table.columns}
    about: list[str] = []
    if _ACCOUNT in columns:
        about.append(f"{digest.format(_ACCOUNT)} in ({digests})")
    if {"subject_type", "subject_id"} <= columns:
        about.append(f"subject_type = 'account' and {digest.format('subject_id')} in ({digests})")
    for value in ("value", "indicator_value"):
        if {"indicator_type", value} <= columns:
            about.append(f"indicator_type = '{_ACCOUNT}' and {digest.format(value)} in ({digests})")
    return " and ".join(f"not coalesce({condition}, false)" for condition in about)


def _select_of(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """Return the select of a landing view, which was just made over the files of the run."""
    sql = connection.execute(
        "select sql from duckdb_views() where schema_name = 'landing' and view_name = ? and database_name = current_database()",
        [table],
    ).fetchall()[0][0]
    return str(sql).split(" AS ", 1)[1].rstrip().rstrip(";")


def standings(home: Home) -> list[Standing]:
    """Return each request with the releases that hold its account yet, oldest first."""
    requests = read_forgotten(home.forgotten)
    holders = releases_holding(home.published, requests)
    return [
        Standing(
            request=request.request,
            account_sha256=request.account_sha256,
            at=request.at,
            held_by=tuple(sorted(release for release, digests in holders.items() if request.account_sha256 in digests)),
        )
        for request in requests
    ]


def releases_holding(published: Path, requests: Sequence[Request]) -> dict[str, set[str]]:
    """Return, by release, the digests among the requests of which any table has a row, its whole history included.

    Releases share most of their parts, so each is read once.
    """
    digests = sorted({request.account_sha256 for request in requests})
    found: dict[str, set[str]] = {}
    by_part: dict[str, set[str]] = {}
    if not digests:
        return found
    with duckdb.connect() as connection:
        for release in release_folders(published):
            holds: set[str] = set()
            for part in read_manifest(release).parts:
                if part.sha256 not in by_part:
                    by_part[part.sha256] = _in_part(connection, release / part.relative_path, digests)
                holds |= by_part[part.sha256]
            if holds:
                found[release.name] = holds
    return found


def _in_part(connection: duckdb.DuckDBPyConnection, part: Path, digests: Sequence[str]) -> set[str]:
    named = connection.execute("describe select * from read_parquet(?)", [str(part)]).fetchall()
    found: set[str] = set()
    for column in sorted({row[0] for row in named} & _ID_COLUMNS):
        found |= {
            digest
            for (digest,) in connection.execute(
                f"select digest from (select distinct sha256({column}) as digest from read_parquet(?)) as ids "
                "where list_contains(?, digest)",
                [str(part), digests],
            ).fetchall()
        }
    return found
