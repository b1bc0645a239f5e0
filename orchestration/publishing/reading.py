"""What the command line reads from a release: tonight's leads, one subject explained, any query.

Belongs here: read-only access to a published release. Nothing here opens the working warehouse.
"""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import duckdb


class UnknownSubjectError(LookupError):
    """No such account, actor or lead in the release."""


class QueryError(ValueError):
    """A query that the release cannot answer; the message is the engine's."""


def open_release(release: Path) -> duckdb.DuckDBPyConnection:
    """Open a release's marts read-only; a file is looked for in the release first, as in `from 'parquet/scores/*.parquet'`."""
    connection = duckdb.connect(str(release / "marts.duckdb"), read_only=True)
    connection.execute("set file_search_path = ?", [str(release)])
    # reading ahead is for files far away: of one on this machine it reads columns whose rows a look-up passes over
    connection.execute("set disable_parquet_prefetching = true")
    return connection


def query_release(release: Path, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Run one query on a release; return column names and rows. QueryError when the query is wrong."""
    with open_release(release) as connection:
        try:
            cursor = connection.execute(sql)
            return [column[0] for column in cursor.description or []], cursor.fetchall()
        except duckdb.Error as error:
            raise QueryError(f"the query failed: {error}") from error


def records(release: Path, sql: str, values: Sequence[object] | Mapping[str, object] | None = None) -> list[dict[str, Any]]:
    """Run one query on a release; return its rows as dictionaries."""
    with open_release(release) as connection:
        return records_of(connection, sql, values)


def records_of(
    connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] | Mapping[str, object] | None = None
) -> list[dict[str, Any]]:
    """Run one query on an open release; return its rows as dictionaries.

    Opening a release costs more than most queries: whoever has several asks them of one connection.
    """
    cursor = connection.execute(sql, values or [])
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


LEADS = """
select
    review_queue.as_of_date, review_queue.priority, review_queue.lead_id, review_queue.subject_type, review_queue.subject_id,
    review_queue.selection, review_queue.why, review_queue.suggested_clause, review_queue.due_at,
    review_queue.selection_probability, review_queue.stratum, review_queue.evidence_signature,
    scores.log_odds, scores.score, scores.lower, scores.upper, scores.resale_score, scores.role,
    scores.resale_log_odds, scores.resale_lower, scores.resale_upper, scores.coverage_share,
    scores.calibration_status, actors.account_count, actors.request_count_28d, actors.mixture_share
from review_queue
left join scores on review_queue.subject_type = scores.subject_type and review_queue.subject_id = scores.subject_id
left join actors on review_queue.subject_id = actors.actor_id
order by review_queue.priority
"""


_CASES = """
select
    case_id, strength_grade, strength_score, policy_clause_id, tactic_id, account_count, opened_at, decided_at, outcome
from cases
order by strength_grade nulls last, strength_score desc nulls last, account_count desc, opened_at, case_id
"""


_LINKS_INSIDE = """
with members as (select account_id from actor_members where actor_id = ?)
select account_links.*
from account_links
inner join members as one on account_links.account_id_a = one.account_id
inner join members as other on account_links.account_id_b = other.account_id
order by account_links.weight desc, account_links.account_id_a, account_links.account_id_b, account_links.link_kind
"""


# each end by itself: the first is what rows are sorted by, the second has an index, and an `or` of both would use neither.
# no account is linked to itself; materialized, or the engine lets the limit reach into the look-ups and scans after all
_LINKS_OF_ACCOUNT = """
with ends as materialized (
    select * from account_links where account_id_a = $account_id
    union all
    select * from account_links where account_id_b = $account_id
)
select * from ends order by weight desc, link_kind, account_id_a, account_id_b limit 50
"""


def leads(release: Path) -> list[dict[str, Any]]:
    """Return the release's review queue, first lead first, with the score and size of each subject."""
    return records(release, LEADS)


def cases(release: Path) -> list[dict[str, Any]]:
    """Return the release's cases, the strongest first: by grade (ungraded last), then strength score, then accounts, then age."""
    return records(release, _CASES)


def explain(release: Path, subject: str) -> dict[str, Any]:
    """Return all a release says of an account, actor or lead id: score, reasons, what speaks against, members, and the weight of
    every link.

    Raises UnknownSubjectError when the release does not know the id.
    """
    with open_release(release) as connection:
        ask = partial(records_of, connection)
        lead = ask("select * from review_queue where lead_id = ?", [subject])
        subject_id = lead[0]["subject_id"] if lead else subject
        found = ask("select * from scores where subject_id = ?", [subject_id])
        if not found:
            raise UnknownSubjectError(
                f"{subject} is no account, actor or lead with a score in {release.name}; `stillwatch leads` lists tonight's, "
                "and an account without a request in 28 days has no score"
            )
        scored = found[0]
        reasons = json.loads(scored.pop("reasons"))
        about: dict[str, Any] = {
            **scored,
            "speaks_for": [r for r in reasons if r["contribution"] > 0 or r["resale_contribution"] > 0],
            "speaks_against": [r for r in reasons if r["contribution"] < 0 or r["resale_contribution"] < 0],
            "queue": ask("select * from review_queue where subject_id = ?", [subject_id]),
        }
        if scored["subject_type"] == "actor":
            about["actor"] = ask("select * from actors where actor_id = ?", [subject_id])[0]
            about["members"] = ask(
                "select * from actor_members where actor_id = ? order by membership_strength desc, account_id",
                [subject_id],
            )
            about["links"] = ask(_LINKS_INSIDE, [subject_id])
            about["events"] = ask("select * from actor_events where actor_id = ? order by as_of_date, event", [subject_id])
        else:
            about["actor"] = ask("select * from actor_members where account_id = ?", [subject_id])
            about["links"] = ask(_LINKS_OF_ACCOUNT, {"account_id": subject_id})
        return about
