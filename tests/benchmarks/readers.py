"""What a reader of a release of a million accounts waits: `python -m tests.benchmarks.readers`.

Belongs here: marts of so many accounts, published by the product's code, and the questions that the command line and the
documentation ask of a release. Each question opens the release anew, as a command does.
"""

import os
import random
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import duckdb

from orchestration.publishing.notes import lead_notes
from orchestration.publishing.reading import cases, explain, leads, query_release, records
from orchestration.publishing.releases import current_release
from orchestration.settings import Home
from orchestration.warehouse import state
from orchestration.warehouse.opening import warehouse

from . import page
from .command import emptied, parser_of
from .marts import fill, make_marts, publish_marts

NIGHT = date(2026, 1, 28)
MOST_LOOK_UP, MOST_QUERY = 50.0, 100.0
LEADS, CASES, ACTORS_EACH = 150, 2_000, 25
REASONS_OF_ACTOR = 30
"""As many as the most of any lead of a simulated release; the mean there is five."""

_ID = "'acct_' || lpad(to_hex(hash(i, 0)), 16, '0')"
_OTHER_ID = "'acct_' || lpad(to_hex(hash((i * 7919 + step) % {accounts}, 0)), 16, '0')"
_ACTOR = f"'actor_' || lpad(to_hex(hash(i // {ACTORS_EACH}, 1)), 16, '0')"
_REASONS = """'[' || string_agg(
    '{{"signal_id":"sig_' || signal || '","value":0.97,"baseline":0.11,"contribution":1.25,"resale_contribution":0.5,'
    || '"text":"97% of requests share one template; the median of its peers is 11%"}}', ',' order by signal) || ']'"""
