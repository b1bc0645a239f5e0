"""The landing contract as typed, frozen data.

Belongs here: reading `landing.yml` and nothing else. What is generated from it lives in `generate.py`.
"""

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

ColumnType = Literal["VARCHAR", "BIGINT", "INTEGER", "SMALLINT", "DOUBLE", "BOOLEAN", "TIMESTAMP"]
Delivery = Literal["event", "extract", "state"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Frozen):
    """One landing column: its type, whether NULL is refused, its closed or usual values and its range."""

    name: str
    type: ColumnType
    required: bool = False
    meaning: str
    vocabulary: tuple[str, ...] | None = None
    usual_values: tuple[str, ...] | None = None
    minimum: float | None = None
    maximum: float | None = None


class Table(_Frozen):
    """One landing table: grain in words, key column, whether it must be delivered, and how it is delivered.

    `event` rows never change, a full `extract` comes every day, a `state` row is delivered again when it changes.
    """

    grain: str
    key: str
    required: bool
    delivery: Delivery
    event_at: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return the column called `name`; KeyError when the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


class Contract(_Frozen):
    """The whole landing contract."""

    contract_version: int
    late_arrival_days: int
    path: str
    first_partition: date = Field(default=date(2000, 1, 1))
    tables: dict[str, Table]


@cache
def landing_contract() -> Contract:
    """Read the contract shipped with the package."""
    text = files("orchestration.contract").joinpath("landing.yml").read_text(encoding="utf-8")
    return Contract.model_validate(yaml.safe_load(text))
