"""What a provider says of a report: how its models are called in the usage, which of them it covers, what may differ.

Belongs here: these terms, and the file beside the totals that carries them from `sources.yml` to the gate.
"""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from orchestration.adapters.errors import AdapterError
from orchestration.durable import write_durably

FOLDER = "_usage_reports"
"""The folder of a landing folder that holds the totals; no night takes it for a table."""
SOURCES = ("anthropic", "litellm", "openai")
"""Whose reports are understood."""
Name = Annotated[str, StringConstraints(min_length=1)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReportTolerance(_Frozen):
    """Shares by which the warehouse may differ from one report, in place of the gate's own, and why."""

    requests: float = Field(default=0.01, ge=0, lt=1)
    tokens: float = Field(default=0.02, ge=0, lt=1)
    reason: Name


class ReportTerms(_Frozen):
    """How a report is held against the usage.

    `models` gives the usage's name of a model that the report calls otherwise. `covers` are names of models as the usage has
    them, with `*` for any text: just these are compared, and one that the report does not name then counts as reported with
    nothing. Without it a model that the report does not name is left to others, unless the day has to be compared as a whole.
    `by_model: false` compares days as a whole alone, where the two name models in ways that no list joins.
    """

    models: dict[Name, Name] = {}
    covers: tuple[Name, ...] = ()
    by_model: bool = True
    tolerance: ReportTolerance | None = None


def write_terms(landing: Path, source: str, terms: ReportTerms) -> None:
    """Put a report's terms beside its totals, in one step."""
    write_durably(_path(landing, source), f"{terms.model_dump_json(indent=2)}\n".encode())


def read_terms(landing: Path) -> dict[str, ReportTerms]:
    """Return the terms of every report that was landed, by source; AdapterError when a file cannot be read."""
    found: dict[str, ReportTerms] = {}
    for source in SOURCES:
        path = _path(landing, source)
        if not path.exists():
            continue
        try:
            found[source] = ReportTerms.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise AdapterError(
                f"{path} must hold the terms of the {source} report and cannot be read ({error.error_count()} faults): "
                "run `stillwatch land` again, which writes it from sources.yml"
            ) from error
    return found


def _path(landing: Path, source: str) -> Path:
    return landing / FOLDER / f"{source}.json"
