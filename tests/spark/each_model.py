"""Every model and data test on Spark, over the tables that DuckDB made, against the rows that DuckDB made of them.

Belongs here: what tells in one local process which model differs. Whole nights on a cluster are another module's.
`python -m tests.spark.each_model <folder> [model ...]` tells it, and makes DuckDB's runs in the folder if it has none.
"""

import os
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb
from dbt.cli.main import dbtRunner

from orchestration.contract import landing_contract
from orchestration.settings import PROJECT_ROOT
from orchestration.spark.settings import REQUIRED
from tests.spark.differing import counted, differences
from tests.spark.two_runs import SCHEMAS, Run, two_runs

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_TYPES = {"VARCHAR": "string", "HUGEINT": "decimal(38, 0)", "UBIGINT": "decimal(20, 0)"}

ENGINE_MADE: Mapping[str, frozenset[str]] = {
    # hashes, which each engine makes its own way and nobody publishes: macros/row_fingerprint.sql, macros/value_number.sql
    "int_accounts__keep_changes": frozenset({"fingerprint"}),
    "int_usage__requests": frozenset({"request_key", "fingerprint"}),
    "int_usage__kept_requests": frozenset({"request_key", "fingerprint"}),
    "int_links__account_values": frozenset({"link_value"}),
    # numbers in the order of such a hash
    "int_links__rare_holders": frozenset({"link_value", "value_key"}),
    "int_links__value_pairs": frozenset({"value_key"}),
    "int_links__template_groups": frozenset({"value_key"}),
}
"""Columns of which only the number of values is compared, by model. What reads such a table on Spark reads Spark's rows of it."""
READ_BEFORE = frozenset(
    {
        "int_accounts__assign_keys",
        "int_accounts__keep_changes",
        "int_measurement__return_links",
        "int_usage__account_prompt_days",
        "int_usage__kept_requests",
    }
)
"""Tables of which a run reads what runs before it wrote, by `this` or macros/requests_kept_before.sql."""

OF_FIRST_RUN = (
    "path:models/staging", "int_*__keep_states", "int_usage__requests", "int_usage__passed_over",
    "int_measurement__matched_units", "int_measurement__unit_members",
)  # fmt: skip
"""Models, as dbt chooses them, that are tried of a first run beside READ_BEFORE: in two days there may be no row of them."""


class Node(NamedTuple):
    """A model or data test: its SQL for Spark, what it reads (schema.name), and the column by which a run's rows are known."""

    name: str
    is_test: bool
    sql: str
    reads: frozenset[str]
    rewind_by: str | None


class Told(NamedTuple):
    """What became of a model or test: how many rows DuckDB made of it, and in words how Spark's differ."""

    name: str
    row_count: int
    differences: tuple[str, ...]


def session(folder: Path) -> "SparkSession":
    """Return a local session with the settings that a server must have, and a catalogue that ends with it."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an environment without Spark collects this module too

    settings = {
        **REQUIRED,
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.adaptive.enabled": "false",
        "spark.driver.host": "localhost",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "2g",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    for schema in SCHEMAS:
        spark.sql(f"create database if not exists {schema}")
    return spark


def register(spark: "SparkSession", run: Run, names: Collection[str]) -> None:
    """Put DuckDB's rows of relations under their names on Spark; a time without a zone is one of the session's, which is UTC."""
    for name in names:
        columns = ", ".join(f"`{column}` {_TYPES.get(kind, kind)}" for column, kind in run.relations[name].items())
        spark.sql(f"drop table if exists {name}")
        spark.sql(f"create table {name} ({columns}) using parquet location '{run.folder}/duckdb/{name}.parquet'")


def _register_made(spark: "SparkSession", name: str, folder: Path) -> None:
    """Put Spark's own rows under the name of a table."""
    spark.sql(f"drop table if exists main.{name}")
    spark.sql(f"create table main.{name} using parquet location '{folder}'")


def compiled(variables: str, folder: Path, chosen: Sequence[str]) -> list[Node]:
    """Return the models and data tests that dbt chooses, with their SQL for Spark, in the order of the graph.

    What stands in the session's catalogue decides what a model reads of runs before.
    """
    # one after the other, since results come in the order in which nodes end
    settings = {"STILLWATCH_TARGET": "spark", "STILLWATCH_SPARK_METHOD": "session", "STILLWATCH_SPARK_THREADS": "1"}
    os.environ |= settings
    try:
        outcome = dbtRunner().invoke(
            ["compile", "--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT), "--target-path", str(folder),
             "--log-path", str(folder), "--vars", variables, "--quiet", *chosen]
        )  # fmt: skip
    finally:
        for name in settings:
            del os.environ[name]
    if not outcome.success:
        raise RuntimeError(f"dbt could not compile for Spark: {outcome.exception or outcome.result}")
    nodes = [result.node for result in outcome.result.results if result.node.resource_type in ("model", "test")]
    return [
        Node(each.name, each.resource_type == "test", each.compiled_code, _reads(each), each.config.meta.get("rewind_by"))
        for each in nodes
    ]


