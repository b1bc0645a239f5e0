"""The adapters that are shipped, by name.

Belongs here: their list, in the order in which their word on an account counts, and reading one.
"""

from functools import cache
from importlib.resources import files

import yaml

from orchestration.adapters.own_tables import NAME, own_tables
from orchestration.adapters.relations import Adapter

ADAPTERS = (NAME, "litellm", "otel", "stripe")


@cache
def read_adapter(name: str) -> Adapter:
    """Return the adapter called `name`; KeyError where none is."""
    if name not in ADAPTERS:
        raise KeyError(name)
    if name == NAME:
        return own_tables()
    folder = files(f"orchestration.adapters.{name}")
    given = yaml.load(folder.joinpath("adapter.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    mappings = {table: folder.joinpath(f"{table}.sql").read_text(encoding="utf-8") for table in given["lands"]}
    unpackings = {
        relation["unpack"]: folder.joinpath(relation["unpack"]).read_text(encoding="utf-8")
        for relation in given["relations"].values()
        if relation.get("unpack")
    }
    read = {"name": name, "mappings": mappings, "unpackings": unpackings}
    if given.get("preparation"):
        read["preparation"] = folder.joinpath(given.pop("preparation")).read_text(encoding="utf-8")
    return Adapter.model_validate(read | given)
