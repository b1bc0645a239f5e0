"""A scratch warehouse: what scoring reads, copied from the working warehouse for a range of nights.

Belongs here: which models are scored again, what they read, and copying it. The home's own warehouse is attached read-only and
only while its lock is held.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from orchestration.backtesting.cells import REAL_NUMBERS
from orchestration.backtesting.challenger import CALIBRATION, KEYS, RuleSet
from orchestration.scoring.settings import QueueSettings
from orchestration.settings import Home
from orchestration.warehouse import state

_RESCORED_FOLDERS = ("models/marts/signals/", "models/intermediate/signals/", "models/intermediate/scores/")
_RESCORED = ("scores", "int_review__subjects")
_LEFT_OUT = ("signal_coverage",)
RULE_TABLES = (*KEYS, CALIBRATION)
_QUEUE_READS = (
    "main.int_review_decisions__keep_states",
    "main.int_review__external_subjects",
    "main.reviews",
)


class BacktestError(ValueError):
    """A range that cannot be backtested; the message says which can."""


@dataclass(frozen=True)
class Rescored:
    """The models that are run again, and the relations (schema.name) and seeds that they read."""

    models: tuple[str, ...]
    reads: tuple[str, ...]
    seeds: tuple[str, ...]


def rescored_models(manifest: Any) -> Rescored:
    """Return what dbt runs again for another rule set, from its manifest: signals, evidence, hits, scores, queue subjects."""
    nodes = [
        node
        for node in manifest.nodes.values()
        if node.resource_type == "model"
        and node.name not in _LEFT_OUT
        and (node.name in _RESCORED or node.original_file_path.startswith(_RESCORED_FOLDERS))
    ]
    own = {node.unique_id for node in nodes}
    read = {unique_id for node in nodes for unique_id in node.depends_on.nodes} - own
    seeds = sorted(manifest.nodes[i].name for i in read if i.startswith("seed."))
    found = [manifest.sources[i] if i.startswith("source.") else manifest.nodes[i] for i in read if not i.startswith("seed.")]
    relations = sorted({f"{node.schema}.{node.name}" for node in found})
    return Rescored(models=tuple(sorted(node.name for node in nodes)), reads=tuple(relations), seeds=tuple(seeds))


def copy_inputs(home: Home, scratch: Home, rescored: Rescored, first: date, last: date) -> list[str]:
    """Fill the scratch warehouse with the nights' inputs and what was published for them (schema `published`).

    Returns the seeds that the working warehouse does not hold yet. The home's lock must be held. Raises BacktestError when the
    range is not among the finished nights, WarehouseError when the warehouse is of another schema version.
    """
    if not home.warehouse.is_file():
        raise BacktestError(f"no working warehouse {home.warehouse}; run `stillwatch backfill` first")
    connection = state.open_warehouse(scratch.warehouse, scratch.memory_limit)
    try:
        connection.execute(f"attach '{str(home.warehouse).replace(chr(39), chr(39) * 2)}' as working (read_only)")
        _require_finished(connection, first, last, home)
        held = {f"{schema}.{name}": _columns(connection, schema, name) for schema, name in _relations(connection)}
        for schema in ("computed", "published"):
            connection.execute(f"create schema {schema}")
        missing = [relation for relation in (*rescored.reads, *_QUEUE_READS) if relation not in held]
        if missing:
            raise BacktestError(f"the working warehouse lacks {', '.join(missing)}; run a night with this code first")
        for relation in sorted({*rescored.reads, *_QUEUE_READS}):
            _copy(connection, relation, relation, held[relation], first, last)
        for relation in ("main.scores", "main.review_queue"):
            _copy(connection, relation, relation.replace("main.", "published."), held[relation], first, last)
        _copy_queue_history(connection, first, last)
        for seed in rescored.seeds:
            if f"main.{seed}" in held:
                connection.execute(f"create table main.{seed} as select * from working.main.{seed}")
        connection.execute("detach working")
        return [seed for seed in rescored.seeds if f"main.{seed}" not in held]
    finally:
        connection.close()


def _relations(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'working' union all "
        "select schema_name, view_name from duckdb_views() where database_name = 'working' and not internal order by all"
    ).fetchall()


def _columns(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> set[str]:
    rows = connection.execute(
        "select column_name from duckdb_columns() where database_name = 'working' and schema_name = ? and table_name = ?",
        [schema, name],
    ).fetchall()
    return {column for (column,) in rows}


def _copy(connection: duckdb.DuckDBPyConnection, source: str, target: str, columns: set[str], first: date, last: date) -> None:
    dated = f"where as_of_date between date '{first}' and date '{last}'" if "as_of_date" in columns else ""
    connection.execute(f"create table {target} as select * from working.{source} {dated}")


def _copy_queue_history(connection: duckdb.DuckDBPyConnection, first: date, last: date) -> None:
    """The queue before the range, for cool-down and lasting leads; and all of it, for how verdicts came about."""
    oldest = first - timedelta(days=QueueSettings().cooldown_days + 1)
    connection.execute(
        "create table computed.review_queue as select * from working.computed.review_queue "
        "where as_of_date < ? and as_of_date >= ?",
        [first, oldest],
    )
    connection.execute("create table published.all_queues as select * from working.main.review_queue")


def _require_finished(connection: duckdb.DuckDBPyConnection, first: date, last: date, home: Home) -> None:
    version = connection.execute("select max(version) from working.meta.schema_version").fetchall()[0][0]
    if version != state.SCHEMA_VERSION:
        raise state.WarehouseError(
            f"working warehouse {home.warehouse} has schema version {version}, this code needs {state.SCHEMA_VERSION}: delete "
            "the file and run `stillwatch backfill` over the history; published releases are not touched"
        )
    rows = connection.execute("select min(as_of_date), max(as_of_date) from working.meta.nights").fetchall()
    oldest, newest = rows[0]
    if oldest is None or first < oldest or last > newest:
        raise BacktestError(
            f"nights {first} to {last} cannot be backtested: the finished nights of {home.root} are {oldest} to {newest}"
        )


def read_rule_set(connection: duckdb.DuckDBPyConnection) -> RuleSet:
    """Return the rule set that the warehouse's last night used, as text."""
    tables: dict[str, list[dict[str, str]]] = {}
    for name in RULE_TABLES:
        cursor = connection.execute(f"select columns(*)::varchar from main.{name} order by all")
        names = [column[0] for column in cursor.description or []]
        tables[name] = [{k: v or "" for k, v in zip(names, row, strict=True)} for row in cursor.fetchall()]
    return RuleSet(tables=tables)


def load_rule_set(connection: duckdb.DuckDBPyConnection, rules: RuleSet) -> None:
    """Replace the rule set's seed tables. Seeds infer types from the champion's digits; a challenger may need wider ones."""
    connection.execute("alter table main.score_priors alter ruleset_version type varchar")
    for name in RULE_TABLES:
        for column in sorted(REAL_NUMBERS & set(connection.table(f"main.{name}").columns)):
            connection.execute(f"alter table main.{name} alter {column} type double")
        connection.execute(f"delete from main.{name}")
        for row in rules.tables[name]:
            columns = [column for column, value in row.items() if value != ""]
            _insert(connection, name, columns, [row[column] for column in columns])


def _insert(connection: duckdb.DuckDBPyConnection, name: str, columns: Sequence[str], values: Sequence[str]) -> None:
    marks = ", ".join("?" for _ in columns)
    connection.execute(f"insert into main.{name} ({', '.join(columns)}) values ({marks})", list(values))


def scratch_home(folder: Path, home: Home) -> Home:
    """Return the scratch folder as a home of its own, with the same memory limit."""
    return Home(root=folder, memory_limit=home.memory_limit, target="duckdb")
