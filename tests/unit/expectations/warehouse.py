"""A small sound warehouse with every published table, for tests to break one fact at a time."""

from datetime import date
from pathlib import Path

import duckdb

DAY = date(2026, 3, 1)
BUILD = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


def warehouse(folder: Path, *statements: str) -> Path:
    """Build the warehouse, run `statements` on it (the broken fact) and return its file."""
    path = folder / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(BUILD)
        for statement in statements:
            connection.execute(statement)
    return path
