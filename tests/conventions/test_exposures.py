"""The exposures say who reads which mart: as the readers' own code names them, where code can be asked."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from orchestration.exporting import tables as exported
from orchestration.reporting import columns as reported
from orchestration.settings import Home
from orchestration.warehouse import transform

ROOT = Path(__file__).parents[2]
READING = re.compile(
    r"""(?ix) \b(?:from|join) \s+ (?:main\.|now\.|before\.)? ([a-z_]+) \b
    | parquet/ ([a-z_]+) /
    | ^main\. ([a-z_]+) $"""
)
OF_QUERIES = "analysts"
"""Who may read every mart by a query of their own: named for those alone that no code reads."""


@cache
def _manifest() -> Any:
    return transform.parse_project(Home(root=ROOT / "var" / "conventions"))


def _declared() -> dict[str, set[str]]:
    """Return by exposure the names of the models that it depends on."""
    nodes = _manifest().nodes
    return {e.name: {nodes[node].name for node in e.depends_on.nodes} for e in _manifest().exposures.values()}


def _read_by() -> dict[str, list[str]]:
    """Return by exposure the places of the code that reads, where it names any."""
    exposures = _manifest().exposures.values()
    return {e.name: e.config.meta["read_by"] for e in exposures if "read_by" in e.config.meta}


def _texts(path: Path) -> list[str]:
    """Return what may be a query or a table in a file: all of SQL, of Python its strings without docstrings."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return [text]
    tree = ast.parse(text)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            found.append("".join(str(each.value) if isinstance(each, ast.Constant) else " ? " for each in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            found.append(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_read", "_table"}:
            found += [f"from {each.value}" for each in node.args if isinstance(each, ast.Constant)]
    return found


def _read_in(patterns: list[str]) -> set[str]:
    """Return the published marts that files name as read."""
    paths = [path for pattern in patterns for path in ROOT.glob(pattern)]
    assert paths, patterns
    named = {name for path in paths for text in _texts(path) for match in READING.findall(text) for name in match}
    return named & set(transform.published_tables(_manifest()))


@pytest.mark.parametrize("exposure", sorted(_read_by()))
def test_a_reader_is_said_to_read_what_its_code_reads(exposure: str) -> None:
    assert _declared()[exposure] == _read_in(_read_by()[exposure])


def test_readers_with_a_list_of_tables_are_said_to_read_that_list() -> None:
    declared = _declared()
    assert declared["measurement_report"] == {table.name for table in reported.TABLES}
    assert _read_in(["orchestration/reporting/**/*.py"]) <= declared["measurement_report"]
    assert declared["nightly_exports"] == {table.name for table in exported.TABLES}


def test_the_library_of_analyses_is_said_to_read_what_its_queries_refer_to() -> None:
    manifest = _manifest()
    read = {dep for node in manifest.nodes.values() if node.resource_type == "analysis" for dep in node.depends_on.nodes}
    assert _declared()["analyses"] == {manifest.nodes[dep].name for dep in read}


def test_the_metric_layer_is_said_to_read_what_its_semantic_models_stand_on() -> None:
    manifest = _manifest()
    read = {dep for model in manifest.semantic_models.values() for dep in model.depends_on.nodes}
    assert _declared()["metric_layer"] == {manifest.nodes[dep].name for dep in read}


def test_every_exposure_is_held_against_code() -> None:
    by_their_own_test = {"measurement_report", "nightly_exports", "analyses", "metric_layer", OF_QUERIES}
    assert set(_declared()) - set(_read_by()) == by_their_own_test


def test_what_no_code_reads_is_published_for_queries_alone() -> None:
    declared = _declared()
    read = set().union(*(tables for name, tables in declared.items() if name != OF_QUERIES))
    assert declared[OF_QUERIES] == set(transform.published_tables(_manifest())) - read
