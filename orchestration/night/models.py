"""The stages of dbt models as plain functions: building one, counting what it left, and remembering its code.

Belongs here: which nodes are run. On Spark the working warehouse is given a mirror of what was built there.
"""

from orchestration.landing.files import RunPlan
from orchestration.night.steps import Progress
from orchestration.settings import Home
from orchestration.spark import night as on_spark
from orchestration.warehouse import state, transform
from orchestration.warehouse.opening import warehouse


def run_models(home: Home, run: RunPlan, select: list[str], exclude: list[str], progress: Progress) -> list[transform.NodeRun]:
    """Build one stage's dbt nodes with their tests; return what became of each.

    Views and seeds are built only when code changed since the warehouse last saw it.
    """
    manifest = transform.project_of_a_night(home)
    with warehouse(home) as connection:
        views_are_current = state.holds_views_of(connection, transform.code_hash(manifest))
    command = ["build"]
    if views_are_current:
        exclude = [*exclude, "config.materialized:view", "config.materialized:seed"]
    if select:
        command += ["--select", *select]
    if exclude:
        command += ["--exclude", *exclude]
    dates = (run.as_of_from, run.as_of_to, run.arrived_from)
    if home.is_on_spark:
        on_spark.hand_over_computed(home, run)
    nodes = transform.run_dbt(home, command, dates, progress, manifest)
    if home.is_on_spark:
        on_spark.mirror_built(home, nodes, manifest)
    return nodes


def count_rows(home: Home) -> dict[str, int]:
    """Return the rows of every table that dbt has built, by its name."""
    with warehouse(home) as connection:
        # of a mirror every relation is a view
        kind = "view" if home.is_on_spark else "table"
        tables = connection.execute(
            f"select {kind}_name from duckdb_{kind}s() where schema_name = 'main' and not internal order by all"
        ).fetchall()
        counts = " union all ".join(f"select '{name}', count(*) from main.{name}" for (name,) in tables)
        return dict(connection.execute(counts).fetchall()) if tables else {}


def remember_code(home: Home) -> None:
    """Note the code whose views and seeds the warehouse now holds."""
    digest = transform.code_hash(transform.project_of_a_night(home))
    with warehouse(home) as connection:
        state.remember_views(connection, digest)
