"""The catalog of this installation's project, kept as a file so that no night parses the whole project for it.

Belongs here: when it is made anew.
"""

from pathlib import Path

from expectations import mart_rules
from expectations.rules import suites
from orchestration.dictionary import catalog, from_dbt, units
from orchestration.measurement import facts
from orchestration.night import stages
from orchestration.publishing import parts
from orchestration.settings import Home
from orchestration.warehouse.parsed import digest_of_project, keep_catalog, take_up_catalog
from orchestration.warehouse.transform import parse_project, parsed_folder

_MADE_BY = (catalog, from_dbt, units, stages, facts, mart_rules, parts)


def catalog_of_project(home: Home) -> str:
    """Return the catalog of the published tables as text, as it was kept, or made from the whole project where none is whole."""
    folder = parsed_folder(home)
    digest = digest_of_project(home.target, *(Path(str(module.__file__)) for module in _MADE_BY))
    text = take_up_catalog(folder, digest)
    if text is None or not catalog.is_catalog(text):
        made = from_dbt.catalog_of(parse_project(home), suites("marts"), stages.COMPUTED_FROM)
        text = catalog.catalog_text(made)
        keep_catalog(text, folder, digest)
    return text
