"""The metric layer says what the estimators and the report say: names, words, checks left out.

That it is whole (every measure, entity and filter known) is dbt's to judge whenever the project is parsed.
"""

from pathlib import Path

from orchestration.catalogue.metric_layer import read_layer
from orchestration.measurement.compute import compute_metrics
from orchestration.reporting.metric_words import all_words, words_for
from orchestration.scoring.checks import CHECK_STRATA
from orchestration.settings import Home
from orchestration.warehouse import transform
from tests.unit.measurement.facts import AS_OF, facts_with

ROOT = Path(__file__).parents[2]
LAYER = read_layer(ROOT)


def test_what_dbt_parsed_is_what_the_pages_are_made_from() -> None:
    manifest = transform.parse_project(Home(root=ROOT / "var" / "conventions"))
    assert {metric.name for metric in manifest.metrics.values()} == {metric.name for metric in LAYER.metrics}
    assert {model.name for model in manifest.semantic_models.values()} == {model.name for model in LAYER.semantic_models}
    assert transform.published_tables(manifest).keys() == LAYER.published


def test_a_metric_is_published_under_the_words_of_the_report_or_has_its_own() -> None:
    """A metric without a description is one of `enforcement_metrics`; its words stand once, its label is theirs."""
    facts = facts_with(group_sizes=[{"group_kind": "all", "group_value": "all", "account_count": 0}])
    published = set(compute_metrics(facts, AS_OF)["metric"])
    wordless = {metric.name for metric in LAYER.metrics if not metric.description}
    assert len(wordless) > 10
    assert wordless == {metric.name for metric in LAYER.metrics} & published
    labels = {metric.name: metric.label for metric in LAYER.metrics if metric.name in wordless}
    assert labels == {name: words_for(name).label for name in wordless}
    known = {words.metric for words in all_words()}
    assert {name for name in wordless if words_for(name).metric not in known} == set()


def test_a_check_is_no_finding_here_either() -> None:
    (leads,) = [model for model in LAYER.semantic_models if model.rows == "int_measurement__leads"]
    (is_check,) = [dimension for dimension in leads.dimensions if dimension.name == "is_check"]
    listed = ", ".join(f"'{stratum}'" for stratum in CHECK_STRATA)
    assert is_check.expr == f"coalesce(stratum in ({listed}), false)"
