"""A backtest from beginning to end: copy, score as the champion, check, score as the challenger, compare.

Belongs here: the order of steps. Scores come from the project's own dbt models and queues from the night's own step, run in a
scratch warehouse that is deleted afterwards; the home's warehouse and releases are only read.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from orchestration.backtesting.challenger import Change, RuleSet, read_challenger
from orchestration.backtesting.leads import SUBJECT, compare_leads, kept_share
from orchestration.backtesting.precision import compare_lookalikes, compare_precision
from orchestration.backtesting.reproduction import check_reproduction
from orchestration.backtesting.result import Backtest, Reproduction, ShadowSignal
from orchestration.backtesting.scratch import (
    copy_inputs,
    load_rule_set,
    read_rule_set,
    rescored_models,
    scratch_home,
)
from orchestration.backtesting.settings import BacktestSettings
from orchestration.backtesting.shadow import would_be
from orchestration.backtesting.stability import compare_stability
from orchestration.landing.files import RunPlan
from orchestration.night import steps
from orchestration.night.lock import home_lock
from orchestration.scoring.settings import QueueSettings
from orchestration.scoring.verdicts import weighted_verdicts
from orchestration.settings import Home
from orchestration.warehouse import transform
from orchestration.warehouse.frames import read_frame

Progress = Callable[[str], None]

_SCORES = (
    "select as_of_date, subject_type, subject_id, cast(log_odds as double) as log_odds, score, "
    "cast(resale_log_odds as double) as resale_log_odds, resale_score from main.scores order by all"
)
_QUEUE = "select * from computed.review_queue where as_of_date >= ? order by as_of_date, priority"


@dataclass(frozen=True)
class _Scored:
    """One rule set's scores and queues over the range."""

    scores: pl.DataFrame
    queue: pl.DataFrame


def backtest(
    home: Home, challenger: Path, first: date, last: date, progress: Progress, settings: BacktestSettings | None = None
) -> Backtest:
    """Score the nights `first` to `last` as champion and as challenger and return what would change.

    Raises ChallengerError or BacktestError for what the caller can mend, ReproductionError when the champion does not come out
    as published, HomeLockedError while a run holds the home.
    """
    dials = settings or BacktestSettings()
    with tempfile.TemporaryDirectory(prefix=".backtest-", dir=home.root) as folder:
        scratch = scratch_home(Path(folder), home)
        run = RunPlan(landing=home.root, as_of_from=first, as_of_to=last, arrived_from=first, files=())
        rescored = rescored_models(transform.parse_project(scratch))
        with home_lock(home):
            progress(f"copying what scoring reads for {first} to {last}")
            unloaded = copy_inputs(home, scratch, rescored, first, last)
        if unloaded:
            transform.run_dbt(scratch, ["seed", "--select", *unloaded], (first, last, first))
        with steps.warehouse(scratch) as connection:
            champion_rules = read_rule_set(connection)
        challenger_rules, changes = read_challenger(challenger, champion_rules)
        progress(f"scoring as the champion, rule set {champion_rules.version}")
        champion = _score(scratch, run, rescored.models, [])
        with steps.warehouse(scratch) as connection:
            reproduced = check_reproduction(connection, champion_rules)
            load_rule_set(connection, challenger_rules)
        progress(f"equal to what was published: {reproduced.score_rows} scores, {reproduced.queue_rows} queue rows")
        progress(f"scoring as the challenger, rule set {challenger_rules.version}: {len(changes)} changed numbers")
        challenged = _score(scratch, run, rescored.models, ["config.materialized:view"])
        verdicts = _verdicts(scratch)
        shadow = _shadow_signals(scratch, run, challenged.scores, challenger_rules, progress)
    rule_sets = (champion_rules, challenger_rules)
    return _compare(champion, challenged, verdicts, shadow, rule_sets, changes, reproduced, str(challenger), run, dials)


