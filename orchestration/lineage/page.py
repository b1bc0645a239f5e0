"""dbt's documentation of a home's project and warehouse, as one page that opens from the file system.

Belongs here: what it is made for, and where it comes to lie. What stands on it is dbt's own.
"""

import tempfile
from pathlib import Path

from orchestration.durable import write_durably
from orchestration.landing.files import RunPlan
from orchestration.night.lock import home_lock
from orchestration.settings import Home
from orchestration.warehouse.transform import write_docs

PAGE = "index.html"


class CatalogError(ValueError):
    """A home of which no page can be written; the message says what to do."""


def write_page(home: Home, folder: Path) -> Path:
    """Write the page of the last run's project into a folder; return where it is.

    Raises CatalogError where no night was run yet, HomeLockedError while a run holds the home.
    """
    with home_lock(home):
        if not home.warehouse.is_file() or not home.latest_plan.is_file():
            raise CatalogError(f"{home.root} holds no warehouse that a night built: run `stillwatch nightly` first")
        plan = RunPlan.model_validate_json(home.latest_plan.read_text(encoding="utf-8"))
        with tempfile.TemporaryDirectory(prefix=".catalog-", dir=home.root) as scratch:
            # on Spark the working warehouse has a view of each table
            shown = home.model_copy(update={"target": "duckdb"})
            made = write_docs(shown, Path(scratch), (plan.as_of_from, plan.as_of_to, plan.arrived_from))
            page = folder.resolve() / PAGE
            write_durably(page, made.read_bytes())
    return page