_SUBJECTS = "from range(cast({accounts} as bigint)) as counter(i)"
_LATER_ID = "'acct_' || lpad(to_hex(hash(i + step, 0)), 16, '0')"
# every account has a score, features and a row of every day that it is active on, a third of them; one in 20 is in an actor,
# linked to up to three others of it
_ROWS = {
    "accounts": f"""
        select {_ID} as account_id, true as is_known, 'active' as status, ['free', 'build', 'scale'][1 + i % 3] as tier,
            ['US', 'DE', 'JP', 'BR'][1 + i % 4] as declared_country, 'individual' as account_type,
            timestamp '2025-01-01' + to_minutes(i % 500000) as created_at {_SUBJECTS}""",
    "account_days": f"""
        select {_ID} as account_id, date '{{night}}' - cast(ago as integer) as activity_date,
            ['api', 'chat', 'coding_agent'][1 + i % 3] as surface, '' as partner, 1 + hash(i, ago) % 400 as request_count,
            1 + hash(i, ago) % 390 as success_count, hash(i, ago, 2) % 500000 as input_tokens,
            hash(i, ago, 3) % 200000 as output_tokens, hash(i, ago, 4) % 40 as prompt_template_distinct_count,
            hash(i, ago, 5) % 200 as prompt_distinct_count, hash(i, ago, 6) % 5 as ip_prefix_distinct_count,
            date '{{night}}' - cast(ago as integer) + to_seconds(hash(i, ago, 7) % 40000) as first_requested_at,
            date '{{night}}' - cast(ago as integer) + to_seconds(40000 + hash(i, ago, 8) % 40000) as last_requested_at
        {_SUBJECTS}, range(28) as days(ago) where hash(hash(i, ago)) % 3 = 0""",
    "usage_days": """
        select activity_date, surface, partner, tier, declared_country, account_type, count(*) as account_count,
            sum(request_count) as request_count, sum(success_count) as success_count, sum(input_tokens) as input_tokens,
            sum(output_tokens) as output_tokens
        from main.account_days inner join main.accounts using (account_id) group by all""",
    "scores": f"""
        select date '{{night}}' as as_of_date, 'account' as subject_type, {_ID} as subject_id, -4 + (i % 700) / 100 as log_odds,
            0.02 as score, 0.01 as lower, 0.05 as upper, -4 as resale_log_odds, 0.02 as resale_score, 0.01 as resale_lower,
            0.05 as resale_upper, 'benign' as role, i + 1 as rank, '1' as ruleset_version,
            'expert prior' as calibration_status, 0.9 as coverage_share, {_REASONS} as reasons
        {_SUBJECTS}, range(4) as signals(signal) group by i
        union all
        select date '{{night}}', 'actor', {_ACTOR}, 2.5, 0.9, 0.8, 0.95, 1, 0.7, 0.6, 0.8, 'distiller', i + 1, '1',
            'expert prior', 0.9, {_REASONS}
        from range(0, cast({{members}} as bigint), {ACTORS_EACH}) as counter(i), range({REASONS_OF_ACTOR}) as signals(signal)
        group by i""",
    "signal_hits": f"""
        select date '{{night}}' as as_of_date, 'account' as subject_type, {_ID} as subject_id, 'sig_' || signal as signal_id,
            1 as signal_version, 'bulk' as family, 'active' as status, 0.97 as value, 0.11 as baseline, 1.25 as evidence,
            1.25 as contribution, 0.5 as resale_evidence, 0.5 as resale_contribution
        {_SUBJECTS}, range(4) as signals(signal) where hash(hash(i, signal, 9)) % 2 = 0""",
    "account_links": f"""
        select date '{{night}}' as as_of_date, least(one, other) as account_id_a, greatest(one, other) as account_id_b,
            'rare_template' as link_kind, 'software' as evidence_source, true as is_behavioural, 3.5 as weight,
            1 as shared_value_count, date '{{night}}' as first_seen_on, date '{{night}}' as last_seen_on
        from (select {_ID} as one, {_OTHER_ID} as other {_SUBJECTS}, range(1, 3) as steps(step)) as pairs where one <> other
        union all
        select date '{{night}}', least(one, other), greatest(one, other), ['device', 'payment_fingerprint', 'referral'][step],
            'software', false, 5.5, 1, date '{{night}}', date '{{night}}'
        from (select {_ID} as one, {_LATER_ID} as other, step
            from range(cast({{members}} as bigint)) as counter(i), range(1, 4) as steps(step)
            where (i + step) // {ACTORS_EACH} = i // {ACTORS_EACH} and i + step < {{members}}) as pairs""",
    "actor_members": f"""
        select date '{{night}}' as as_of_date, {_ACTOR} as actor_id, {_ID} as account_id, date '{{night}}' as joined_on,
            0.8 as membership_strength, 3 as link_kind_count, 1 as nonbehavioural_kind_count, 'act' as basis
        from range(cast({{members}} as bigint)) as counter(i)""",
    "actors": f"""
        select date '{{night}}' as as_of_date, {_ACTOR} as actor_id, count(*) as account_count,
            count(*) as actionable_account_count, count(*) as active_account_count, 0.9 as mixture_share,
            'distiller' as role, 120000 as request_count_28d, 9000000 as output_tokens_28d,
            'device {ACTORS_EACH}, payment_fingerprint {ACTORS_EACH}, referral {ACTORS_EACH}' as link_kinds
        from range(cast({{members}} as bigint)) as counter(i) group by i // {ACTORS_EACH}""",
    "review_queue": """
        select as_of_date, 'lead_' || actor_id as lead_id, 'actor' as subject_type, actor_id as subject_id,
            row_number() over (order by actor_id) as priority, 'New evidence since the last night' as why,
            'AUP-4.2' as suggested_clause, timestamp '2026-02-01' as due_at, 'high' as severity, 'score' as selection,
            'high' as stratum, 1.0 as selection_probability, as_of_date as first_queued_on, 'sig_0 sig_1' as evidence_signature
        from main.actors order by actor_id limit {leads}""",
    "actions": """
        select 'action_' || row_number() over (order by account_id) as action_id, 'case_' || row_number() over () as case_id,
            account_id, actor_id, 'termination' as action_type, 'api' as surface, timestamp '2026-01-20' as decided_at,
            timestamp '2026-01-21' as effective_at, 'AUP-4.2' as policy_clause_id, hash(account_id) % 10 = 0 as is_overturned,
            hash(account_id) % 4 as appeal_count, 1 as severity_rank
        from main.actor_members order by account_id limit {cases}""",
    "cases": """
        select case_id, true as is_landed, actor_id, ['A', 'B', 'C'][1 + cast(hash(case_id) % 3 as bigint)] as strength_grade,
            1.0 as strength_score, decided_at as opened_at, decided_at, 'AUP-4.2' as policy_clause_id, 1 as account_count
        from main.actions""",
    "enforcement_metrics": """
        select metric, period, 'surface=' || surface as slice, 0.5 as value, 0.4 as lower, 0.6 as upper, 40 as n,
            'proportion, Wilson 95 %' as method, false as immature
        from (values ('queue_precision'), ('overturn_rate'), ('appeal_rate')) as metrics(metric),
            (select 'p' || p as period from range(400) as periods(p)), (values ('api'), ('chat')) as surfaces(surface)""",
    "signal_registry": """
        select 'sig_' || signal as signal_id, 1 as signal_version, 'bulk' as family, 'Signal' as title, 'active' as status,
            1 as hypothesis_sign, 'agency, evaluation_lab' as lookalikes from range(60) as signals(signal)""",
}  # fmt: skip


