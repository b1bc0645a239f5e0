"""What a night costs: whole nights in processes of their own, turn about.

Belongs here: homes with a history of so many days, the night after it, and what is held against it: the same night over a day
twice as large or after a longer history, and a plain scan of the day. Seconds are of this machine; only ratios travel.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from orchestration.run_log import path_of
from orchestration.settings import PROJECT_ROOT, Home

from . import page
from .command import emptied, parser_of
from .resident import Watch
from .traffic import Traffic

FIRST = date(2026, 1, 1)
SCAN = (
    "import sys, duckdb\n"
    "files = f\"read_parquet('{sys.argv[1]}/*/arrived_on={sys.argv[2]}/*.parquet', union_by_name = true)\"\n"
    "names = [row[0] for row in duckdb.sql(f'describe from {files}').fetchall()]\n"
    "duckdb.sql('select ' + ', '.join(f'bit_xor(hash({name}))' for name in names) + f' from {files}').fetchall()\n"
)
STEPS = {
    "landing": "plan, source gate, rewind",
    "features_and_links": "staging, features, links",
    "actors": "actors",
    "signals_and_scores": "signals, scores",
    "review_queue": "queue",
    "enforcement": "cases, enforcement facts",
    "measurement": "estimators",
    "recommending": "weighing signals",
    "metrics": "metrics, recommendations",
    "mart_gate": "mart gate",
    "release": "publish, pages",
}


class Cost(BaseModel):
    """Seconds of the clock and of processors, the most resident megabytes of all its processes at once, and seconds by step."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wall: float
    processor: float
    memory: float
    steps: dict[str, float]


class Case(BaseModel):
    """A night over a day of `requests` by `accounts`, after a history of `days` such days of `usual` requests each."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    accounts: int
    usual: int
    days: int
    requests: int

    @property
    def night(self) -> date:
        """The day that is measured."""
        return FIRST + timedelta(days=self.days)

    @property
    def history(self) -> tuple[int, int, int]:
        """What homes of cases with equal history share."""
        return self.accounts, self.usual, self.days


def clocked(words: Sequence[str], home: Path | None = None, settings: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end, with settings in its environment; return what it cost.

    RuntimeError with its last lines when it fails.
    """
    with tempfile.TemporaryFile("w+") as told:
        began = os.times()
        process = subprocess.Popen(words, cwd=PROJECT_ROOT, stdout=told, stderr=told, env=os.environ | dict(settings or {}))
        with Watch(process.pid) as watch:
            _, status, used = os.wait4(process.pid, 0)
        wall = os.times().elapsed - began.elapsed
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            told.seek(0)
            raise RuntimeError(f"{' '.join(words[:4])} ended with {process.returncode}: {told.read()[-2000:]}")
    return Cost(wall=wall, processor=used.ru_utime + used.ru_stime, memory=watch.megabytes, steps=_steps(home))


def _steps(home: Path | None) -> dict[str, float]:
    """Return the seconds of the steps of a home's last command, as its run log has them."""
    if home is None:
        return {}
    lines = [json.loads(line) for line in path_of(Home(root=home)).read_text(encoding="utf-8").splitlines()]
    last = lines[-1]["run_id"]
    return {line["step"]: line["seconds"] for line in lines if line["run_id"] == last and line["message"] == "step ended"}


def nightly(home: Path, landing: Path, day: date, settings: Mapping[str, str] | None = None) -> Cost:
    """Run one night as an operator would, interpreter start included."""
    night = ["nightly", "--home", str(home), "--landing", str(landing), "--date", str(day)]
    return clocked([sys.executable, "-m", "orchestration.cli", *night], home, settings)


class Bench:
    """Landings and homes with a history, each made once in a folder; nights are run in copies of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self, case: Case, days_a_run: int | None = None) -> list[Cost]:
        """Deliver a case's history and run it, all as one night or so many days a run, unless a case with an equal history did.

        Returns what the runs cost, none when the history was there.
        """
        landing, home = self.landing(case), self.home(case)
        if home.exists():
            return []
        costs: list[Cost] = []
        step = days_a_run or case.days
        for first in range(0, case.days, step):
            last = min(first + step, case.days)
            for day in range(first, last):
                self._traffic(case).deliver(FIRST + timedelta(days=day))
            costs.append(nightly(home, landing, FIRST + timedelta(days=last - 1)))
            print(f"{case.name}: {last - first} days in one run, {costs[-1].wall:.0f} s, {costs[-1].memory:.0f} MB", flush=True)
        return costs

    def night(self, case: Case, settings: Mapping[str, str] | None = None) -> Cost:
        """Deliver the case's day and run its night in a copy of its home, with settings in its environment."""
        self.deliver(case)
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            home = Path(folder) / "home"
            shutil.copytree(self.home(case), home, symlinks=True)
            cost = nightly(home, self.landing(case), case.night, settings)
        print(f"{case.name}: {cost.wall:.0f} s, {cost.memory:.0f} MB", flush=True)
        return cost

    def deliver(self, case: Case) -> None:
        """Deliver the case's day, and no other case's of that date."""
        for delivered in self.landing(case).glob(f"*/arrived_on={case.night}"):
            shutil.rmtree(delivered)
        self._traffic(case).deliver(case.night, case.requests)

    def scan(self, case: Case) -> Cost:
        """Read every value of what the measured day delivered, and nothing else."""
        return clocked([sys.executable, "-c", SCAN, str(self.landing(case)), str(case.night)])

    def _traffic(self, case: Case) -> Traffic:
        return Traffic(landing=self.landing(case), accounts=case.accounts, requests=case.usual, first_day=FIRST)

    def landing(self, case: Case) -> Path:
        """Return where a case's days are delivered."""
        return self.folder / f"landing-{'-'.join(map(str, case.history))}"

    def home(self, case: Case) -> Path:
        """Return the home with a case's history, as it is before its night."""
        return self.folder / f"home-{'-'.join(map(str, case.history))}"


