"""A mart's columns as its YAML has them.

Belongs here: the one reader of those files, for whoever promises columns without dbt at hand.
"""

from functools import cache

import yaml
from pydantic import BaseModel, ConfigDict

from orchestration.settings import PROJECT_ROOT

MARTS = PROJECT_ROOT / "models" / "marts"


class MartColumn(BaseModel):
    """A column: its name, its type in lower case and what it means."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    data_type: str
    description: str


@cache
def mart_columns(mart: str) -> tuple[MartColumn, ...]:
    """Return a mart's columns in order; ValueError when no mart, or more than one, has the name."""
    [path] = MARTS.glob(f"**/{mart}.yml")
    [model] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["models"]
    return tuple(
        MartColumn(name=column["name"], data_type=column["data_type"], description=column["description"].strip())
        for column in model["columns"]
    )