def prepare(home: Home, accounts: int) -> None:
    """Fill the marts of so many accounts and publish them as a release of one night."""
    home.root.mkdir(parents=True)
    values = {"accounts": accounts, "night": NIGHT, "members": accounts // 20, "leads": LEADS, "cases": CASES}
    make_marts(home)
    with warehouse(home) as connection:
        state.create_computed_tables(connection)
        for table, query in _ROWS.items():
            fill(connection, table, query.format(**values))
        fill(connection, "account_features", _features(connection))
    publish_marts(home, [NIGHT], NIGHT - timedelta(days=27))
    # a reader has no working warehouse, and the disk has better uses
    home.warehouse.unlink()


def _features(connection: duckdb.DuckDBPyConnection) -> str:
    """Return a query of a row an account with a value in every column of `account_features`, by the column's type."""
    drawn = {
        "BIGINT": "cast(power(1 + hash(account_id, {n}) % 1000, 1.5) as bigint)",
        "DOUBLE": "(hash(account_id, {n}) % 1000) / 1000",
        "BOOLEAN": "hash(account_id, {n}) % 10 = 0",
        "VARCHAR": "'value_' || (hash(account_id, {n}) % 30)",
        "DATE": f"date '{NIGHT}' - cast(hash(account_id, {{n}}) % 300 as integer)",
        "TIMESTAMP": f"timestamp '{NIGHT}' - to_minutes(cast(hash(account_id, {{n}}) % 500000 as bigint))",
    }
    columns = connection.execute("describe main.account_features").fetchall()
    known = {"as_of_date": f"date '{NIGHT}'", "account_id": "account_id", "account_key": "0"}
    chosen = [
        f"{known.get(name) or drawn[kind if kind in drawn else 'DOUBLE'].format(n=number)} as {name}"
        for number, (name, kind, *_) in enumerate(columns)
    ]
    return f"select {', '.join(chosen)} from main.accounts"


class Question(NamedTuple):
    """What a reader asks: in words, how, and the milliseconds it may take; `subject` is an account of the release."""

    words: str
    ask: Callable[[Path, str], object]
    most: float


def _select(sql: str) -> Callable[[Path, str], object]:
    return lambda release, subject: records(release, sql, [subject] if "?" in sql else None)


TIERS = """
select date_trunc('month', activity_date) as month, tier, sum(success_count) from usage_days group by all order by all
"""
QUESTIONS = (
    Question("features of an account", _select("select * from account_features where account_id = ?"), MOST_LOOK_UP),
    Question("its score with reasons", _select("select * from scores where subject_id = ?"), MOST_LOOK_UP),
    Question("its signals", _select("select * from signal_hits where subject_id = ?"), MOST_LOOK_UP),
    Question("its days, four weeks", _select("select * from account_days where account_id = ?"), MOST_LOOK_UP),
    Question("its actor", _select("select * from actor_members where account_id = ?"), MOST_LOOK_UP),
    Question(
        "its links",
        _select(
            "select * from account_links where account_id_a = ?1 union all select * from account_links where account_id_b = ?1"
        ),
        MOST_LOOK_UP,
    ),
    Question(
        "features of an account, from Parquet",
        _select("select * from 'parquet/account_features/*.parquet' where account_id = ?"),
        MOST_LOOK_UP,
    ),
    Question(
        "its days of a month, from Parquet",
        _select(f"select * from 'parquet/account_days/{NIGHT:%Y-%m}.parquet' where account_id = ?"),
        MOST_LOOK_UP,
    ),
    Question("`explain` of an account", explain, MOST_QUERY),
    Question("the night's queue", lambda release, _: leads(release), MOST_QUERY),
    Question("`leads`, with its notes", lambda release, _: lead_notes(release), MOST_QUERY),
    Question("`cases`", lambda release, _: cases(release), MOST_QUERY),
    Question(
        "a published metric",
        lambda release, _: query_release(
            release,
            "select value, n, method from enforcement_metrics where metric = 'queue_precision' and slice = 'surface=api'",
        ),
        MOST_QUERY,
    ),
    Question("actors by role", _select("select role, count(*) from actors group by role"), MOST_QUERY),
    Question(
        "overturned actions by type",
        _select("select action_type, count(*), avg(cast(is_overturned as int)) from actions group by action_type"),
        MOST_QUERY,
    ),
    Question(
        "accounts acted on by country",
        _select(
            "select declared_country, count(*), count(actions.account_id) from accounts left join actions using (account_id) "
            "group by all order by all"
        ),
        MOST_QUERY,
    ),
    Question("requests served by month and tier", _select(TIERS), MOST_QUERY),
)


class Waited(NamedTuple):
    """Milliseconds a question took, turn by turn: after the release's pages were dropped from memory, and asked once more.

    `processor` are those of all threads in the second.
    """

    warm: Sequence[float]
    cold: Sequence[float]
    processor: Sequence[float]


def drop_pages(release: Path) -> None:
    """Ask the system to forget the release's files, so that the next reader waits for the disk."""
    for path in (release / "marts.duckdb", *(release / "parquet").rglob("*.parquet")):
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def waits(release: Path, turns: int, seed: int = 20260128) -> dict[str, Waited]:
    """Ask every question once a turn, cold and then warm, each turn of another account of an actor; milliseconds by its words."""
    members = [row["account_id"] for row in records(release, "select account_id from actor_members order by account_id")]
    draw = random.Random(seed)
    asked: dict[str, list[tuple[float, float, float]]] = {question.words: [] for question in QUESTIONS}
    for subject in draw.sample(members, turns):
        for question in QUESTIONS:
            drop_pages(release)
            cold, _ = _clocked(question, release, subject)
            warm, processor = _clocked(question, release, subject)
            asked[question.words].append((warm, cold, processor))
    return {words: Waited(*zip(*turned, strict=True)) for words, turned in asked.items()}


def _clocked(question: Question, release: Path, subject: str) -> tuple[float, float]:
    """Return the milliseconds of the clock and of processors that a question takes."""
    began, used = time.perf_counter(), time.process_time()
    question.ask(release, subject)
    return 1000 * (time.perf_counter() - began), 1000 * (time.process_time() - used)


def sizes(release: Path) -> tuple[float, float]:
    """Return the megabytes of `marts.duckdb` and of all Parquet parts."""
    parts = sum(path.stat().st_size for path in (release / "parquet").rglob("*.parquet"))
    return (release / "marts.duckdb").stat().st_size / 1e6, parts / 1e6


def section(found: Mapping[str, Waited], accounts: int, megabytes: tuple[float, float], turns: int, command: str) -> list[str]:
    """Return the lines of the page's section."""
    rows = [
        (
            question.words,
            f"{statistics.median(found[question.words].warm):.0f}",
            f"{max(found[question.words].warm):.0f}",
            f"{statistics.median(found[question.words].processor):.0f}",
            f"{statistics.median(found[question.words].cold):.0f}",
            f"{question.most:g}",
            page.verdict(statistics.median(found[question.words].warm), question.most),
        )
        for question in QUESTIONS
    ]
    return [
        page.provenance(command, turns),
        "",
        f"A release of {accounts:,} accounts as the product publishes it (`marts.duckdb` of {megabytes[0]:,.0f} MB, Parquet of",
        f"{megabytes[1]:,.0f} MB), its rows made by this benchmark. Milliseconds from opening the release to the last row, each",
        "with a connection of its own; every turn asks about another account. Cold: the system was asked before to forget the",
        "release's files; warm: the same question again, what it read in memory. What is asked is held against warm ones.",
        "Requests by month and tier are asked of `usage_days`, as [metrics](metrics.md#on-a-release) says, and not added up from",
        "every account's days. An actor's score has 30 reasons, the most that a lead of a simulated release had (100 until",
        f"2026-11-30, when this benchmark multiplied them). The machine had {os.getloadavg()[2]:.1f} processes at work for",
        f"its {os.cpu_count()} cores.",
        "",
        *page.table(("question", "warm", "slowest warm", "processors, warm", "cold", "at most", "holds"), rows),
    ]  # fmt: skip


def main(arguments: Sequence[str]) -> None:
    """Publish the release, ask, and write the section of the page."""
    parser = parser_of("readers", turns=11)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--keep", action="store_true", help="keep the release, and ask the one that was kept")
    given = parser.parse_args(arguments)
    home = Home(root=given.folder / str(given.accounts))
    if not (given.keep and home.current.exists()):
        emptied(given.folder)
        began = time.perf_counter()
        prepare(home, given.accounts)
        print(f"{given.accounts:,} accounts published in {time.perf_counter() - began:.0f} s", flush=True)
    release = current_release(home.published)
    found = waits(release, given.turns)
    command = f"python -m tests.benchmarks.readers --accounts {given.accounts} --turns {given.turns}"
    lines = section(found, given.accounts, sizes(release), given.turns, command)
    page.put("readers", lines, given.out)
    if not given.keep:
        shutil.rmtree(given.folder)
    print(f"wrote {given.out}")


if __name__ == "__main__":
    main(sys.argv[1:])
