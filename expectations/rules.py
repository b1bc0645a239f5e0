"""A rule is one expectation as data, and a suite is the rules of one table that its contract does not already say.

Belongs here: the shape of rules and reading suites from YAML. How a rule is evaluated lives in `engine.py`.
"""

from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from expectations.report import Gate, Severity

RuleKind = Literal["not_null", "in_set", "between", "never", "rows", "scan", "change"]


class Rule(BaseModel):
    """One expectation.

    `not_null`, `in_set`, `between` judge `column`; so does `never`, whose `condition` is true where a value breaks it.
    `rows` and `scan` carry a query over the relations `batch` (the table's rows of the night), `copies` (those whose key came
    more than once in an arrival day; sources alone), `gate` (one row: the as-of date and the numeric settings) and the
    tables named in `needs`. A `rows` query returns the unexpected rows with a column `example`; a `scan` query one row per
    fault: label, unexpected_count, element_count, examples. A `scan` also has a relation `values_of_<column>` for each of
    its `columns`: the values with the number of their rows.
    `change` compares an aggregate `measure` of the as-of date's rows with the night before's: within `largest_ratio` either
    way or by at most `largest_step`, judged where both nights have `fewest` rows. A rule with a `limit`, its short name, may
    be overridden for a while (`expectations/overrides.py`); no other can.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: RuleKind
    column: str | None = None
    columns: tuple[str, ...] = ()
    value_set: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    condition: str | None = None
    query: str | None = None
    measure: str | None = None
    largest_ratio: float | None = Field(default=None, gt=1)
    largest_step: float | None = Field(default=None, gt=0)
    fewest: int = Field(default=1, ge=1)
    limit: str | None = None
    needs: dict[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]])
    tolerated_share: float | str | None = None
    severity: Severity = "block"
    advice: str

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        if self.kind in ("rows", "scan") and not self.query:
            raise ValueError(f"rule {self.name!r} of kind {self.kind} requires a query; add one")
        if self.kind in ("not_null", "in_set", "between", "never") and not self.column:
            raise ValueError(f"rule {self.name!r} of kind {self.kind} requires a column; name it")
        if self.kind == "never" and not self.condition:
            raise ValueError(f"rule {self.name!r} of kind never requires a condition; add one")
        if self.kind == "change" and not (self.measure and self.limit and (self.largest_ratio or self.largest_step)):
            raise ValueError(
                f"rule {self.name!r} of kind change requires a measure, a limit's name and a largest ratio or step; add them"
            )
        return self

    @property
    def used_columns(self) -> frozenset[str]:
        """Columns of its own table that the rule cannot do without."""
        return frozenset(self.columns) | ({self.column} if self.column else set())


class Suite(BaseModel):
    """The rules of one table, read from `<gate>/<table>.yml`.

    For marts also: the `grain` (unique, and never NULL but for `nullable_grain`), further columns `never_null`, closed
    `vocabularies`, columns `within_0_and_1` beside those whose names say so, and which rows are the night's: those
    whose `as_of_column` lies in the `trailing_days` that end on the as-of date. Without that column it is all rows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    as_of_column: str | None = None
    trailing_days: int = Field(default=1, ge=1)
    grain: tuple[str, ...] = ()
    nullable_grain: tuple[str, ...] = ()
    never_null: tuple[str, ...] = ()
    within_0_and_1: tuple[str, ...] = ()
    vocabularies: dict[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]])
    expectations: tuple[Rule, ...] = ()

    @property
    def filled_columns(self) -> tuple[str, ...]:
        """Columns that must exist and hold a value in every row."""
        grain = [name for name in self.grain if name not in self.nullable_grain]
        return tuple(dict.fromkeys([*grain, *self.never_null]))


def lacking(rule: Rule, table: str, columns: Mapping[str, Collection[str]]) -> list[str]:
    """Return the tables and columns that the rule needs and `columns` (table to column names) does not have."""
    needed = {**rule.needs, table: (*rule.needs.get(table, ()), *sorted(rule.used_columns))}
    absent: list[str] = []
    for name, names in needed.items():
        if name not in columns:
            absent.append(name)
        else:
            absent += [f"{name}.{column}" for column in names if column not in columns[name]]
    return absent


@cache
def suites(gate: Gate) -> dict[str, Suite]:
    """Read the suites of a gate, by table, in the order of their file names.

    Raises ValueError when a file's name differs from the table it speaks of.
    """
    found: dict[str, Suite] = {}
    for file in sorted(files("expectations").joinpath(gate).iterdir(), key=lambda item: item.name):
        if not file.name.endswith(".yml"):
            continue
        suite = Suite.model_validate(yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader))
        if file.name != f"{suite.table}.yml":
            raise ValueError(f"suite {gate}/{file.name} must be named after its table; given table {suite.table}")
        found[suite.table] = suite
    return found
