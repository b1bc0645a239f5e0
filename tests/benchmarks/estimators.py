"""What measuring enforcement costs by number of cases: `python -m tests.benchmarks.estimators`.

Belongs here: the facts of so many cases in a warehouse, the release that their report is written from, and the step and the
pages in a process of their own.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from orchestration.landing.files import RunPlan
from orchestration.measurement.facts import FACTS
from orchestration.night.steps import measure, warehouse
from orchestration.publishing.releases import current_release
from orchestration.reporting.site import write_site
from orchestration.settings import Home
from orchestration.warehouse import state

from . import page
from .case_tables import AS_OF, case_tables
from .command import emptied, parser_of
from .links import exponent, resident_megabytes, run_alone
from .marts import fill, make_marts, publish_marts

SIZES = (1_000, 10_000)
MOST_SECONDS = 60.0
NIGHTS = 28


class Found(BaseModel):
    """What the estimators and the pages cost: seconds of the clock and of processors, the greatest resident megabytes, rows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    estimators: float
    pages: float
    processor: float
    memory: float
    facts: int
    metrics: int

    @property
    def both(self) -> float:
        """Seconds of the two together."""
        return self.estimators + self.pages


def prepare(home: Home, cases: int) -> None:
    """Write the facts of so many cases into a warehouse, measure them, and publish the release their report is of."""
    home.root.mkdir(parents=True)
    facts = case_tables(cases)
    with warehouse(home) as connection:
        state.create_computed_tables(connection)
        for model, frame in facts.items():
            connection.register("rows_to_add", frame.to_arrow())
            connection.execute(f"create table main.{model} as select * from rows_to_add")
            connection.unregister("rows_to_add")
    measure(home, _plan(home))
    make_marts(home)
    nights = [AS_OF - timedelta(days=ago) for ago in reversed(range(NIGHTS))]
    with warehouse(home) as connection:
        for table, query in _MARTS.items():
            fill(connection, table, query.format(as_of=AS_OF, nights=NIGHTS))
    publish_marts(home, nights, AS_OF - timedelta(days=90))


# What the page reads, as far as the facts say it: cases, actions, leads of four weeks, the days of enforced accounts.
_MARTS = {
    "enforcement_metrics": "select * from computed.metric_values",
    "cases": """
        select case_id, true as is_landed, any_value(policy_clause_id) as policy_clause_id, count(*) as action_count,
            min(decided_at) as opened_at, max(decided_at) as decided_at, 'B' as strength_grade
        from main.int_measurement__actions group by case_id""",
    "actions": "select *, effective_at as expires_at, is_overturned as is_partly_overturned from main.int_measurement__actions",
    "case_precedents": """
        select case_id, 'case_' || (hash(case_id, rank) % 1000) as precedent_case_id, rank as precedent_rank,
            rank / 10 as distance, 'termination' as precedent_action_type, false as is_overturned
        from (select distinct case_id from main.int_measurement__actions) as cases, range(1, 6) as ranks(rank)""",
    "case_findings": """
        select 'missing_notice' as finding, case_id, 'action' as record_kind, action_id as record_id
        from main.int_measurement__actions where hash(action_id) % 50 = 0""",
    "reviews": """
        select 'rev_' || lead_id as review_id, lead_id, decided_at, verdict, 'account' as subject_type
        from main.int_measurement__leads where verdict is not null""",
    "referrals": "select *, sent_at + interval 7 day as due_at from main.int_measurement__referrals",
    "review_queue": """
        select date '{as_of}' - cast(ago as integer) as as_of_date, lead_id, subject_type, 'actor_' || lead_id as subject_id,
            selection, stratum, row_number() over (partition by ago order by lead_id) as priority, 'new evidence' as why,
            'high' as severity, drawn_on as first_queued_on, cast(drawn_on as timestamp) + interval 9 day as due_at
        from main.int_measurement__leads, range({nights}) as nights(ago)
        where date '{as_of}' - cast(ago as integer) between drawn_on and drawn_on + 1""",
    "scores": """
        select date '{as_of}' as as_of_date, subject_type, 'actor_' || lead_id as subject_id, 2.5 as log_odds, 0.9 as score,
            0.8 as lower, 0.95 as upper, 'distiller' as role, 0.9 as coverage_share, '[]' as reasons,
            'expert prior' as calibration_status
        from main.int_measurement__leads""",
    "account_days": """
        select account_id, cast(decided_at as date) + cast(day as integer) as activity_date, surface, '' as partner,
            100 + hash(account_id, day) % 100 as request_count, 90 as success_count
        from main.int_measurement__actions, range(-28, 29) as days(day)
        where cast(decided_at as date) + cast(day as integer) between date '{as_of}' - 90 and date '{as_of}'""",
    "signal_coverage": """
        select as_of_date, signal_id, computable_count, 0 as partly_count, 0 as not_computable_count
        from main.int_measurement__signal_days""",
    "signal_performance": """
        select signal_id, '1' as ruleset_version, 'all' as group_kind, 'all' as group_value, sum(fired_count) as fired_count,
            0.01 as base_rate, 200 as reviewed_count, 0.7 as precision, 0.6 as precision_lower, 0.8 as precision_upper
        from main.int_measurement__signal_days group by signal_id""",
    "signal_registry": """
        select distinct signal_id, 'Signal ' || signal_id as title, 1 as hypothesis_sign
        from main.int_measurement__signal_days""",
    "recommendations": """
        select distinct 'r' || signal_id as recommendation_id, 'signal' as about, signal_id as about_id,
            'lower the weight' as recommendation, 'proposed' as state
        from main.int_measurement__signal_days""",
}  # fmt: skip


