"""What finding actors costs by number of accounts: `python -m tests.benchmarks.links`.

Belongs here: candidate links as the models hand them over, made at volume, and the step that turns them into members with
lasting ids, in a process of its own. Of two nights the first is run once, so that the second, which is measured, has ids to
keep. Most links are weak and join nobody; planted are operators, cards of a household, stars, and a chain of operators and a
thread of single accounts that grow with the number of accounts, since long components are what grouping is slow at.
"""

import argparse
import json
import math
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from orchestration.landing.files import RunPlan
from orchestration.night.steps import find_actors_by_date, warehouse
from orchestration.settings import PROJECT_ROOT, Home
from orchestration.warehouse import state

from . import page
from .command import emptied, parser_of

NIGHT = date(2026, 1, 29)
BEFORE = NIGHT - timedelta(days=1)
SIZES = (10_000, 100_000, 1_000_000)
LINKS_PER_ACCOUNT = 10
MOST_SECONDS, MOST_EXPONENT = 60.0, 1.15

# d: uniform in 0..1 by thing and column number, hashed twice since once over two columns of a thing go together; weigh: a
# value's evidence by its kind's weight and its number of holders, as the models have it
MACROS = """
create or replace temp macro d(thing, column_number) as (hash(hash(thing, column_number)) >> 11) / 9007199254740992.0;
create or replace temp macro weigh(kind_weight, holders) as
    cast(kind_weight * ln({accounts} / cast(holders as double)) as decimal(9, 4));
"""
# Groups in a row of accounts: a group's first account, its size, and what it is; sizes of operators fall off as a power.
GROUPS = """
create or replace temp table planted as
with recursive operators(number, first, size) as (
    select 0, cast({first} as bigint), cast(5 * power(1 - d(0, 1), -0.8) as bigint)
    union all
    select number + 1, first + size, least(200, cast(5 * power(1 - d(number + 1, 1), -0.8) as bigint))
    from operators
    where first + size < {last}
)
select number, first, least(size, 200) as size from operators where first + size <= {last}
"""
MEMBERS = """
create or replace temp table members as
select number, first + place as account, place, size from planted cross join range(200) as places(place) where place < size
"""
# All pairs of few members and a ring with steps of powers of two of many, as int_links__value_pairs has it. An operator's
# accounts share cards by fives, its template, and half of them its network.
OPERATOR_PAIRS = """
create or replace temp table operator_pairs as
select one.number, one.account as a, other.account as b, one.size
from members as one
inner join members as other on one.number = other.number and one.place < other.place
where one.size <= 64
union
select one.number, least(one.account, other.account), greatest(one.account, other.account), one.size
from (select *, unnest([1, 2, 4, 8, 16, 32, 64, 128]) as step from members where size > 64) as one
inner join members as other on one.number = other.number and other.place = (one.place + one.step) % one.size
where one.step < one.size and one.account != other.account
"""
PLANTED = """
create or replace temp table strong as
select number as unit, a, b, 'payment_fingerprint' as link_kind, weigh(1.0, 5) as weight
from operator_pairs
where a // 5 = b // 5
union all
select number, a, b, 'rare_template', weigh(0.7, size) from operator_pairs
union all
select number, a, b, 'linked_template', cast(4 as decimal(9, 4)) from operator_pairs where d(number, 2) < 0.7
union all
select number, a, b, 'traffic_network', weigh(0.4, 20) from operator_pairs where d(a, 3) < 0.5 and d(b, 3) < 0.5
union all
-- households and small firms: two or three accounts of one card
select -1 - i // 3, i, i + step, 'payment_fingerprint', weigh(1.0, 3)
from range(cast({households} as bigint), cast({stars} as bigint)) as one(i), range(1, 3) as steps(step)
where i % 3 + step <= 2
union all
-- stars: fifty accounts each on a device that one of them shares with all
select -1 - i // 50, i - i % 50, i, 'device', weigh(1.0, 2)
from range(cast({stars} as bigint), cast({thread} as bigint)) as one(i)
where i % 50 > 0
union all
-- a thread: each account holds a phone with the next alone
select i, i, i + 1, 'phone', weigh(1.0, 2)
from range(cast({thread} as bigint), cast({end} as bigint) - 1) as one(i)
union all
-- a chain: one operator in ten has a phone in common with the next such
select number, first, lead(first) over (order by number), 'phone', weigh(1.0, 2)
from planted
where number % 10 = 0
qualify lead(first) over (order by number) is not null
"""
# Pairs that meet by chance: one tool's users, by one kind or by several of one source, some on one network besides.
CHANCE = """
create or replace temp table chance as
with pairs as (
    select
        i,
        cast(floor({accounts} * d(i, 10)) as bigint) as one,
        cast(floor({accounts} * d(i, 11)) as bigint) as other,
        cast(60 * power({accounts} / 600, d(i, 12)) as bigint) as holders
    from range(cast({pairs} as bigint)) as counter(i)
)
select i, least(one, other) as a, greatest(one, other) as b, kinds.link_kind, weigh(kinds.weight, kinds.holders) as weight
from pairs
cross join lateral (values
    ('rare_template', 0.7, holders, true), ('user_agent', 0.3, 2 * holders, d(i, 13) < 0.5),
    ('request_settings', 0.4, 2 * holders, d(i, 14) < 0.25),
    ('traffic_network', 0.4, cast(20 + 20 * d(i, 16) as bigint), d(i, 15) < 0.1)
) as kinds(link_kind, weight, holders, is_held)
where one != other and kinds.is_held
order by i
limit {wanted}
"""
# Of what is strong three units in a hundred are new tonight, three are gone since yesterday, and one account in fifty moved.
LINKS = """
create or replace table main.account_links as
with linked as (
    select
        a, b, link_kind, weight,
        d(unit, 20) >= 0.03 and d(b, 21) >= 0.01 as was, d(unit, 20) < 0.97 and d(b, 21) < 0.99 as is_now
    from strong
    union all
    select a, b, link_kind, weight, d(i, 22) >= 0.02, d(i, 22) < 0.98 from chance
),

dated as (
    select date '{before}' as as_of_date, * from linked where was
    union all
    select date '{night}', * from linked where is_now
)

select
    dated.as_of_date,
    least(one.account_id, other.account_id) as account_id_a,
    greatest(one.account_id, other.account_id) as account_id_b,
    dated.link_kind,
    kinds.evidence_source,
    kinds.is_behavioural,
    max(dated.weight) as weight,
    cast(1 as bigint) as shared_value_count,
    dated.as_of_date as first_seen_on,
    dated.as_of_date as last_seen_on,
    case when one.account_id < other.account_id then dated.a else dated.b end as account_key_a,
    case when one.account_id < other.account_id then dated.b else dated.a end as account_key_b
from dated
inner join read_csv('{kinds}') as kinds on dated.link_kind = kinds.link_kind
inner join main.int_accounts__assign_keys as one on dated.a = one.account_key
inner join main.int_accounts__assign_keys as other on dated.b = other.account_key
group by all
order by as_of_date
"""
ACCOUNTS = """
create or replace table main.int_accounts__assign_keys as
select i as account_key, 'acct_' || lpad(to_hex(hash(i, 0)), 16, '0') as account_id
from range(cast({accounts} as bigint)) as counter(i);
create or replace table main.int_accounts__as_of as
select day as as_of_date, account_key
from main.int_accounts__assign_keys
cross join (values (date '{before}'), (date '{night}')) as days(day);
"""


