"""The graph: views are read through, tests are on tables, sources and seeds are tables too."""

from types import SimpleNamespace
from typing import Any

import pytest

from orchestration.lineage.graph import Graph, graph_of


def _column(name: str) -> Any:
    return SimpleNamespace(name=name, data_type="varchar", description=f" What {name} is.\n")


_GRAIN = SimpleNamespace(name="grain")


def _node(unique_id: str, materialized: str, *deps: str, schema: str = "main", **more: Any) -> Any:
    kind, *_, name = unique_id.split(".")
    config: Any = {"materialized": materialized} if kind != "test" else SimpleNamespace(severity="ERROR")
    return SimpleNamespace(
        unique_id=unique_id, resource_type=kind, name=name, schema=schema, config=config, description=f"One row per {name}. ",
        columns={"id": _column("id")}, original_file_path=f"models/{name}.sql",
        depends_on=SimpleNamespace(nodes=list(deps)), **more,
    )  # fmt: skip


@pytest.fixture
def graph() -> Graph:
    nodes = [
        _node("seed.s.kinds", "seed"),
        _node("model.s.stg_requests", "view", "source.s.provider.requests"),
        _node("model.s.sound", "view", "model.s.stg_requests", "seed.s.kinds"),
        _node("model.s.days", "incremental", "model.s.sound"),
        _node("model.s.scores", "table", "model.s.days", "model.s.sound", "source.s.computed.members"),
        _node("test.s.grain_days", "test", "model.s.days", attached_node="model.s.days", test_metadata=_GRAIN),
        _node("test.s.of_a_view", "test", "model.s.sound", attached_node="model.s.sound", test_metadata=_GRAIN),
        _node("test.s.conserved", "test", "model.s.days", "model.s.scores"),
    ]  # fmt: skip
    sources = [
        _node("source.s.provider.requests", "source", schema="landing"),
        _node("source.s.computed.members", "source", schema="computed"),
    ]
    return graph_of(
        SimpleNamespace(nodes={node.unique_id: node for node in nodes}, sources={node.unique_id: node for node in sources})
    )


def test_a_table_is_made_from_what_is_behind_the_views_it_reads(graph: Graph) -> None:
    assert graph.behind["main.days"] == ("landing.requests", "main.kinds")
    assert graph.behind["main.scores"] == ("computed.members", "landing.requests", "main.days", "main.kinds")
    assert set(graph.tables) == {"landing.requests", "computed.members", "main.kinds", "main.days", "main.scores"}


def test_a_step_that_reads_a_view_reads_what_is_behind_it(graph: Graph) -> None:
    assert graph.read_by(["sound", "scores"]) == ["landing.requests", "main.kinds", "main.scores"]


def test_a_table_says_what_it_holds_and_whether_each_run_writes_all_of_it(graph: Graph) -> None:
    days, scores, landed = (graph.tables[name] for name in ("main.days", "main.scores", "landing.requests"))
    assert (days.description, days.columns[0].description) == ("One row per days.", "What id is.")
    assert (days.is_rewritten, scores.is_rewritten) == (False, True)
    assert (days.path, landed.path) == ("models/days.sql", None)


def test_a_test_is_on_one_table_or_on_none(graph: Graph) -> None:
    on = {test.name: (test.kind, test.severity, test.table) for test in graph.tests.values()}
    assert on == {
        "grain_days": ("grain", "error", "main.days"),
        "of_a_view": ("grain", "error", None),
        "conserved": ("custom_sql", "error", None),
    }
