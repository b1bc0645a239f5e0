"""What a night does beside its steps when its models run on Spark: before anything is built, and around each dbt selection.

Belongs here: the order of it. The working warehouse holds what Python computes, what the orchestration knows, and a mirror of
Spark's tables.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from dbt.contracts.graph.manifest import Manifest

from orchestration.landing.files import RunPlan
from orchestration.privacy.retention import expired_rows
from orchestration.retention.forgetting import Request
from orchestration.settings import Home
from orchestration.spark.handing_over import COMPUTED, LISTS, hand_over
from orchestration.spark.landing_views import create_landing_views
from orchestration.spark.mirror import mirror
from orchestration.spark.statements import SparkError, Statements, check_settings, literal, statements
from orchestration.warehouse.opening import warehouse
from orchestration.warehouse.transform import NodeRun

_OWNER = "stillwatch.home"
_WITH_ROWS = ("model", "seed")


def check_owner(spark: Statements, home: Home) -> None:
    """Take Spark's schema `main` for a home; SparkError where another has it, whose tables a night would write over."""
    owner = str(home.root.resolve())
    spark.run(f"create schema if not exists main with dbproperties ({literal(_OWNER)} = {literal(owner)})")
    described = {str(name): str(value) for name, value, *_ in spark.rows("describe schema extended main")}
    if f"({_OWNER},{owner})" not in described.get("Properties", ""):
        raise SparkError(
            f"Spark's schema main belongs to another home {described.get('Properties') or '(of no name)'}, not to {owner}: a "
            "catalogue serves one home. If the home was moved, run in Spark: alter schema main set dbproperties "
            f"({literal(_OWNER)} = {literal(owner)})"
        )


def prepare(
    home: Home, plan: RunPlan, rewind_columns: Mapping[str, str], late_days: int, forgotten: Sequence[Request], *, anew: bool
) -> None:
    """Delete from Spark's tables what the plan's run will write, hand over the lists, and point the landing views at its files.

    `anew` where no night is finished: tables that grow by nights are dropped then, since code with other columns may have made
    them.
    """
    with warehouse(home) as connection, statements() as spark:
        check_settings(spark)
        check_owner(spark, home)
        for relation, column in rewind_columns.items():
            if anew:
                spark.run(f"drop table if exists {relation} purge")
            else:
                first = literal(plan.first_written(column, late_days))
                spark.run(f"delete from {relation} where {column} >= {first}", unless_missing=True)
        hand_over(connection, spark, home.spark, plan, LISTS)
        create_landing_views(spark, plan, forgotten)


def hand_over_computed(home: Home, plan: RunPlan) -> None:
    """Hand over what Python computed, for the models that read it."""
    with warehouse(home) as connection, statements() as spark:
        hand_over(connection, spark, home.spark, plan, COMPUTED)


def drop_expired(home: Home, relations: Sequence[str], as_of: date) -> None:
    """Delete from Spark's tables what expired by a day, and mirror them anew."""
    with warehouse(home) as connection, statements() as spark:
        check_owner(spark, home)
        for relation in relations:
            spark.run(f"delete from {relation} where {expired_rows(as_of)}")
        mirror(connection, spark, [relation.removeprefix("main.") for relation in relations], {})


def mirror_built(home: Home, nodes: Sequence[NodeRun], project: Manifest) -> None:
    """Mirror the tables of some nodes that were built."""
    built = [project.nodes[node.unique_id] for node in nodes]
    tables = [node for node in built if node.resource_type in _WITH_ROWS and node.config.get("materialized") != "view"]
    declared = {
        node.name: {name: str(column.data_type) for name, column in node.columns.items() if column.data_type} for node in tables
    }
    with warehouse(home) as connection, statements() as spark:
        mirror(connection, spark, [node.name for node in tables], declared)
