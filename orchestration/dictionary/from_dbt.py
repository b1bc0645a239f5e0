"""The catalog, made from dbt's manifest and the suites of the mart gate.

Belongs here: what of the two stands in it. The manifest is that of the whole project: a night's own part has no exposures and
few tests.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from dbt.contracts.graph.manifest import Manifest

from expectations.mart_rules import shared_rules
from expectations.rules import Suite
from orchestration.dictionary.catalog import Catalog, ColumnEntry, Origin, OriginKind, PartKind, Reader, TableEntry
from orchestration.dictionary.units import unit_of
from orchestration.publishing.parts import is_internal

_SOURCES: dict[str, OriginKind] = {"provider": "landing", "computed": "computed", "reference": "list"}
_LAYERS: dict[str, OriginKind] = {"staging": "staging", "intermediate": "intermediate"}


def catalog_of(manifest: Manifest, suites: Mapping[str, Suite], computed_from: Mapping[str, Sequence[str]]) -> Catalog:
    """Return the catalog of every published table.

    `suites` are the mart gate's by table, `computed_from` what each table that Python computes between the stages is made from:
    dbt takes those for sources.
    """
    published = {key: node for key, node in manifest.nodes.items() if _is_published(node)}
    tests = _tests_by_column(manifest)
    tables = [_table(node, suites.get(node.name), tests.get(key, {})) for key, node in published.items()]
    readers = [
        Reader(
            name=exposure.name,
            label=exposure.label or exposure.name,
            owner=exposure.owner.name or "",
            what=exposure.description,
            tables=tuple(sorted({published[key].name for key in exposure.depends_on.nodes if key in published})),
        )
        for exposure in manifest.exposures.values()
    ]
    origins = _origins(manifest, computed_from)
    return Catalog(
        tables=tuple(sorted(tables, key=lambda table: table.name)),
        origins=_reached_from((node.name for node in published.values()), origins),
        readers=tuple(sorted(readers, key=lambda reader: reader.name)),
    )


def _is_published(node: Any) -> bool:
    return node.resource_type == "model" and "published" in node.config.meta


def _table(node: Any, suite: Suite | None, tests: Mapping[str, Sequence[str]]) -> TableEntry:
    published = node.config.meta["published"]
    parts: PartKind = "night" if published.get("as_of_column") else "month" if published.get("month_column") else "whole"
    grain, meaning = _first_sentence(node.description)
    columns = {column.name: column for column in node.columns.values() if not is_internal(column.name)}
    rules = _gate_rules(suite, {name: str(column.data_type).upper() for name, column in columns.items()})
    return TableEntry(
        name=node.name,
        group=PurePosixPath(node.original_file_path).parent.name,
        grain=grain,
        meaning=meaning,
        key=suite.grain if suite else (),
        parts=parts,
        dated_by=published.get("as_of_column") or published.get("month_column"),
        columns=tuple(
            ColumnEntry(
                name=name,
                type=str(column.data_type),
                unit=unit_of(name, str(column.data_type)),
                meaning=" ".join(column.description.split()),
                privacy_class=str(column.config.meta.get("class", "")),
                rules=tuple(dict.fromkeys([*rules.get(name, ()), *tests.get(name, ())])),
            )
            for name, column in columns.items()
        ),
        checks=tuple(rule.name for rule in suite.expectations) if suite else (),
    )


def _first_sentence(description: str) -> tuple[str, str]:
    words = " ".join(description.split())
    first, stop, rest = words.partition(". ")
    return f"{first}{stop.strip()}", rest


def _gate_rules(suite: Suite | None, types: Mapping[str, str]) -> dict[str, list[str]]:
    """Return what the mart gate holds each column to, in the words of its rules."""
    found: dict[str, list[str]] = {}
    for rule in shared_rules(suite, types) if suite else ():
        if rule.column:
            found.setdefault(rule.column, []).append(rule.name.removeprefix(f"{rule.column} is "))
    return found


def _tests_by_column(manifest: Manifest) -> dict[str, dict[str, list[str]]]:
    """Return, by node and column, what dbt's tests of single columns hold it to."""
    found: dict[str, dict[str, list[str]]] = {}
    for key in sorted(manifest.nodes):
        node: Any = manifest.nodes[key]
        generic = getattr(node, "test_metadata", None)
        words = _words_of(generic.name, generic.kwargs) if generic else None
        if words and node.column_name and node.attached_node:
            found.setdefault(node.attached_node, {}).setdefault(node.column_name, []).append(words)
    return found


def _words_of(test: str, given: Mapping[str, Any]) -> str | None:
    if test == "relationships":
        other = str(given["to"]).removeprefix("ref('").removesuffix("')")
        return f"in {other}.{given['field']}"
    if test == "accepted_values":
        return f"one of {', '.join(map(str, given['values']))}"
    return {"not_null": "never NULL", "unique": "unique"}.get(test)


def _origins(manifest: Manifest, computed_from: Mapping[str, Sequence[str]]) -> dict[str, Origin]:
    names = {key: node.name for key, node in manifest.nodes.items()}
    names |= {key: f"{source.schema}.{source.name}" for key, source in manifest.sources.items()}
    found = [_source(source, computed_from) for source in manifest.sources.values()]
    found += [_node(node, names) for node in manifest.nodes.values() if node.resource_type in ("model", "seed")]
    return {origin.name: origin for origin in found}


def _source(source: Any, computed_from: Mapping[str, Sequence[str]]) -> Origin:
    kind = _SOURCES[source.source_name]
    return Origin(
        name=f"{source.schema}.{source.name}",
        kind=kind,
        grain=_first_sentence(source.description)[0],
        made_from=tuple(sorted(computed_from[source.name])) if kind == "computed" else (),
    )


def _node(node: Any, names: Mapping[str, str]) -> Origin:
    path = PurePosixPath(node.original_file_path)
    kind = "seed" if node.resource_type == "seed" else _LAYERS.get(path.parts[1]) or _kind_of_mart(node)
    return Origin(
        name=node.name,
        kind=kind,
        group=path.parent.name,
        grain=_first_sentence(node.description)[0],
        made_from=tuple(sorted(names[above] for above in node.depends_on.nodes)) if kind != "seed" else (),
    )


def _kind_of_mart(node: Any) -> OriginKind:
    return "mart" if _is_published(node) else "signal"


def _reached_from(tables: Iterable[str], origins: Mapping[str, Origin]) -> tuple[Origin, ...]:
    """Return the tables' origins and all that these are made from, by name."""
    reached: set[str] = set()
    waiting = list(tables)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += origins[name].made_from
    return tuple(origins[name] for name in sorted(reached))
