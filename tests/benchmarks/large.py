"""Days near the limit of the machine: `python -m tests.benchmarks.large` (hours, and some 40 GB of disk).

Belongs here: four weeks of millions of requests a day, the nights after them, what of memory they take, and what it costs to
start over. Each night is run once: it takes longer than what disturbs it.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from orchestration.settings import Home

from . import page
from .command import emptied, parser_of
from .night import Bench, Case, Cost

USUAL, LARGE, HUGE, DAYS, DAYS_A_RUN = 3_500_000, 10_000_000, 50_000_000, 28, 7
HUGE_LIMIT = "4GB"
MOST_MEMORY = 6_000.0
"""Megabytes that a large day may take, as was asked."""


def section(
    usual: Case, rebuilt: Sequence[Cost], nights: dict[str, tuple[Case, Cost]], limits: dict[str, str], command: str
) -> list[str]:
    """Return the lines of the page's section; `nights` by name, a missing one was not run."""
    head = ("night", "requests", "seconds", "processor seconds", "memory, MB", "the database's limit")
    rows = [
        (name, f"{case.requests:,}", f"{cost.wall:.0f}", f"{cost.processor:.0f}", f"{cost.memory:,.0f}", limits[name])
        for name, (case, cost) in nights.items()
    ]
    wall, processor = (sum(getattr(cost, what) for cost in rebuilt) for what in ("wall", "processor"))
    if rebuilt:
        most = max(cost.memory for cost in rebuilt)
        row = ("the history, a week a run", f"{usual.days * usual.requests:,}", f"{wall:.0f}", f"{processor:.0f}", f"{most:,.0f}")
        rows.append((*row, Home(root=Path()).memory_limit))
    asked: list[tuple[str, float, float]] = []
    one, large = nights["a usual day"][1], nights.get("a large day")
    if rebuilt:
        asked.append(("a night over starting over, clock", one.wall / wall, 1 / 5))
    if large:
        grown = large[0].requests / usual.requests
        asked.append((f"a day {grown:.1f} times as large over a usual one, clock", large[1].wall / one.wall, grown))
        asked.append(("memory of the large day, MB", large[1].memory, MOST_MEMORY))
    return [
        page.provenance(command, 1),
        "",
        f"After {usual.days} days of {usual.requests:,} requests by {usual.accounts:,} accounts each. Memory is the most that",
        "all processes of a night held at once; the limit is what the database may use of it before it writes to disk.",
        "",
        *page.table(head, rows),
        "",
        *page.targets(asked),
    ]


def huge_section(case: Case, cost: Cost, command: str) -> list[str]:
    """Return the lines of the section on a day that does not fit into the database's memory."""
    head = ("night", "requests", "seconds", "processor seconds", "memory, MB", "the database's limit")
    row = (case.name, f"{case.requests:,}", f"{cost.wall:.0f}", f"{cost.processor:.0f}", f"{cost.memory:,.0f}", HUGE_LIMIT)
    return [
        page.provenance(command, 1),
        "",
        f"After {case.days} days of {case.usual:,} requests by {case.accounts:,} accounts each. The night ended and",
        "published; what did not fit into the limit was written to disk. In its last quarter of an hour the machine had",
        f"{os.getloadavg()[2]:.1f} processes at work for its {os.cpu_count()} cores.",
        "",
        *page.table(head, [row]),
    ]


def main(arguments: Sequence[str]) -> None:
    """Make the history, run the nights and write the section of the page after each."""
    parser = parser_of("large", turns=None)
    parser.add_argument("--requests", type=int, default=USUAL, help="requests of a usual day")
    parser.add_argument(
        "--large", type=int, default=LARGE, help="requests of the large day; 0 leaves the usual and the large day out"
    )
    parser.add_argument("--huge", type=int, default=HUGE, help=f"requests of the day that has {HUGE_LIMIT}; 0 leaves it out")
    parser.add_argument("--days", type=int, default=DAYS, help="days of history")
    given = parser.parse_args(arguments)
    bench = Bench(emptied(given.folder))

    def case(name: str, requests: int) -> Case:
        accounts = max(200, given.requests // 17)
        return Case(name=name, accounts=accounts, usual=given.requests, days=given.days, requests=requests)

    usual = case("a usual day", given.requests)
    rebuilt = bench.prepare(usual, DAYS_A_RUN)
    asked = f"python -m tests.benchmarks.large --requests {given.requests} --large {given.large} --huge {given.huge}"
    command = f"{asked} --days {given.days}"
    nights: dict[str, tuple[Case, Cost]] = {}
    limits = dict.fromkeys(("a usual day", "a large day"), Home(root=Path()).memory_limit)
    for each in (usual, case("a large day", given.large)) if given.large else ():
        nights[each.name] = each, bench.night(each)
        page.put("large", section(usual, rebuilt, nights, limits, command), given.out)
    if given.huge:
        huge = case("a huge day", given.huge)
        cost = bench.night(huge, {"STILLWATCH_MEMORY_LIMIT": HUGE_LIMIT})
        page.put("huge", huge_section(huge, cost, command), given.out)
    print(f"wrote {given.out}")


if __name__ == "__main__":
    main(sys.argv[1:])
