"""One table of a release as the pages see it.

Belongs here: its shape. Which tables there are is said in `columns.py` and `signal_columns.py`.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

ColumnType = Literal["VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP"]


class UsedTable(BaseModel):
    """One table as the page sees it; `has_history` reads all Parquet parts instead of the as-of rows alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    key: tuple[str, ...]
    columns: dict[str, ColumnType]
    has_history: bool = False
