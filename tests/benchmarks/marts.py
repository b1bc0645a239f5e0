"""Marts of the published shapes without a night: made empty, filled by whoever measures, published by the product's own code.

Belongs here: the tables that publishing reads, with the columns and types of their YAML.
"""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import duckdb

from orchestration.dictionary.keeping import catalog_of_project
from orchestration.publishing.release import Published, publish
from orchestration.settings import Home
from orchestration.warehouse import transform
from orchestration.warehouse.opening import warehouse

# read beside the marts: the rule set a release names, and what became of the rows that arrived
_BESIDE = ("score_priors", "int_quarantine__intake")


def make_marts(home: Home) -> None:
    """Make every published mart in the home's working warehouse, without a row, and what publishing reads beside them."""
    nodes = {node.name: node for node in transform.parse_project(home).nodes.values() if node.resource_type in ("model", "seed")}
    with warehouse(home) as connection:
        for name in (*transform.published_tables(transform.parse_project(home)), *_BESIDE):
            columns = ", ".join(f'"{column.name}" {column.data_type}' for column in nodes[name].columns.values())
            connection.execute(f"create or replace table main.{name} ({columns})")
        connection.execute("insert into main.score_priors (subject_type, ruleset_version) values ('account', '1')")


def fill(connection: duckdb.DuckDBPyConnection, table: str, query: str) -> None:
    """Add a query's rows to a mart, columns by name: those the mart has not are passed over, those not given are NULL."""
    given = {row[0] for row in connection.execute(f"describe {query}").fetchall()}
    held = [row[0] for row in connection.execute(f"describe main.{table}").fetchall()]
    columns = ", ".join(name for name in held if name in given)
    connection.execute(f"insert into main.{table} ({columns}) select {columns} from ({query})")


def publish_marts(
    home: Home, as_of_dates: Sequence[date], first_touched: date, write_site: Callable[[Path], object] = lambda _: None
) -> Published:
    """Publish the home's marts as its first release over those as-of dates."""
    tables = transform.published_tables(transform.parse_project(home))
    with warehouse(home) as connection:
        return publish(
            connection, home.published, tables, as_of_dates, first_touched, first_touched, (), {},
            catalog_of_project(home), (), None, None,
            lambda _: (), write_site,
        )  # fmt: skip
