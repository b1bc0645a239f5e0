"""What an adapter can fill of the contract, read off its own SQL.

Belongs here: the columns its mappings yield, and those that enrichment adds. Whether a provider's own rows hold values there is
seen in what landed.
"""

from collections.abc import Collection
from typing import get_args, get_origin

import duckdb

from orchestration.adapters.edge import describe_select
from orchestration.adapters.networks import TOLD
from orchestration.adapters.relations import SAID_OF_ROWS
from orchestration.adapters.selects import empty_select, quoted
from orchestration.adapters.settings import Source, Sources
from orchestration.adapters.shipped import read_adapter
from orchestration.fingerprints.making import FILLED


def promised_columns(names: Collection[str], *, networks: bool, fingerprints: bool) -> dict[str, set[str]]:
    """Return, by landing table, the columns that these adapters yield together, with what enrichment adds where it is given."""
    promised: dict[str, set[str]] = {}
    for name in names:
        for table, columns in _yielded(name).items():
            promised.setdefault(table, set()).update(columns)
    for columns in promised.values():
        for address, (prefix, asn, country) in TOLD.items():
            if address in columns:
                columns |= {name for name in (prefix, *((asn, country) if networks else ())) if name}
    if fingerprints and "usage_requests" in promised:
        promised["usage_requests"] |= FILLED
    return promised


def _yielded(name: str) -> dict[str, set[str]]:
    """Return the columns of an adapter's mappings by landing table, found without a row."""
    adapter = read_adapter(name)
    settings = Sources.model_fields[name].annotation
    with duckdb.connect() as connection:
        for field in _tuple_fields(settings):
            connection.execute(f"set variable {field} = cast([] as varchar[])")
        if adapter.macros:
            connection.execute(adapter.macros)
        for relation_name, relation in adapter.relations.items():
            connection.execute(f"create temp view {quoted(relation_name)} as {empty_select(relation)}")
        for step, statement in adapter.steps.items():
            connection.execute(f"create temp view {quoted(step)} as {statement}")
        return {
            table: set(describe_select(connection, f"from ({sql})")) - SAID_OF_ROWS for table, sql in adapter.mappings.items()
        }


def _tuple_fields(settings: object) -> list[str]:
    """Return the settings of a source that its SQL reads as variables."""
    models = [kind for kind in get_args(settings) if isinstance(kind, type) and issubclass(kind, Source)]
    return [name for model in models for name, field in model.model_fields.items() if get_origin(field.annotation) is tuple]
