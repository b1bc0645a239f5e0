"""Every model and data test on Spark against DuckDB: one provider, a first run from an empty warehouse and the run after it.

Each model runs over the tables that DuckDB made, so that a difference is told where it begins. Whole nights on a cluster are
test_nights.py's.
"""

from collections.abc import Mapping

import pytest

from orchestration.settings import Home
from orchestration.warehouse import transform
from tests.spark.each_model import ENGINE_MADE, READ_BEFORE, Told, first_run, later_run, session
from tests.spark.two_runs import two_runs

pytestmark = pytest.mark.spark

FEWEST_WITH_ROWS = 225
"""Models that have rows to compare, nearly all: without them, rows that agree would say little."""
Tried = Mapping[str, Mapping[str, Told]]


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Tried:
    """What became of some models of the first run, and of all models and data tests of the last run."""
    folder = tmp_path_factory.mktemp("models")
    first, last = two_runs(folder)
    spark = session(folder)
    told = {"first": first_run(spark, first), "last": list(later_run(spark, last, first))}
    return {run: {each.name: each for each in found} for run, found in told.items()}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of all models."""
    nodes = transform.parse_project(Home(root=tmp_path_factory.mktemp("parsed"))).nodes.values()
    return {node.name for node in nodes if node.resource_type == "model"}


@pytest.mark.parametrize("run", ["first", "last"])
def test_spark_gives_the_rows_that_duckdb_gives(tried: Tried, run: str) -> None:
    assert {told.name: told.differences for told in tried[run].values() if told.differences} == {}


def test_every_model_was_tried_and_most_have_rows(tried: Tried, models: set[str]) -> None:
    assert models <= set(tried["last"])
    with_rows = {told.name for run in tried.values() for told in run.values() if told.row_count}
    assert len(with_rows) >= FEWEST_WITH_ROWS, sorted(models - with_rows)
    assert len(set(tried["last"]) - models) > 300, "data tests"


def test_tables_that_a_run_reads_back_were_written_by_both_runs(tried: Tried) -> None:
    assert set(tried["first"]) >= READ_BEFORE
    assert [name for name in READ_BEFORE if not (tried["first"][name].row_count and tried["last"][name].row_count)] == []


def test_only_numbers_that_nobody_publishes_may_differ(models: set[str]) -> None:
    assert set(ENGINE_MADE) <= models
    assert [name for name in ENGINE_MADE if not name.startswith("int_")] == []
