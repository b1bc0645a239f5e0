"""A night against the least it could cost: a plain scan of the day, and one hand-written script that makes the same marts.

Belongs here: a history for both, the night after it turn about, and single features against a scan of the columns they read.
Nothing counts before the script's rows are the night's.
"""

import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from orchestration.settings import Home

from .. import page
from ..command import emptied, parser_of
from ..night import FIRST, STEPS, Bench, Case, Cost, clocked, median, nightly
from . import single
from .agreement import KEYS, compared_columns, differences
from .script import MARTS

FIXED = 20.0
"""Seconds that a night may take before any row, as was asked."""
SAME_AS_SCRIPT = "features_and_links"
"""The step that makes all the rows of the script, and more."""
NEEDED = {
    "usage_requests": "request_id, requested_at, account_id, end_user_id, surface, partner, request_model, input_tokens, "
    "output_tokens, cache_read_input_tokens, reasoning_output_tokens, request_temperature, request_top_p, request_max_tokens, "
    "request_choice_count, request_logprobs, tool_count, finish_reason, http_status, ip_prefix_hash, user_agent_hash, asn, "
    "country, prompt_hash, input_message_count, prompt_template_hash, system_prompt_hash, topic, elicits_reasoning, "
    "grades_output, rewrites_sensitive, language",
    "accounts": "account_id, created_at, account_type, tier, declared_country, kyc_status, email_domain, phone_hash, "
    "device_hash, signup_ip_hash, email_pattern_hash, organization_hash",
    "billing_charges": "account_id, payment_method_fingerprint, created_at",
}
SCAN = "import sys, duckdb\nfor query in sys.argv[1:]:\n    duckdb.sql(query).fetchall()\n"


class ByHand:
    """The script's own history, made a day at a time; nights are run in copies of it."""

    def __init__(self, folder: Path, landing: Path) -> None:
        self.folder = folder
        self.landing = landing

    def prepare(self, case: Case) -> None:
        """Take in a case's history."""
        for number in range(case.days):
            self._take_in(self.folder, FIRST + timedelta(days=number))

    def night(self, case: Case, kept: Path | None = None) -> Cost:
        """Take in the night's day in a copy; `kept` is where the copy stays."""
        with tempfile.TemporaryDirectory(dir=self.folder.parent) as folder:
            copy = kept or Path(folder) / "script"
            shutil.copytree(self.folder, copy)
            return self._take_in(copy, case.night)

    def _take_in(self, folder: Path, day: date) -> Cost:
        return clocked([sys.executable, "-m", "tests.benchmarks.floor.script", str(folder), str(self.landing), str(day)])


def scan(landing: Path, day: date) -> Cost:
    """Look at every value of the columns that a night needs of a day."""
    queries = [
        f"select {', '.join(f'bit_xor(hash({column.strip()}))' for column in columns.split(','))} "
        f"from read_parquet('{landing}/{table}/arrived_on={day}/*.parquet', union_by_name = true)"
        for table, columns in NEEDED.items()
    ]
    return clocked([sys.executable, "-c", SCAN, *queries])


def agree(by_hand: Path, home: Home) -> int:
    """Return how many columns the script made just as the night did; ValueError with what differs."""
    published = home.current / "parquet"
    told = [
        line
        for mart in MARTS
        for line in differences(mart, [by_hand / f"{mart}.parquet"], published / mart, only_found=mart == "account_days")
    ]
    if told:
        raise ValueError("the script made other rows than the night, so neither is timed: " + "; ".join(told))
    return sum(len(KEYS[mart]) + len(compared_columns(mart, by_hand / f"{mart}.parquet")) for mart in MARTS)


