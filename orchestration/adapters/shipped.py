"""The adapters that are shipped, by name.

Belongs here: their list, in the order in which their word on an account counts, and reading one.
"""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import yaml

from orchestration.adapters.own_tables import NAME, own_tables
from orchestration.adapters.relations import Adapter

ADAPTERS = (NAME, "litellm", "otel", "stripe", "stripe_tables")


@cache
def read_adapter(name: str) -> Adapter:
    """Return the adapter called `name`; KeyError where none is."""
    if name not in ADAPTERS:
        raise KeyError(name)
    if name == NAME:
        return own_tables()
    folder = files(f"orchestration.adapters.{name}")
    given = yaml.load(folder.joinpath("adapter.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    # two forms of one system have relations of the same names and columns, and then one SQL
    shaping = files(f"orchestration.adapters.{given.pop('shaped_as', name)}")
    unpackings = {str(relation["unpack"]) for relation in given["relations"].values() if relation.get("unpack")}
    return Adapter.model_validate(
        given
        | {
            "name": name,
            "mappings": {table: _read(shaping, f"{table}.sql") for table in given["lands"]},
            "unpackings": {unpacking: _read(folder, unpacking) for unpacking in sorted(unpackings)},
            "steps": {step: _read(shaping, f"{step}.sql") for step in given.get("steps", ())},
            "macros": _read_if_there(shaping, "macros.sql"),
            "objects": _read_if_there(folder, "objects.sql"),
            "left_out": _read_if_there(folder, "left_out.sql"),
        }
    )


def _read(folder: Traversable, name: str) -> str:
    return folder.joinpath(name).read_text(encoding="utf-8")


def _read_if_there(folder: Traversable, name: str) -> str | None:
    return _read(folder, name) if folder.joinpath(name).is_file() else None
