"""Days near the limit of the machine: `python -m tests.benchmarks.large` (hours, and some 40 GB of disk).

Belongs here: four weeks of millions of requests a day, the nights after them, what of memory they take, and what it costs to
start over. Each night is run once: it takes longer than what disturbs it.
"""

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


def main(arguments: Sequence[str]) -> None:
    """Make the history, run the nights and write the section of the page after each."""
    parser = parser_of("large", turns=None)
    parser.add_argument("--requests", type=int, default=USUAL, help="requests of a usual day")
    parser.add_argument("--large", type=int, default=LARGE, help="requests of the large day")
    parser.add_argument("--huge", type=int, default=HUGE, help=f"requests of the day that has {HUGE_LIMIT}; 0 leaves it out")
    parser.add_argument("--days", type=int, default=DAYS, help="days of history")
    given = parser.parse_args(arguments)
    bench = Bench(emptied(given.folder))

    def case(name: str, requests: int) -> Case:
        accounts = max(200, given.requests // 17)
        return Case(name=name, accounts=accounts, usual=given.requests, days=given.days, requests=requests)

    usual = case("a usual day", given.requests)
    rebuilt = bench.prepare(usual, DAYS_A_RUN)
    command = f"python -m tests.benchmarks.large --requests {given.requests} --large {given.large} --huge {given.huge}"
    nights: dict[str, tuple[Case, Cost]] = {}
    limits: dict[str, str] = {}
    for name, requests, limit in (
        ("a usual day", given.requests, None),
        ("a large day", given.large, None),
        ("a huge day", given.huge, HUGE_LIMIT),
    ):
        if requests:
            each = case(name, requests)
            nights[name] = each, bench.night(each, {"STILLWATCH_MEMORY_LIMIT": limit} if limit else None)
            limits[name] = limit or Home(root=Path()).memory_limit
            page.put("large", section(usual, rebuilt, nights, limits, f"{command} --days {given.days}"), given.out)
    print(f"wrote {given.out}")


if __name__ == "__main__":
    main(sys.argv[1:])
