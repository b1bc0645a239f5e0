"""Which table is made from which, read from dbt's own manifest.

Belongs here: the tables that hold rows, what they are made from, and the tests on them. A view holds none: whoever reads one
reads what is behind it, so that the lineage of a night is the same whether code, and with it the views, changed or not.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict

SCHEMA_OF_MODELS = "main"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Frozen):
    """A column as YAML describes it; `data_type` is None where it says none."""

    name: str
    data_type: str | None
    description: str


class Table(_Frozen):
    """A table by its `schema.name`. `path` is its code, None of a source; `is_rewritten` says that each run writes all of it."""

    name: str
    description: str
    columns: tuple[Column, ...]
    path: str | None
    is_rewritten: bool


class Test(_Frozen):
    """A dbt test; `table` is what it is on, None where that is a view or more than one."""

    name: str
    kind: str
    severity: str
    table: str | None


class Graph(_Frozen):
    """`tables` by name, `names` by dbt's unique id, `behind` what a model reads in the end by its name, `tests` by unique id."""

    tables: dict[str, Table]
    names: dict[str, str]
    behind: dict[str, tuple[str, ...]]
    tests: dict[str, Test]

    def read_by(self, models: Iterable[str]) -> list[str]:
        """Return the tables that somebody reads who reads these models, views or not."""
        named = (f"{SCHEMA_OF_MODELS}.{model}" for model in models)
        return sorted({table for name in named for table in ([name] if name in self.tables else self.behind[name])})


def graph_of(manifest: Any) -> Graph:
    """Return the graph of a parsed dbt project, a `Manifest`."""
    relations: Mapping[str, Any] = {
        unique_id: node for unique_id, node in manifest.nodes.items() if node.resource_type in {"model", "seed"}
    } | dict(manifest.sources)
    names = {unique_id: f"{node.schema}.{node.name}" for unique_id, node in relations.items()}
    views = {unique_id for unique_id, node in relations.items() if node.config.get("materialized") == "view"}

    @cache
    def behind(unique_id: str) -> frozenset[str]:
        deps = [dep for dep in relations[unique_id].depends_on.nodes if dep in relations]
        return frozenset(name for dep in deps for name in (behind(dep) if dep in views else {names[dep]}))

    tables = {unique_id: name for unique_id, name in names.items() if unique_id not in views}
    return Graph(
        tables={name: _table(name, relations[unique_id]) for unique_id, name in tables.items()},
        names=tables,
        behind={names[unique_id]: tuple(sorted(behind(unique_id))) for unique_id, node in relations.items() if _is_model(node)},
        tests={node.unique_id: _test(node, names, views) for node in manifest.nodes.values() if node.resource_type == "test"},
    )


def _is_model(node: Any) -> bool:
    return node.resource_type == "model"


def _table(name: str, node: Any) -> Table:
    columns = tuple(
        Column(name=column.name, data_type=column.data_type, description=column.description.strip())
        for column in node.columns.values()
    )
    return Table(
        name=name,
        description=node.description.strip(),
        columns=columns,
        path=None if node.resource_type == "source" else node.original_file_path,
        is_rewritten=node.config.get("materialized") != "incremental",
    )


def _test(node: Any, names: Mapping[str, str], views: set[str]) -> Test:
    generic = getattr(node, "test_metadata", None)
    on = [dep for dep in node.depends_on.nodes if dep in names]
    attached = getattr(node, "attached_node", None) or (on[0] if len(on) == 1 else "")
    return Test(
        name=node.name,
        kind=generic.name if generic else "custom_sql",
        severity=str(node.config.severity).lower(),
        table=names[attached] if attached in names and attached not in views else None,
    )
