"""What a thousand million requests a day would cost: `python -m tests.benchmarks.scale` writes docs/scale.md (half an hour).

Belongs here: nights of growing days, the law each step follows, and what those laws say of a day far beyond this machine. The
words about where things break stand in `scale.md` beside this module; every number in the page is measured or follows from one.
"""

import os
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from string import Template

from pydantic import BaseModel, ConfigDict

from orchestration.settings import PROJECT_ROOT

from . import page
from .command import emptied, parser_of
from .links import exponent
from .night import STEPS, Bench, Case, Cost, median

PAGE = PROJECT_ROOT / "docs" / "scale.md"
BILLION = 1_000_000_000
CORES = (2, 16, 64, 128)
OUTSIDE = "before and between the steps"


class Law(BaseModel):
    """What something costs of n requests: fixed + at_largest * (n / largest) ** power."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fixed: float
    at_largest: float
    power: float
    largest: int

    def of(self, requests: int) -> float:
        """Return the cost of a day of so many requests."""
        return self.fixed + self.at_largest * (requests / self.largest) ** self.power


def law(fixed: float, costs: dict[int, float]) -> Law | None:
    """Fit the law to costs by requests, the fixed part taken off; None where too little is left of it to tell a power.

    Raises ValueError with fewer than two sizes.
    """
    if len(costs) < 2:
        raise ValueError(f"a law of growth requires costs of two sizes; given {len(costs)}")
    largest = max(costs)
    beyond = {requests: cost - fixed for requests, cost in costs.items()}
    if beyond[largest] <= max(0.2, 0.1 * fixed):
        return None
    told = {requests: cost for requests, cost in beyond.items() if cost > 0.02 * beyond[largest]}
    power = exponent(told) if len(told) > 1 else 1.0
    return Law(fixed=fixed, at_largest=beyond[largest], power=power, largest=largest)


def serial_share(one_core: float, two_cores: float) -> float:
    """Return the share of the work that more cores do not divide, by Amdahl's law from seconds on one core and on two."""
    return min(1.0, max(0.0, 2 * two_cores / one_core - 1))


def seconds_on(cores: int, one_core: float, serial: float) -> float:
    """Return the seconds of the clock on so many cores of what takes `one_core` seconds on one."""
    return one_core * (serial + (1 - serial) / cores)