def section(
    case: Case,
    costs: dict[str, list[Cost]],
    features: dict[str, single.Turns],
    columns: int,
    command: str,
) -> list[str]:
    """Return the lines of the page's section."""
    found = {name: median(turns) for name, turns in costs.items()}
    scanned, by_hand, night, small = found["scan"], found["script"], found["night"], found["small night"]
    rows = [
        (
            words,
            f"{cost.wall:.1f}",
            f"{cost.processor:.1f}",
            f"{cost.memory:.0f}",
            f"{cost.processor / scanned.processor:.1f}",
            f"{cost.processor / by_hand.processor:.1f}",
        )
        for words, cost in (
            ("scan of the columns that a night needs", scanned),
            ("hand-written script", by_hand),
            ("night", night),
            ("night of 1,000 requests by 200 accounts", small),
        )
    ]
    head = ("what", "seconds", "processor seconds", "memory, MB", "processor, over the scan", "processor, over the script")
    asked = [
        (f"(night - {FIXED:g} s) / script, clock", (night.wall - FIXED) / by_hand.wall, 1.5),
        ("(night - small night) / script, clock", (night.wall - small.wall) / by_hand.wall, 1.5),
        ("(night - small night) / script, processor", (night.processor - small.processor) / by_hand.processor, 1.5),
        ("small night, seconds", small.wall, FIXED),
    ]
    singly: list[tuple[str, ...]] = []
    for feature in single.FEATURES:
        made, read, read_parquet = (_median(turns) for turns in features[feature.name])
        ratio, parquet_ratio = made.processor / read.processor, made.processor / read_parquet.processor
        singly.append(
            (
                feature.name,
                *(f"{spent.wall:.2f} ({spent.processor:.2f})" for spent in (read, read_parquet, made)),
                f"{ratio:.1f}",
                f"{parquet_ratio:.1f}",
                f"{feature.most:g}",
                page.verdict(ratio, feature.most),
                page.verdict(parquet_ratio, feature.most),
            )
        )
    by_step = [(says, *(f"{cost.steps.get(step, 0):.1f}" for cost in (small, night))) for step, says in STEPS.items()]
    comparable = (night.steps[SAME_AS_SCRIPT] - small.steps[SAME_AS_SCRIPT]) / by_hand.wall
    return [
        page.provenance(command, len(costs["night"])),
        "",
        f"A day of {case.requests:,} requests by {case.accounts:,} accounts after {case.days} such days. The script",
        "(`tests/benchmarks/floor/`) has no plan, gate, contract, rewind or release, and scores nobody; it makes account_days,",
        "account_links and what of account_features comes of usage. Before the turns counted, its values in",
        f"{columns} columns were those that the night published.",
        "",
        *page.table(head, rows),
        "",
        *page.targets(asked),
        "",
        "Where the nights' seconds go. What the script makes, the second step makes; the others judge, score, draw and publish.",
        f"That step, without the small night's, takes {comparable:.2f} of the script's seconds.",
        "",
        *page.table(("step", "a small night", "the night"), by_step),
        "",
        "Single features: the product's own compiled models on the night's warehouse, against scans of the columns they read, as",
        "the warehouse has them in memory and as Parquet sorted by account. Seconds of the clock and in brackets of processors;",
        "ratios are of processors. An account's prompts of the day, which concentration reads, are made before and not timed.",
        "",
        *page.table(
            (
                "feature",
                "scan in memory",
                "scan of Parquet",
                "models",
                "over memory",
                "over Parquet",
                "at most",
                "over memory holds",
                "over Parquet holds",
            ),
            singly,
        ),
    ]


def _median(spent: Sequence[single.Spent]) -> single.Spent:
    return single.Spent(
        wall=statistics.median(turn.wall for turn in spent),
        processor=statistics.median(turn.processor for turn in spent),
    )


def main(arguments: Sequence[str]) -> None:
    """Run scan, script and night turn about and write their section of the page."""
    parser = parser_of("floor", turns=3)
    parser.add_argument("--requests", type=int, default=100_000, help="requests of a day; 3,500,000 over 28 days take hours")
    parser.add_argument("--accounts", type=int, help="accounts  [default: one for 17 requests]")
    parser.add_argument("--days", type=int, default=28, help="days of history before the night")
    given = parser.parse_args(arguments)
    emptied(given.folder)
    accounts = given.accounts or max(200, given.requests // 17)
    case = Case(name="the night", accounts=accounts, usual=given.requests, days=given.days, requests=given.requests)
    small = Case(name="a small night", accounts=200, usual=1000, days=2, requests=1000)
    bench = Bench(given.folder)
    for each in (small, case):
        bench.prepare(each)
    by_hand = ByHand(given.folder / "script", bench.landing(case))
    by_hand.prepare(case)

    # the first night of each is kept: its rows are compared, and its warehouse is where single features are timed
    bench.deliver(case)
    home = Home(root=given.folder / "kept-home")
    shutil.copytree(bench.home(case), home.root, symlinks=True)
    nightly(home.root, bench.landing(case), case.night)
    by_hand.night(case, kept=given.folder / "kept-script")
    columns = agree(given.folder / "kept-script", home)
    print(f"the script's {columns} columns are the night's", flush=True)

    costs: dict[str, list[Cost]] = {"scan": [], "script": [], "night": [], "small night": []}
    for _ in range(given.turns):
        costs["scan"].append(scan(bench.landing(case), case.night))
        costs["script"].append(by_hand.night(case))
        costs["night"].append(bench.night(case))
        costs["small night"].append(bench.night(small))
    features = single.timed(home, case.night, given.turns, given.folder / "kept-parquet")
    command = (
        f"python -m tests.benchmarks.floor --requests {given.requests} --accounts {accounts} --days {given.days} "
        f"--turns {given.turns}"
    )
    page.put("floor", section(case, costs, features, columns, command), given.out)
    print(f"wrote {given.out}")


if __name__ == "__main__":
    main(sys.argv[1:])