def _plan(home: Home) -> RunPlan:
    return RunPlan(landing=home.landing, as_of_from=AS_OF, as_of_to=AS_OF, arrived_from=AS_OF, files=())


def measured(home: Home) -> Found:
    """Measure the home's cases, write the pages of its release aside, and return what both cost this process."""
    began, used = time.perf_counter(), time.process_time()
    metrics = measure(home, _plan(home))
    between = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        write_site(current_release(home.published), Path(folder) / "site")
    ended, processor = time.perf_counter(), time.process_time() - used
    with warehouse(home) as connection:
        counts = [connection.execute(f"select count(*) from main.{model}").fetchall()[0][0] for model in FACTS]
    return Found(
        estimators=between - began,
        pages=ended - between,
        processor=processor,
        memory=resident_megabytes(),
        facts=sum(counts),
        metrics=metrics,
    )


def median(runs: Sequence[Found]) -> Found:
    """Return the median seconds and greatest memory of runs over equal cases."""
    return runs[0].model_copy(
        update={
            "estimators": statistics.median(run.estimators for run in runs),
            "pages": statistics.median(run.pages for run in runs),
            "processor": statistics.median(run.processor for run in runs),
            "memory": max(run.memory for run in runs),
        }
    )


def section(found: Mapping[int, Found], turns: int, command: str) -> list[str]:
    """Return the lines of the page's section."""
    head = (
        "cases",
        "rows of facts",
        "rows of metrics",
        "estimators, seconds",
        "pages, seconds",
        "together",
        "processor seconds",
        "memory, MB",
    )
    rows = [
        (
            f"{cases:,}",
            f"{run.facts:,}",
            f"{run.metrics:,}",
            f"{run.estimators:.1f}",
            f"{run.pages:.1f}",
            f"{run.both:.1f}",
            f"{run.processor:.1f}",
            f"{run.memory:,.0f}",
        )
        for cases, run in found.items()
    ]
    largest = max(found)
    slope = exponent({cases: run.both for cases, run in found.items()})
    asked = f"{largest:,} cases, estimators and pages, seconds"
    seconds = found[largest].both
    return [
        page.provenance(command, turns),
        "",
        "Every estimator over the facts in the working warehouse (`measure`), and the pages of the release. A case has one",
        "enforced unit with five controls over 84 days, one and a half actions over half a year, and three leads; units are",
        "drawn by the code that proves the estimators. Making facts and marts is dbt's part and not in it. While it ran, the",
        f"machine had {os.getloadavg()[2]:.1f} processes at work for its {os.cpu_count()} cores.",
        "",
        *page.table(head, rows),
        "",
        *page.targets([(asked, seconds, MOST_SECONDS)]),
        "",
        f"Seconds grow with the number of cases to the power of {slope:.2f}. Most go into the bootstrap of times, 1,000 draws",
        "an interval.",
    ]


def main(arguments: Sequence[str]) -> None:
    """Run every size turn about and write the section of the page."""
    parser = parser_of("estimators", turns=3)
    parser.add_argument("--cases", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.measure:
        print(measured(Home(root=given.measure)).model_dump_json())
        return
    emptied(given.folder)
    homes = {cases: given.folder / str(cases) for cases in sorted(given.cases)}
    for cases, home in homes.items():
        prepare(Home(root=home), cases)
        print(f"{cases:,} cases: facts and a release made", flush=True)
    runs: dict[int, list[Found]] = {cases: [] for cases in homes}
    for _ in range(given.turns):
        for cases, home in homes.items():
            runs[cases].append(Found.model_validate_json(run_alone("tests.benchmarks.estimators", home)))
            print(f"{cases:,} cases: {runs[cases][-1].model_dump_json()}", flush=True)
    command = f"python -m tests.benchmarks.estimators --cases {' '.join(map(str, homes))} --turns {given.turns}"
    lines = section({cases: median(found) for cases, found in runs.items()}, given.turns, command)
    page.put("estimators", lines, given.out)
    shutil.rmtree(given.folder)
    print(f"wrote {given.out}")


if __name__ == "__main__":
    main(sys.argv[1:])