def folder_bytes(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _by_step(cost: Cost) -> dict[str, float]:
    return {**{words: cost.steps.get(step, 0.0) for step, words in STEPS.items()}, OUTSIDE: cost.wall - sum(cost.steps.values())}


def step_table(small: Cost, nights: Mapping[int, Cost]) -> list[str]:
    """Return the table of each step's seconds by requests, and what its law says of a thousand million."""
    steps = {size: _by_step(cost) for size, cost in sorted(nights.items())}
    rows: list[tuple[str, ...]] = []
    for words, fixed in _by_step(small).items():
        found = law(fixed, {size: by_step[words] for size, by_step in steps.items()})
        grown = (f"{found.power:.2f}", f"{found.of(BILLION) / 3600:.1f}") if found else ("none seen", f"{fixed / 3600:.2f}")
        rows.append((words, f"{fixed:.1f}", *(f"{by_step[words]:.1f}" for by_step in steps.values()), *grown))
    return page.table(
        ("step, seconds", "1,000 requests", *(f"{size:,}" for size in steps), "power", "hours at a thousand million"), rows
    )


def night_table(small: Cost, nights: Mapping[int, Cost]) -> list[str]:
    """Return the table of whole nights by requests."""
    rows = [
        (
            f"{size:,}",
            f"{cost.wall:.0f}",
            f"{cost.processor:.0f}",
            f"{(cost.processor - small.processor) / size * 1e6:.0f}",
            f"{cost.memory:,.0f}",
        )
        for size, cost in sorted(nights.items())
    ]
    return page.table(("requests", "seconds", "processor seconds", "of them a million requests", "memory, MB"), rows)


def fill(
    small: Cost, nights: dict[int, Cost], one_core: Cost, bytes_a_request: dict[str, float], command: str, turns: int
) -> str:
    """Return the page. ValueError where the largest night costs no more than the small one."""
    largest = max(nights)
    processor = law(small.processor, {size: cost.processor for size, cost in nights.items()})
    memory = law(small.memory, {size: cost.memory for size, cost in nights.items()})
    if processor is None:
        raise ValueError(f"a night of {largest:,} requests costs no more than one of 1,000; give larger days")
    serial = serial_share(one_core.wall, nights[largest].wall)
    billion = processor.of(BILLION)
    machines = [(str(cores), f"{seconds_on(cores, billion, serial) / 3600:.1f}") for cores in CORES]
    text = Template((Path(__file__).parent / "scale.md").read_text(encoding="utf-8"))
    return text.substitute(
        provenance=page.provenance(command, turns),
        whole="\n".join(night_table(small, nights)),
        steps="\n".join(step_table(small, nights)),
        machines="\n".join(page.table(("cores", "hours of the clock"), machines)),
        largest=f"{largest:,}",
        power=f"{processor.power:.2f}",
        billion_hours=f"{billion / 3600:,.0f}",
        serial=f"{serial:.0%}",
        one_core=f"{one_core.wall:.0f}",
        two_cores=f"{nights[largest].wall:.0f}",
        beyond=f"{BILLION / largest:,.0f}",
        memory="no growth seen" if memory is None else f"power {memory.power:.2f}",
        landing=f"{bytes_a_request['landing']:.0f}",
        warehouse=f"{bytes_a_request['warehouse']:.0f}",
        release=f"{bytes_a_request['release']:.0f}",
        landing_billion=f"{bytes_a_request['landing'] * BILLION / 1e9:,.0f}",
        warehouse_billion=f"{28 * bytes_a_request['warehouse'] * BILLION / 1e12:,.1f}",
        machine=f"{os.cpu_count()} cores, {platform.machine()}",
        day=f"{date.today()}",
    )


def main(arguments: Sequence[str]) -> None:
    """Run nights of growing days, turn about, and write the page."""
    parser = parser_of("scale", turns=1, out=PAGE)
    parser.add_argument("--requests", type=int, nargs="+", default=[200_000, 600_000, 1_800_000], help="requests of the days")
    parser.add_argument("--days", type=int, default=3, help="days of history before each")
    given = parser.parse_args(arguments)
    bench = Bench(emptied(given.folder))
    small = Case(name="1,000 requests", accounts=200, usual=1000, days=2, requests=1000)
    cases = {
        size: Case(name=f"{size:,} requests", accounts=max(200, size // 17), usual=size, days=given.days, requests=size)
        for size in sorted(given.requests)
    }
    for each in (small, *cases.values()):
        bench.prepare(each)
    costs: dict[int, list[Cost]] = {0: [], **{size: [] for size in cases}}
    one_core: list[Cost] = []
    largest = max(cases)
    everywhere = os.sched_getaffinity(0)
    for _ in range(given.turns):
        costs[0].append(bench.night(small))
        for size, each in cases.items():
            costs[size].append(bench.night(each))
        # a child keeps to the cores of its parent, and the engine takes as many threads
        os.sched_setaffinity(0, {min(everywhere)})
        one_core.append(bench.night(cases[largest]))
        os.sched_setaffinity(0, everywhere)
    home, landing, requests = bench.home(cases[largest]), bench.landing(cases[largest]), largest * given.days
    bytes_a_request = {
        "landing": folder_bytes(landing) / (requests + largest),
        "warehouse": (home / "warehouse.duckdb").stat().st_size / requests,
        "release": folder_bytes((home / "published" / "current").resolve()) / requests,
    }
    sizes = " ".join(str(size) for size in sorted(cases))
    command = f"python -m tests.benchmarks.scale --requests {sizes} --days {given.days} --turns {given.turns}"
    medians = {size: median(turns) for size, turns in costs.items()}
    small_cost = medians.pop(0)
    given.out.write_text(fill(small_cost, medians, median(one_core), bytes_a_request, command, given.turns), encoding="utf-8")
    print(f"wrote {given.out}")


if __name__ == "__main__":
    main(sys.argv[1:])
