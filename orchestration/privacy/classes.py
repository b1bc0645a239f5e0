"""Classes of columns: who could be known by them, whether they are published, and how long they are kept.

Belongs here: reading `classes.yml`, finding a column's class, and writing it into dbt's YAML, line by line so that everything
else in the file stays as its author wrote it. `python -m orchestration.privacy.classes` writes, `--check` compares.
"""

import re
import sys
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from orchestration.catalogue.generated import write_or_check
from orchestration.privacy.errors import PrivacyError

USAGE_MODELS = "models/intermediate/usage"
MARTS = "models/marts"
USAGE_RETENTION_DAYS = 200
"""Days of usage with a re-identifiable column that the working warehouse keeps: 56 of a baseline, 28 of a window, 90 of
follow-up and the late rows, with a margin. `classes.yml` says it in words; a test holds them together."""


class DataClass(BaseModel):
    """One class: what it holds, whether a release may hold it, how long it is kept, and the names of its columns."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    what: str
    published: bool
    retention: str
    names: tuple[str, ...]


@cache
def data_classes() -> dict[str, DataClass]:
    """Read the classes shipped with the package, in order."""
    text = files("orchestration.privacy").joinpath("classes.yml").read_text(encoding="utf-8")
    return {name: DataClass.model_validate(found) for name, found in yaml.safe_load(text)["classes"].items()}


def class_of(column: str) -> str:
    """Return the class of a column by its name; PrivacyError when no pattern names it."""
    for name, found in data_classes().items():
        if any(re.fullmatch(pattern, column) for pattern in found.names):
            return name
    raise PrivacyError(f"column {column} needs a class and no pattern names it: add it to orchestration/privacy/classes.yml")


def column_config(column: str) -> dict[str, dict[str, str]]:
    """Return dbt's `config` of a column: its class and retention."""
    return config_of_class(class_of(column))


def config_of_class(name: str) -> dict[str, dict[str, str]]:
    """Return dbt's `config` of a column of a class."""
    return {"meta": {"class": name, "retention": data_classes()[name].retention}}


def with_classes(text: str) -> str:
    """Return a model's YAML with the class of each column of the model in place of any that stood there."""
    lines = [line for line in text.split("\n") if not re.match(r"\s+config: \{meta: \{class: ", line)]
    columns_at = next((at for at, line in enumerate(lines) if re.fullmatch(r" {2,4}columns:", line)), None)
    if columns_at is None:
        return text
    written = lines[: columns_at + 1]
    entry: str | None = None
    for at, line in enumerate(lines[columns_at + 1 :], start=columns_at + 1):
        found = re.match(r"(\s*)- name: (\w+)$", line)
        entry = found.group(1) if found and entry is None else entry
        if (line.strip() and entry is not None and len(line) - len(line.lstrip()) < len(entry)) or _is_another_key(line, entry):
            return "\n".join([*written, *lines[at:]])
        written.append(line)
        if found and found.group(1) == entry:
            config = column_config(found.group(2))["meta"]
            written.append(f"{entry}  config: {{meta: {{class: {config['class']}, retention: '{config['retention']}'}}}}")
    return "\n".join(written)


def _is_another_key(line: str, entry: str | None) -> bool:
    """Whether a line, as deep as the entries of columns, begins the model's next key."""
    return entry is not None and re.match(rf"{entry}\w", line) is not None


def classed_files(root: Path) -> Iterable[Path]:
    """Return the YAML files whose models' columns have a class: published marts and usage models."""
    for path in sorted((root / USAGE_MODELS).glob("*.yml")):
        yield path
    for path in sorted((root / MARTS).rglob("*.yml")):
        sql = path.with_suffix(".sql")
        if sql.is_file() and (
            "'published'" in sql.read_text(encoding="utf-8") or "published:" in path.read_text(encoding="utf-8")
        ):
            yield path


def main(arguments: list[str]) -> int:
    """Write the classes into the YAML, or with --check name files that differ and return 1."""
    texts = {path: with_classes(path.read_text(encoding="utf-8")) for path in classed_files(Path.cwd())}
    return write_or_check(texts, "the classes of columns", check="--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
