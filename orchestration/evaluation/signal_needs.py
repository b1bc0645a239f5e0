"""What each signal needs of the landing contract: `python -m orchestration.evaluation.signal_needs`.

Belongs here: a small simulated world, whole and without each column that may be absent, and the night's own models on it up to
the signals. Nothing is judged or published.
"""

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from dbt.contracts.graph.manifest import Manifest

from orchestration.contract import landing_contract
from orchestration.coverage.needs import FILE, PARTLY, Need, render_needs
from orchestration.evaluation.copies import MARK, copy_worlds, is_of_accounts
from orchestration.evaluation.masking import mask
from orchestration.night import steps
from orchestration.settings import PROJECT_ROOT, Home
from orchestration.warehouse import transform
from orchestration.warehouse.opening import warehouse
from simulator import SimulatorSettings, simulate

FIRST, DAYS, ACCOUNTS, REQUESTS, SEED = date(2026, 3, 1), 28, 300, 2500, 7
Shares = Mapping[str, tuple[int, float]]
"""By signal, its version and the share of its subjects that it can be computed for."""
JUDGED = "int_signals__judged"
SHARES = f"""
with

members as (

    select actor_id as subject_id, any_value(account_id) as account_id
    from computed.actor_members
    where as_of_date = $1
    group by actor_id

),

subjects as (

    select
        judged.signal_id,
        judged.computability,
        coalesce(members.account_id, judged.subject_id) as account_id
    from {JUDGED} as judged
    left join members on judged.subject_id = members.subject_id
    where judged.as_of_date = $1

)

select
    coalesce(try_cast(split_part(subjects.account_id, '{MARK}', 2) as integer), 0) as copy,
    subjects.signal_id,
    any_value(signal_registry.signal_version) as signal_version,
    avg(case when subjects.computability = 'computable' then 1.0 else 0.0 end) as computable_share
from subjects
inner join signal_registry on subjects.signal_id = signal_registry.signal_id
group by all
"""
_AFTER_ACTORS = "source:computed.actor_members+"
_ONLY_MODELS = ["--exclude-resource-type", "test", "unit_test"]


def computable_shares(landing: Path, day: date, home: Home) -> dict[int, dict[str, tuple[int, float]]]:
    """Return, by copy and signal, the signal's version and the share of subjects for which it could be computed as of a day.

    A folder that holds no copies is copy 0. Only the models that signals stand on are built, in a new home.
    """
    run = steps.plan(home, landing, day, day)
    steps.prepare(home, run)
    dates = (run.as_of_from, run.as_of_to, run.arrived_from)
    before = ["build", *_ONLY_MODELS, "--select", f"+{JUDGED}", "--exclude", _AFTER_ACTORS, "source:computed.actor_events+"]
    transform.run_dbt(home, before, dates)
    steps.find_actors_by_date(home, run, _say_nothing)
    transform.run_dbt(home, ["build", *_ONLY_MODELS, "--select", f"+{JUDGED},{_AFTER_ACTORS}"], dates)
    with warehouse(home) as connection:
        rows = connection.execute(SHARES, [day]).fetchall()
    found: dict[int, dict[str, tuple[int, float]]] = {}
    for copy, signal, version, share in rows:
        found.setdefault(int(copy), {})[str(signal)] = int(version), float(share)
    return found


def absences(project: Manifest) -> list[tuple[str, str]]:
    """Return what may be absent and reaches a signal: optional columns by table, and tables with the column ''.

    A table that no signal stands on makes no difference, nor does a column that none of the models between names.
    """
    project.build_parent_and_child_maps()
    between = _ancestors(project, f"model.stillwatch.{JUDGED}")
    sources = {project.sources[name].name for name in between if name in project.sources}
    words = [
        project.nodes[name].raw_code
        for name in between
        if name in project.nodes and "/staging/" not in project.nodes[name].original_file_path
    ]
    words += [macro.macro_sql for name, macro in project.macros.items() if name.startswith("macro.stillwatch.")]
    beyond = "\n".join(words)
    found: list[tuple[str, str]] = []
    for name, table in landing_contract().tables.items():
        if name in sources:
            found += [(name, "")] if not table.required else []
            found += [(name, column.name) for column in table.columns if not column.required and column.name in beyond]
    return found