def _score(scratch: Home, run: RunPlan, models: Sequence[str], exclude: Sequence[str]) -> _Scored:
    with steps.warehouse(scratch) as connection:
        for relation in ("main.scores", "main.signal_hits", "computed.review_queue"):
            schema, name = relation.split(".")
            if connection.execute(
                "select count(*) from duckdb_tables() where schema_name = ? and table_name = ?", [schema, name]
            ).fetchall()[0][0]:
                connection.execute(f"delete from {relation} where as_of_date >= ?", [run.as_of_from])
    _run_models(scratch, run, models, exclude)
    steps.build_queue_by_date(scratch, run, lambda _: None)
    with steps.warehouse(scratch) as connection:
        return _Scored(scores=read_frame(connection, _SCORES), queue=read_frame(connection, _QUEUE, [run.as_of_from]))


def _run_models(scratch: Home, run: RunPlan, models: Sequence[str], exclude: Sequence[str]) -> None:
    command = ["run", "--select", *models, *(["--exclude", *exclude] if exclude else [])]
    transform.run_dbt(scratch, command, (run.as_of_from, run.as_of_to, run.arrived_from))


def _verdicts(scratch: Home) -> pl.DataFrame:
    """The latest verdict of each subject, of all nights the warehouse holds."""
    with steps.warehouse(scratch) as connection:
        queue = read_frame(connection, "select * from published.all_queues order by as_of_date, lead_id")
        reviews = read_frame(connection, "select * from main.reviews order by review_id")
    found = weighted_verdicts(queue, reviews, QueueSettings().budget).frame
    return found.sort("drawn_on", "lead_id").unique(SUBJECT, keep="last", maintain_order=True)


def _shadow_signals(scratch: Home, run: RunPlan, scores: pl.DataFrame, rules: RuleSet, progress: Progress) -> list[ShadowSignal]:
    found: list[ShadowSignal] = []
    for signal_id in sorted(row["signal_id"] for row in rules.tables["signal_settings"] if row["status"] == "shadow"):
        progress(f"scoring with {signal_id} as if it were active")
        with steps.warehouse(scratch) as connection:
            connection.execute("delete from main.signal_hits")
            connection.execute("delete from main.scores")
            _set_status(connection, signal_id, "active")
        _run_models(scratch, run, ["signal_hits", "scores"], [])
        with steps.warehouse(scratch) as connection:
            found.append(would_be(signal_id, scores, read_frame(connection, _SCORES), QueueSettings().flag_score))
            _set_status(connection, signal_id, "shadow")
    return found


def _set_status(connection: duckdb.DuckDBPyConnection, signal_id: str, status: str) -> None:
    connection.execute("update main.int_signals__pooled set signal_status = ? where signal_id = ?", [status, signal_id])


def _compare(
    champion: _Scored,
    challenged: _Scored,
    verdicts: pl.DataFrame,
    shadow: Sequence[ShadowSignal],
    rule_sets: tuple[RuleSet, RuleSet],
    changes: Sequence[Change],
    reproduced: Reproduction,
    challenger: str,
    run: RunPlan,
    settings: BacktestSettings,
) -> Backtest:
    flagged = [
        scored.scores.filter(pl.max_horizontal("score", "resale_score") >= QueueSettings().flag_score)
        for scored in (champion, challenged)
    ]
    return Backtest(
        champion_version=rule_sets[0].version,
        challenger_version=rule_sets[1].version,
        challenger=challenger,
        as_of_from=run.as_of_from,
        as_of_to=run.as_of_to,
        changes=tuple(changes),
        reproduced=reproduced,
        leads=compare_leads(champion.queue, challenged.queue, champion.scores, challenged.scores, verdicts),
        precision=compare_precision(champion.queue, challenged.queue, verdicts, settings),
        lookalikes=tuple(compare_lookalikes(flagged[0], flagged[1], verdicts, settings)),
        stability=tuple(compare_stability(champion.scores, challenged.scores, settings)),
        champion_kept_share=kept_share(champion.queue),
        challenger_kept_share=kept_share(challenged.queue),
        shadow=tuple(shadow),
    )