class Found(BaseModel):
    """What one run of the step cost and found.

    Seconds of the clock and of processors, the greatest resident megabytes before it and in all, links, and members written.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seconds: float
    processor: float
    memory_before: float
    memory: float
    links: int
    members: int
    actors: int
    kept: int


def prepare(home: Home, accounts: int) -> None:
    """Write a warehouse of so many accounts with the candidate links of two nights, and find the actors of the first."""
    home.root.mkdir(parents=True)
    # a fiftieth each in operators and stars, one in fifty in a household, one in a thousand on the thread
    operators, households = accounts // 25, accounts // 25 // 3 * 3
    stars = -(-(households + accounts // 50) // 150) * 150
    thread = stars + accounts // 100 // 50 * 50
    places = {"first": 0, "last": operators, "households": households, "stars": stars, "thread": thread}
    values = {"accounts": accounts, "before": BEFORE, "night": NIGHT, "end": thread + accounts // 1000, **places}
    values |= {"kinds": PROJECT_ROOT / "seeds" / "reference" / "link_kinds.csv", "pairs": accounts * LINKS_PER_ACCOUNT}
    connection = state.open_warehouse(home.warehouse, home.memory_limit)
    state.create_computed_tables(connection)
    for statement in (MACROS, ACCOUNTS, GROUPS, MEMBERS, OPERATOR_PAIRS, PLANTED):
        connection.execute(statement.format(**values))
    planted = connection.execute("select count(*) from strong").fetchall()[0][0]
    # what is gone on either night is made up for, so that a night has its ten an account
    wanted = max(0, int((LINKS_PER_ACCOUNT * accounts - 0.96 * planted) / 0.98))
    connection.execute(CHANCE.format(**values, wanted=wanted))
    connection.execute(LINKS.format(**values))
    connection.close()
    measured(home, BEFORE)


def measured(home: Home, day: date) -> Found:
    """Find a night's actors, anew where they were found before, and return what it cost this process."""
    plan = RunPlan(landing=home.landing, as_of_from=day, as_of_to=day, arrived_from=day, files=())
    with warehouse(home) as connection:
        for table in ("actor_members", "actor_events"):
            connection.execute(f"delete from computed.{table} where as_of_date >= ?", [day])
        connection.execute("checkpoint")
    memory_before, began, used = resident_megabytes(), time.perf_counter(), time.process_time()
    members = find_actors_by_date(home, plan, lambda _: None)
    seconds, processor, memory = time.perf_counter() - began, time.process_time() - used, resident_megabytes()
    with warehouse(home) as connection:
        links = connection.execute("select count(*) from main.account_links where as_of_date = ?", [day]).fetchall()
        found = connection.execute(
            "select count(distinct actor_id), count(*) filter (joined_on < as_of_date) from computed.actor_members "
            "where as_of_date = ?",
            [day],
        ).fetchall()
    return Found(
        seconds=seconds, processor=processor, memory_before=memory_before, memory=memory, links=links[0][0], members=members,
        actors=found[0][0], kept=found[0][1],
    )  # fmt: skip