def cases(requests: int) -> list[Case]:
    """Return the nights that are run, in multiples of a usual day of `requests`."""
    accounts, fewer = max(200, requests // 17), max(1000, requests // 5)
    return [
        Case(name="a small day", accounts=200, usual=1000, days=2, requests=1000),
        Case(name="a usual day", accounts=accounts, usual=requests, days=28, requests=requests),
        Case(name="a day twice as large", accounts=accounts, usual=requests, days=28, requests=2 * requests),
        Case(name="a day after 30", accounts=max(200, fewer // 17), usual=fewer, days=30, requests=fewer),
        Case(name="a day after 90", accounts=max(200, fewer // 17), usual=fewer, days=90, requests=fewer),
    ]


def median(costs: Sequence[Cost]) -> Cost:
    """Return each number's median over the turns."""
    return Cost(
        wall=statistics.median(cost.wall for cost in costs),
        processor=statistics.median(cost.processor for cost in costs),
        memory=max(cost.memory for cost in costs),
        steps={step: statistics.median(cost.steps.get(step, 0) for cost in costs) for step in costs[0].steps},
    )


def section(found: dict[Case, Cost], scanned: dict[Case, Cost], turns: int, command: str) -> list[str]:
    """Return the lines of the page's section."""
    small, usual, double, after_30, after_90 = found
    head = (
        "night",
        "requests",
        "accounts",
        "days before",
        "seconds",
        "processor seconds",
        "memory, MB",
        "over a scan of the day",
    )
    rows = [
        (
            case.name,
            f"{case.requests:,}",
            f"{case.accounts:,}",
            str(case.days),
            f"{cost.wall:.1f}",
            f"{cost.processor:.1f}",
            f"{cost.memory:.0f}",
            f"{cost.processor / scanned[case].processor:.0f}",
        )
        for case, cost in found.items()
    ]
    asked = (
        ("the small night, interpreter start to published, seconds", found[small].wall, 20.0),
        ("a day twice as large over a usual one, clock", found[double].wall / found[usual].wall, 2.0),
        ("the night after 90 days over the night after 30, clock", found[after_90].wall / found[after_30].wall, 1.1),
    )
    shown = (small, usual, double)
    by_step = [(words, *(f"{found[case].steps.get(step, 0):.1f}" for case in shown)) for step, words in STEPS.items()]
    outside = (found[case].wall - sum(found[case].steps.values()) for case in shown)
    by_step.append(("before and between the steps (interpreter, imports)", *(f"{rest:.1f}" for rest in outside)))
    return [
        page.provenance(command, turns),
        "",
        *page.table(head, rows),
        "",
        *page.targets(asked),
        "",
        "Most of a night of such days is fixed cost, which flatters both ratios; `--requests` asks for larger days. Where a",
        "night's seconds go:",
        "",
        *page.table(("step", *(case.name for case in shown)), by_step),
    ]


def main(arguments: Sequence[str]) -> None:
    """Run the nights and write their section of the page."""
    parser = parser_of("night", turns=3)
    parser.add_argument("--requests", type=int, default=100_000, help="requests of a usual day")
    given = parser.parse_args(arguments)
    bench, listed = Bench(emptied(given.folder)), cases(given.requests)
    for case in listed:
        bench.prepare(case)
    nights: dict[Case, list[Cost]] = {case: [] for case in listed}
    scans: dict[Case, list[Cost]] = {case: [] for case in listed}
    for _ in range(given.turns):
        for case in listed:
            nights[case].append(bench.night(case))
            scans[case].append(bench.scan(case))
    found = {case: median(costs) for case, costs in nights.items()}
    command = f"python -m tests.benchmarks.night --requests {given.requests} --turns {given.turns}"
    lines = section(found, {case: median(costs) for case, costs in scans.items()}, given.turns, command)
    page.put("nights", lines, given.out)
    print(f"wrote {given.out}")


if __name__ == "__main__":
    main(sys.argv[1:])
