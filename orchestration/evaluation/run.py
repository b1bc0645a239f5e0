"""Running an evaluation: each world is made, built, judged and forgotten; what was found stays.

Belongs here: the order of work, resuming, and what happens when a world fails. A world's nights are computed by the
command line in a process of its own, so that its memory is freed and a crash loses that world alone.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from orchestration.evaluation.judge import judge_world
from orchestration.evaluation.reaching import read_reach, whole
from orchestration.evaluation.results import RESULT_VERSION, WorldResult
from orchestration.evaluation.worlds import SetName, WorldPlan, plan_worlds
from orchestration.settings import Home
from simulator import simulate

Progress = Callable[[str], None]


class EvaluationError(RuntimeError):
    """Some worlds could not be evaluated; those that could have their results on disk."""


class EvaluationSettings(BaseModel):
    """Which worlds to evaluate, where results and homes go, how many at a time, and whether homes are kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    out: Path
    set_name: SetName = "report"
    numbers: tuple[int, ...] = tuple(range(1, 11))
    jobs: int = Field(default=1, ge=1)
    keep: bool = False


def evaluate(
    settings: EvaluationSettings, progress: Progress, run_world: Callable[[WorldPlan, Path, Progress], WorldResult] | None = None
) -> tuple[WorldResult, ...]:
    """Return the results of the worlds asked for; those whose result is on disk are not run again.

    A result is kept as `<out>/<set>-<number>.json`; one of another plan or version is computed anew and said to be. `run_world`
    stands in for `run_one_world`. Raises EvaluationError when a world failed, after the others have run.
    """
    run = run_world or run_one_world
    settings.out.mkdir(parents=True, exist_ok=True)
    failed: dict[str, str] = {}

    def one(plan: WorldPlan) -> WorldResult | None:
        found = read_result(settings.out, plan, progress)
        if found is not None:
            progress(f"{plan.name}: result is on disk, of code {found.code_revision[:12]}")
            return found
        home = settings.out / f"home-{plan.name}"
        shutil.rmtree(home, ignore_errors=True)
        try:
            result = run(plan, home, progress)
        except Exception as error:
            failed[plan.name] = str(error)
            progress(f"{plan.name}: failed: {error}")
            return None
        _write_result(settings.out, result)
        if not settings.keep:
            shutil.rmtree(home, ignore_errors=True)
        progress(f"{plan.name}: done in {result.seconds:.0f} s")
        return result

    with ThreadPoolExecutor(max_workers=settings.jobs) as pool:
        results = tuple(pool.map(one, plan_worlds(settings.set_name, settings.numbers)))
    if failed:
        said = "; ".join(f"{name}: {reason}" for name, reason in sorted(failed.items()))
        raise EvaluationError(
            f"every world must run, {len(failed)} of {len(results)} did not ({said}). "
            "The others are kept: repeat the command to run only those that failed."
        )
    return tuple(result for result in results if result is not None)


def read_result(out: Path, plan: WorldPlan, progress: Progress) -> WorldResult | None:
    """Return the result of a world on disk; None, and why, when it is of another version or plan or cannot be read."""
    path = out / f"{plan.name}.json"
    if not path.exists():
        return None
    text = path.read_text(encoding="utf-8")
    try:
        told = json.loads(text)
        version = told.get("result_version", 1) if isinstance(told, dict) else None
        if version != RESULT_VERSION:
            progress(
                f"{plan.name}: {path} is a result of version {version}, this code writes {RESULT_VERSION}: computing it anew"
            )
            return None
        found = WorldResult.model_validate_json(text)
    except ValueError:
        progress(f"{plan.name}: {path} is no whole result: computing it anew")
        return None
    if found.plan != plan:
        progress(f"{plan.name}: {path} is of another plan: computing it anew")
        return None
    return found


def _write_result(out: Path, result: WorldResult) -> None:
    path = out / f"{result.plan.name}.json"
    whole = path.with_suffix(".part")
    whole.write_text(result.model_dump_json(indent=1) + "\n", encoding="utf-8")
    whole.replace(path)


def run_one_world(plan: WorldPlan, root: Path, progress: Progress) -> WorldResult:
    """Make, build and judge a world in the home folder `root`: history, one reaction to its queue, and what follows."""
    began = time.monotonic()
    home = Home(root=root.resolve(), target="duckdb")
    progress(f"{plan.name}: simulating {plan.history_days} days of {plan.requests} requests")
    simulate(plan.history(home.root))
    progress(f"{plan.name}: {plan.history_days} nights")
    _backfill(home, plan.start, plan.reacts_after)
    reach = [read_reach(home.warehouse)]
    simulate(plan.reaction(home.root, home.current))
    progress(f"{plan.name}: {plan.reaction_days} nights after reviewers worked the queue")
    _backfill(home, plan.reacts_after + timedelta(days=1), plan.last_day)
    reach.append(read_reach(home.warehouse))
    progress(f"{plan.name}: judging")
    return judge_world(plan, home.current.resolve(), home.root / "truth", whole(reach), time.monotonic() - began)


def _backfill(home: Home, first: date, last: date) -> None:
    command = [sys.executable, "-m", "orchestration.cli", "backfill", "--home", str(home.root)]
    done = subprocess.run(
        [*command, "--from", first.isoformat(), "--to", last.isoformat()], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        told = [line for line in done.stderr.splitlines() if line.strip()]
        raise EvaluationError(
            f"`{' '.join(command[2:])}` must end with 0, ended with {done.returncode}: "
            f"{told[-1] if told else 'nothing was said'}. See {home.logs}."
        )
