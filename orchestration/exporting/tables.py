"""The tables that are exported, and what of their columns a consumer is promised.

Belongs here: their keys, and JSON Schemas made from the marts' own YAML. Version 1 promises that no column goes or changes its
type; columns may be added.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict

from orchestration.catalogue.mart_columns import MartColumn, mart_columns

VERSION = 1
CHANGE_COLUMNS = {
    "change_id": {"type": "string", "description": "Equal for the same change however often it is delivered."},
    "operation": {"enum": ["insert", "update", "delete"], "description": "A deleted row comes with the values it last had."},
}
"""What stands before a table's own columns in its changes."""
_JSON_TYPES: dict[str, dict[str, str]] = {
    "varchar": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "timestamp": {"type": "string", "format": "date-time"},
    "bigint": {"type": "integer"},
    "integer": {"type": "integer"},
    "double": {"type": "number"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
}


class ExportedTable(BaseModel):
    """One mart. A row is known by `key`; a row of which nothing but `passing` differs counts as unchanged."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    key: tuple[str, ...]
    passing: tuple[str, ...]


TABLES = (
    # a rank moves whenever somebody else's score does
    ExportedTable(name="scores", key=("subject_type", "subject_id"), passing=("as_of_date", "rank")),
    ExportedTable(name="review_queue", key=("lead_id",), passing=("as_of_date",)),
)


def columns_of(table: ExportedTable) -> tuple[MartColumn, ...]:
    """Return a table's columns in order."""
    return mart_columns(table.name)


def json_schema(table: ExportedTable, *, of_changes: bool) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of one line: of a row, or of a change."""
    columns = {column.name: _property(column, is_key=column.name in table.key) for column in columns_of(table)}
    properties = (CHANGE_COLUMNS if of_changes else {}) | columns
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{table.name}, {'a change' if of_changes else 'a row'}, version {VERSION}",
        "type": "object",
        "properties": properties,
        "required": list(properties),
    }


def _property(column: MartColumn, *, is_key: bool) -> dict[str, Any]:
    found: dict[str, Any] = dict(_JSON_TYPES[column.data_type.split("(", 1)[0]])
    if not is_key:
        found["type"] = [found["type"], "null"]
    return found | {"description": column.description}