def _ancestors(project: Manifest, name: str) -> set[str]:
    """Return what a node stands on, itself included; what Python computes stands on the links."""
    found: set[str] = set()
    waiting = [name, *(node for node in project.nodes if node.startswith("model.stillwatch.int_links__"))]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += project.parent_map.get(each, [])
    return found


def measure(folder: Path) -> list[Need]:
    """Simulate the world in a folder and return, for each absence, the signals that lose subjects by it.

    Columns of tables about accounts are left out of copies of the world that are computed in one run; what is absent for all
    accounts at once, a table or a column of one without accounts, takes a run of its own.
    """
    landing, day = folder / "landing", FIRST + timedelta(days=DAYS - 1)
    world = SimulatorSettings(
        out=landing, truth=folder / "truth", start=FIRST, days=DAYS, accounts=ACCOUNTS, requests=REQUESTS, seed=SEED
    )
    simulate(world, _say_nothing)
    _act(landing)
    tables = landing_contract().tables
    home = Home(root=folder / "home", target="duckdb")
    absent = [each for each in absences(transform.parse_project(home)) if (landing / each[0]).is_dir()]
    by_copy = [(table, column) for table, column in absent if column and is_of_accounts(tables[table])]
    copy_worlds(landing, [None, *by_copy], folder / "copies")
    found = computable_shares(folder / "copies", day, home)
    needs = [need for n, each in enumerate(by_copy, start=1) for need in _lost(*each, found[0], found.get(n, {}))]
    whole = computable_shares(landing, day, Home(root=folder / "whole", target="duckdb"))[0]
    for table, column in absent:
        if (table, column) not in by_copy:
            with tempfile.TemporaryDirectory(dir=folder) as place:
                mask(landing, table, column, Path(place) / "landing")
                left = computable_shares(Path(place) / "landing", day, Home(root=Path(place) / "home", target="duckdb"))
            needs += _lost(table, column, whole, left.get(0, {}))
    never = sorted(signal for signal, (_, share) in whole.items() if not share)
    if never:
        print(f"computable for nobody in the world as it is, so nothing is known of their needs: {', '.join(never)}")
    return needs


def _lost(table: str, column: str, whole: Shares, left: Shares) -> list[Need]:
    """Return the signals that lose subjects without a column, with the share that stays."""
    lost: list[Need] = []
    for signal, (version, share) in whole.items():
        kept = round(min(1.0, left.get(signal, (version, 0.0))[1] / share), 2) if share else 1.0
        if kept < PARTLY:
            lost.append(Need(signal_id=signal, version=version, table=table, column=column, kept_share=kept))
    print(f"without {table}{'.' + column if column else ''}: {len(lost)} signals lose subjects", flush=True)
    return lost


def _act(landing: Path) -> None:
    """Land one termination, since signals of return are computable only where somebody was acted on."""
    first = landing / "accounts" / f"arrived_on={FIRST}"
    account = pq.ParquetFile(min(first.glob("*.parquet"))).read(["account_id"])["account_id"][0].as_py()
    place = landing / "enforcement_actions" / f"arrived_on={FIRST}" / "part.parquet"
    place.parent.mkdir(parents=True, exist_ok=True)
    decided = datetime.combine(FIRST, time(12))
    row = {
        "action_id": "action_1",
        "case_id": "case_1",
        "account_id": account,
        "action_type": "termination",
        "surface": "all",
        "policy_clause_id": "training_without_permission",
        "decided_at": decided,
        "effective_at": decided,
        "decided_by_hash": 1,
    }
    pq.write_table(pa.Table.from_pylist([row]), place)


def _say_nothing(_message: str) -> None:
    """Take a message and drop it."""


def main(arguments: Sequence[str]) -> None:
    """Measure and write the file of needs."""
    parser = argparse.ArgumentParser(prog="python -m orchestration.evaluation.signal_needs")
    parser.add_argument("--out", type=Path, default=PROJECT_ROOT / "orchestration" / "coverage" / FILE)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        given.out.write_text(render_needs(measure(Path(folder))), encoding="utf-8")
    print(f"wrote {given.out}")


if __name__ == "__main__":
    main(sys.argv[1:])
