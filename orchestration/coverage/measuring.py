"""What each signal needs of the landing contract: `python -m orchestration.coverage.measuring` (three quarters of an hour).

Belongs here: a small simulated world, the night's own models on it up to the signals, once as it is and once without each column
that may be absent. Nothing is judged or published.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from dbt.contracts.graph.manifest import Manifest

from orchestration.contract import landing_contract
from orchestration.coverage.masking import mask
from orchestration.coverage.needs import FILE, PARTLY, Need, render_needs
from orchestration.night import steps
from orchestration.settings import Home
from orchestration.warehouse import transform
from orchestration.warehouse.opening import warehouse
from simulator import SimulatorSettings, simulate

FIRST, DAYS, ACCOUNTS, REQUESTS, SEED = date(2026, 3, 1), 28, 400, 4000, 7
COVERAGE = "signal_coverage"
_AFTER_ACTORS = "source:computed.actor_members+"
_ONLY_MODELS = ["--exclude-resource-type", "test", "unit_test"]


def computable_shares(landing: Path, day: date, home: Home) -> dict[str, tuple[int, float]]:
    """Return, for each signal, its version and the share of its subjects for which it could be computed as of a day.

    Only the models that `signal_coverage` stands on are built, in a new home.
    """
    run = steps.plan(home, landing, day, day)
    steps.prepare(home, run)
    dates = (run.as_of_from, run.as_of_to, run.arrived_from)
    before = ["build", *_ONLY_MODELS, "--select", f"+{COVERAGE}", "--exclude", _AFTER_ACTORS, "source:computed.actor_events+"]
    transform.run_dbt(home, before, dates)
    steps.find_actors_by_date(home, run, _say_nothing)
    transform.run_dbt(home, ["build", *_ONLY_MODELS, "--select", f"+{COVERAGE},{_AFTER_ACTORS}"], dates)
    with warehouse(home) as connection:
        rows = connection.execute(
            "select signal_id, signal_version, "
            "computable_count / nullif(computable_count + partly_count + not_computable_count, 0) "
            f"from {COVERAGE} inner join signal_registry using (signal_id) where as_of_date = ?",
            [day],
        ).fetchall()
    return {str(signal): (int(version), float(share or 0)) for signal, version, share in rows}


def absences(project: Manifest) -> list[tuple[str, str]]:
    """Return what may be absent and reaches a signal: optional columns by table, and tables with the column ''.

    A table that no signal stands on makes no difference, nor does a column that none of the models between names.
    """
    project.build_parent_and_child_maps()
    between = _ancestors(project, f"model.stillwatch.{COVERAGE}")
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


def measure(folder: Path, only: Sequence[tuple[str, str]] | None = None) -> list[Need]:
    """Simulate the world in a folder and return, for each absence, the signals that lose subjects by it."""
    landing, day = folder / "landing", FIRST + timedelta(days=DAYS - 1)
    world = SimulatorSettings(
        out=landing, truth=folder / "truth", start=FIRST, days=DAYS, accounts=ACCOUNTS, requests=REQUESTS, seed=SEED
    )
    simulate(world, _say_nothing)
    _act(landing)
    whole = computable_shares(landing, day, Home(root=folder / "home"))
    needs: list[Need] = []
    for table, column in only or absences(transform.parse_project(Home(root=folder / "home"))):
        if not (landing / table).is_dir():
            continue
        with tempfile.TemporaryDirectory(dir=folder) as place:
            mask(landing, table, column, Path(place) / "landing")
            left = computable_shares(Path(place) / "landing", day, Home(root=Path(place) / "home"))
        lost = 0
        for signal, (version, share) in whole.items():
            kept = round(min(1.0, left.get(signal, (version, 0.0))[1] / share), 2) if share else 1.0
            if kept < PARTLY:
                lost += 1
                needs.append(Need(signal_id=signal, version=version, table=table, column=column, kept_share=kept))
        print(f"without {table}{'.' + column if column else ''}: {lost} signals lose subjects", flush=True)
    # a signal that nothing was measured for must show, so each says what it is worth whole
    never = sorted(signal for signal, (_, share) in whole.items() if not share)
    if never:
        print(f"computable for nobody in the world as it is, so nothing is known of their needs: {', '.join(never)}")
    return needs


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
    parser = argparse.ArgumentParser(prog="python -m orchestration.coverage.measuring")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name(FILE))
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        given.out.write_text(render_needs(measure(Path(folder))), encoding="utf-8")
    print(f"wrote {given.out}")


if __name__ == "__main__":
    main(sys.argv[1:])