def _reads(node: Any) -> frozenset[str]:
    schemas = {"provider": "landing"}
    parts = [unique_id.split(".") for unique_id in node.depends_on.nodes]
    return frozenset(f"{schemas.get(each[2], each[2]) if each[0] == 'source' else 'main'}.{each[-1]}" for each in parts)


def tried_models(spark: "SparkSession", nodes: Sequence[Node], run: Run, before: Run | None = None) -> Iterator[Told]:
    """Run each model over DuckDB's inputs, which stand registered, and tell how its rows of the run differ from DuckDB's.

    `before` is a run of which Spark has made the tables READ_BEFORE; they stand registered as that run left them until it is
    their turn.
    """
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for node in nodes:
            ours, loose = _rows_of_run(node, run, before), ENGINE_MADE.get(node.name, frozenset[str]())
            try:
                spark.sql(node.sql).write.mode("overwrite").parquet(str(run.made(node.name)))
                told = differences(connection, ours, f"select * from read_parquet('{run.made(node.name)}/*.parquet')", loose)
                if loose:
                    _register_made(spark, node.name, _all_made(spark, node.name, run, before))
                elif node.name in READ_BEFORE:
                    register(spark, run, [f"main.{node.name}"])
            except Exception as error:
                told = (_worded(error),)
            yield Told(node.name, counted(connection, ours), told)


def _all_made(spark: "SparkSession", name: str, run: Run, before: Run | None) -> Path:
    """Return where Spark's rows of a table lie as the run leaves it."""
    if before is None or name not in READ_BEFORE:
        return run.made(name)
    both = run.made(f"{name}_of_both_runs")
    spark.read.parquet(str(before.made(name)), str(run.made(name))).write.mode("overwrite").parquet(str(both))
    return both


def _rows_of_run(node: Node, run: Run, before: Run | None) -> str:
    rows = run.select(f"main.{node.name}")
    if before is None:
        return rows
    if node.rewind_by:
        since = run.plan.first_written(node.rewind_by, landing_contract().late_arrival_days)
        return f"{rows} where {node.rewind_by} >= date '{since}'"
    if node.name in READ_BEFORE:
        return f"{rows} except {before.select(f'main.{node.name}')}"
    return rows


def tried_tests(spark: "SparkSession", nodes: Sequence[Node]) -> Iterator[Told]:
    """Run each data test over the registered tables and tell of rows that it finds against them."""
    for node in nodes:
        try:
            count = len(spark.sql(node.sql).take(3))
            yield Told(node.name, 0, (f"{count} rows or more",) if count else ())
        except Exception as error:
            yield Told(node.name, 0, (_worded(error),))


def _worded(error: Exception) -> str:
    return str(error).split("== SQL ==", maxsplit=1)[0].split("JVM stacktrace", maxsplit=1)[0][:900]


def first_run(spark: "SparkSession", run: Run) -> list[Told]:
    """Try what later runs read back, and what has few rows a day, of a run that began with an empty warehouse."""
    chosen = compiled(run.variables, run.folder / "dbt", ["--select", *OF_FIRST_RUN, *READ_BEFORE])
    nodes = [node for node in chosen if not node.is_test]
    register(spark, run, sorted({name for node in nodes for name in node.reads}))
    return list(tried_models(spark, nodes, run))


def later_run(spark: "SparkSession", run: Run, before: Run, only: Collection[str] = ()) -> Iterator[Told]:
    """Try every model, or those named, and every data test of a run after one that `first_run` tried."""
    register(spark, run, sorted(set(run.relations) - {f"main.{name}" for name in READ_BEFORE}))
    for name in READ_BEFORE:
        _register_made(spark, name, before.made(name))
    nodes = compiled(run.variables, run.folder / "dbt", ["--exclude", "test_type:unit"])
    wanted = [node for node in nodes if not only or node.name in only or node.name in {*ENGINE_MADE, *READ_BEFORE}]
    yield from tried_models(spark, [node for node in wanted if not node.is_test], run, before)
    yield from tried_tests(spark, [node for node in wanted if node.is_test])


def told_of(folder: Path, first: Run, last: Run, only: Collection[str] = ()) -> Iterator[Told]:
    """Try what an empty warehouse's first run and the run after it wrote: the tables that are read back, then everything."""
    spark = session(folder)
    yield from first_run(spark, first)
    yield from later_run(spark, last, first, only)


if __name__ == "__main__":
    for told in told_of(Path(sys.argv[1]), *two_runs(Path(sys.argv[1])), sys.argv[2:]):
        print("DIFFERS" if told.differences else "same", *told[:2], *told.differences, sep=" | ", flush=True)