def resident_megabytes() -> float:
    """Return the greatest resident megabytes of this process; what getrusage says begins with those of the one it came from."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def run_alone(module: str, home: Path) -> str:
    """Measure a home by a benchmark's module in a process of its own; return the last line it printed.

    RuntimeError with what it said when it fails.
    """
    command = [sys.executable, "-m", module, "--measure", str(home)]
    ended = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {ended.returncode}: {ended.stderr[-2000:]}")
    return ended.stdout.splitlines()[-1]


def exponent(seconds: Mapping[int, float]) -> float:
    """Return the slope of ln(seconds) over ln(size) by least squares: 1 where twice the size takes twice as long.

    ValueError with fewer than two sizes.
    """
    if len(seconds) < 2:
        raise ValueError(f"growth needs two sizes or more; given {len(seconds)}. Name another with --accounts.")
    return statistics.linear_regression([math.log(size) for size in seconds], [math.log(s) for s in seconds.values()]).slope


def median(runs: Sequence[Found]) -> Found:
    """Return the median seconds and greatest memory of runs over equal links."""
    return runs[0].model_copy(
        update={
            "seconds": statistics.median(run.seconds for run in runs),
            "processor": statistics.median(run.processor for run in runs),
            "memory_before": statistics.median(run.memory_before for run in runs),
            "memory": max(run.memory for run in runs),
        }
    )


def section(found: Mapping[int, Found], turns: int, command: str) -> list[str]:
    """Return the lines of the page's section."""
    head = (
        "accounts", "candidate links", "seconds", "processor seconds", "memory, MB", "of it before the step",
        "actors", "members", "with yesterday's id",
    )  # fmt: skip
    rows = [
        (
            f"{accounts:,}",
            f"{run.links:,}",
            f"{run.seconds:.1f}",
            f"{run.processor:.1f}",
            f"{run.memory:,.0f}",
            f"{run.memory_before:,.0f}",
            f"{run.actors:,}",
            f"{run.members:,}",
            f"{run.kept:,}",
        )
        for accounts, run in found.items()
    ]
    largest = max(found)
    asked = [(f"{largest:,} accounts, seconds", found[largest].seconds, MOST_SECONDS)]
    slope = exponent({accounts: run.seconds for accounts, run in found.items()})
    asked.append((f"growth from {min(found):,} accounts on, exponent", slope, MOST_EXPONENT))
    return [
        page.provenance(command, turns),
        "",
        "From the links that the models hand over to memberships and events in the working warehouse, with yesterday's ids kept",
        "(`find_actors_by_date`). The links are made here: most are weak and meet by chance; planted are operators of 5 to",
        "200 accounts, households of one card, stars of 50, a chain of one operator in ten, and a thread of one account in a",
        "thousand. Making the links is dbt's part and not in it.",
        "",
        *page.table(head, rows),
        "",
        *page.targets(asked),
    ]


def main(arguments: Sequence[str]) -> None:
    """Run every size turn about and write the section of the page."""
    parser = parser_of("links", turns=3)
    parser.add_argument("--accounts", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.measure:
        print(measured(Home(root=given.measure), NIGHT).model_dump_json())
        return
    emptied(given.folder)
    homes = {accounts: given.folder / str(accounts) for accounts in sorted(given.accounts)}
    for accounts, home in homes.items():
        prepare(Home(root=home), accounts)
        print(f"{accounts:,} accounts: links of two nights made", flush=True)
    runs: dict[int, list[Found]] = {accounts: [] for accounts in homes}
    for _ in range(given.turns):
        for accounts, home in homes.items():
            runs[accounts].append(Found.model_validate_json(run_alone("tests.benchmarks.links", home)))
            print(f"{accounts:,} accounts: {json.dumps(runs[accounts][-1].model_dump())}", flush=True)
    sizes = " ".join(str(accounts) for accounts in homes)
    command = f"python -m tests.benchmarks.links --accounts {sizes} --turns {given.turns}"
    page.put("links", section({accounts: median(found) for accounts, found in runs.items()}, given.turns, command), given.out)
    shutil.rmtree(given.folder)
    print(f"wrote {given.out}")


if __name__ == "__main__":
    main(sys.argv[1:])
