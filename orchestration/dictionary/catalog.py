"""The catalog of a release, `catalog.json`: every table with its columns, and the graph of what each is made from.

Belongs here: its shape, writing and reading it. It holds no clock, no path and nothing of a machine: equal projects give equal
bytes.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

FILE = "catalog.json"
VERSION = 1

OriginKind = Literal["landing", "list", "seed", "computed", "staging", "intermediate", "signal", "mart"]
PartKind = Literal["night", "month", "whole"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ColumnEntry(_Frozen):
    """One column: its type, its unit where its name or type says one, what it means, its privacy class, and what is checked."""

    name: str
    type: str
    unit: str = ""
    meaning: str
    privacy_class: str = ""
    rules: tuple[str, ...] = ()


class TableEntry(_Frozen):
    """One published table: its grain in a sentence, its key, its columns in order, and what is checked of its rows.

    `parts` says how `parquet/<name>/` is cut: one part a `night` or `month` of the column `dated_by`, or the `whole` in one.
    """

    name: str
    group: str
    grain: str
    meaning: str = ""
    key: tuple[str, ...]
    parts: PartKind
    dated_by: str | None = None
    columns: tuple[ColumnEntry, ...]
    checks: tuple[str, ...] = ()


class Origin(_Frozen):
    """One node of the graph: a landing table, a list, a seed, a table that Python computes, or a model; what it is made from."""

    name: str
    kind: OriginKind
    group: str = ""
    grain: str = ""
    made_from: tuple[str, ...] = ()


class Reader(_Frozen):
    """Who reads published tables: one exposure of dbt."""

    name: str
    label: str
    owner: str
    what: str
    tables: tuple[str, ...]


class Catalog(_Frozen):
    """All of it: tables, origins and readers by name. An origin of kind `mart` has the name of a table."""

    version: int = VERSION
    tables: tuple[TableEntry, ...]
    origins: tuple[Origin, ...]
    readers: tuple[Reader, ...] = ()


class CatalogError(ValueError):
    """A catalog that cannot be read; the message says what to do."""


def catalog_text(catalog: Catalog) -> str:
    """Return the catalog as JSON, one line a column, node or reader: equal catalogs give equal text."""
    tables = ",\n".join(_table_text(table) for table in catalog.tables)
    origins, readers = _lines(catalog.origins, "  "), _lines(catalog.readers, "  ")
    return (
        f'{{"version": {catalog.version},\n"tables": [\n{tables}\n],\n"origins": [\n{origins}\n],\n"readers": [\n{readers}\n]}}\n'
    )


def is_catalog(text: str) -> bool:
    """Return whether a text is that of a catalog."""
    try:
        Catalog.model_validate_json(text)
    except ValueError:
        return False
    return True


def read_catalog(release: Path) -> Catalog | None:
    """Return a release's catalog, None for one published before releases held it; CatalogError where it is no catalog."""
    path = release / FILE
    if not path.is_file():
        return None
    try:
        return Catalog.model_validate_json(path.read_bytes())
    except ValueError as error:
        raise CatalogError(
            f"{path} is not the catalog of a release; restore it, or publish the release again: {error}"
        ) from error


def _table_text(table: TableEntry) -> str:
    head = json.dumps(_said(table, leave_out={"columns"}), ensure_ascii=False)
    return f'{head[:-1]}, "columns": [\n{_lines(table.columns, "  ")}\n]}}'


def _lines(entries: Sequence[BaseModel], indent: str) -> str:
    return ",\n".join(indent + json.dumps(_said(entry), ensure_ascii=False) for entry in entries)


def _said(entry: BaseModel, leave_out: set[str] | None = None) -> dict[str, Any]:
    return entry.model_dump(mode="json", exclude=leave_out, exclude_defaults=True)
