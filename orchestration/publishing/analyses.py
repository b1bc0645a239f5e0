"""The library of analyses, `analyses/*.sql`, as queries on a release.

Belongs here: their list and their SQL. They are dbt's own analyses, so that the working warehouse answers them too; here `ref`
names a mart of the release's database and `history` all of its as-of dates, in the release's folder.
"""

from functools import cache

import yaml
from jinja2 import Environment, StrictUndefined
from pydantic import BaseModel, ConfigDict

from orchestration.publishing.reading import QueryError
from orchestration.settings import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "analyses"


class Analysis(BaseModel):
    """One analysis by its name, with the question that it answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    question: str


@cache
def list_analyses() -> tuple[Analysis, ...]:
    """Return the analyses in the order in which they are told."""
    told = yaml.load((FOLDER / "_analyses.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)["analyses"]
    return tuple(Analysis(name=each["name"], question=each["description"].strip()) for each in told)


def analysis_sql(name: str) -> str:
    """Return the query of an analysis on a release; QueryError names those there are when this is none."""
    known = [analysis.name for analysis in list_analyses()]
    if name not in known:
        raise QueryError(f"{name} is no analysis; there are {', '.join(known)}")
    template = Environment(undefined=StrictUndefined, keep_trailing_newline=True).from_string(
        (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    )
    return template.render(ref=str, history=lambda mart: f"read_parquet('parquet/{mart}/*.parquet', union_by_name = true)")
