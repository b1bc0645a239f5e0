"""What nights cost on Spark, beside the same nights on DuckDB: `python -m tests.benchmarks.spark` (half an hour, group `spark`).

Belongs here: one provider whose days grow, a home of each target, and each day's night on one after the other. The cluster is
that of the tests: a master, two workers of one core and a Thrift server on this machine.
"""

import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from tests.spark.cluster import cluster

from . import page
from .command import emptied, parser_of
from .night import FIRST, STEPS, Cost, nightly
from .traffic import Traffic


class Night(NamedTuple):
    """A day's requests, and what its night cost on each target."""

    requests: int
    duckdb: Cost
    spark: Cost


def measure(folder: Path, sizes: Sequence[int]) -> tuple[float, list[Night]]:
    """Return the seconds until the cluster was up, and the nights: a first one that makes views and lists, then one a size."""
    traffic = Traffic(landing=folder / "landing", accounts=max(200, max(sizes) // 17), requests=sizes[0], first_day=FIRST)
    began = time.monotonic()
    with cluster(folder / "cluster") as started:
        up = time.monotonic() - began
        nights: list[Night] = []
        for number, requests in enumerate([sizes[0], *sizes]):
            day = FIRST + timedelta(days=number)
            traffic.deliver(day, requests)
            costs = [
                nightly(folder / target, traffic.landing, day, settings)
                for target, settings in (("duckdb", {"STILLWATCH_TARGET": "duckdb"}), ("spark", started.environment))
            ]
            nights.append(Night(requests, *costs))
            print(f"{requests:,} requests: DuckDB {costs[0].wall:.0f} s, Spark {costs[1].wall:.0f} s", flush=True)
    return up, nights


def a_million_more(small: Night, large: Night, target: str) -> float:
    """Return the seconds of the clock that a target takes for a million requests beyond the small night's."""
    one, other = getattr(small, target), getattr(large, target)
    return (other.wall - one.wall) / (large.requests - small.requests) * 1e6


def section(up: float, nights: Sequence[Night], command: str) -> list[str]:
    """Return the lines of the page's section."""
    first, small, *_, large = nights
    rows = [
        (
            "the first, which makes every view and list" if night is first else "a night after it",
            f"{night.requests:,}",
            f"{night.duckdb.wall:.0f}",
            f"{night.spark.wall:.0f}",
            f"{night.spark.wall / night.duckdb.wall:.1f}",
        )
        for night in nights
    ]
    slopes = {target: a_million_more(small, large, target) for target in ("duckdb", "spark")}
    steps = [
        (words, f"{large.duckdb.steps.get(step, 0):.1f}", f"{large.spark.steps.get(step, 0):.1f}")
        for step, words in STEPS.items()
    ]
    return [
        page.provenance(command, 1),
        "",
        f"The cluster was up after {up:.0f} seconds: a master, two workers of one core and a Thrift server, all on this machine,",
        "so that both targets have the same two cores. Every night was run on DuckDB, then on Spark, over the same files.",
        "",
        *page.table(("night", "requests", "DuckDB, seconds", "Spark, seconds", "Spark over DuckDB"), rows),
        "",
        f"From {small.requests:,} requests to {large.requests:,} a million more take {slopes['duckdb']:.0f} seconds on DuckDB",
        f"and {slopes['spark']:.0f} on Spark, {slopes['spark'] / slopes['duckdb']:.1f} times as many. The largest night by step,",
        "seconds of the clock:",
        "",
        *page.table(("step", "DuckDB", "Spark"), steps),
    ]


def main(arguments: Sequence[str]) -> None:
    """Run the nights and write their section of the page."""
    parser = parser_of("spark", turns=None)
    parser.add_argument(
        "--requests", type=int, nargs="+", default=[1_000, 100_000, 300_000], help="requests of the days, growing"
    )
    given = parser.parse_args(arguments)
    up, nights = measure(emptied(given.folder).resolve(), given.requests)
    command = f"python -m tests.benchmarks.spark --requests {' '.join(str(size) for size in given.requests)}"
    page.put("spark", section(up, nights, command), given.out)
    print(f"wrote {given.out}")


if __name__ == "__main__":
    main(sys.argv[1:])
