"""Two runs of DuckDB's over one provider, and the tables that each left, as Parquet.

Belongs here: what is compared with. Three weeks in which reviewers and staff act on releases and are appealed to, so that few
tables are empty; a first run over all but two days from an empty warehouse, and a run over those two.
"""

import shutil
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import duckdb

from orchestration.landing.files import RunPlan
from orchestration.night.running import run_nights
from orchestration.settings import Home
from simulator import SimulatorSettings, simulate

SCHEMAS = ("main", "landing", "computed", "reference")
_START = date(2026, 3, 1)
_LOOKED_AT, _ALL = 8, 21
"""Days before anybody acts on what was found, and in all."""


class Run(NamedTuple):
    """A run of DuckDB's: its plan, and the warehouse it left: <folder>/duckdb/<schema.name>.parquet, with columns and types."""

    plan: RunPlan
    folder: Path
    relations: Mapping[str, Mapping[str, str]]

    @property
    def variables(self) -> str:
        """The run's dates for dbt."""
        dates = {name: str(getattr(self.plan, name)) for name in ("as_of_from", "as_of_to", "arrived_from")}
        return str(dates)

    def select(self, name: str) -> str:
        """Return a select of DuckDB's rows of a relation."""
        return f"select * from read_parquet('{self.folder}/duckdb/{name}.parquet')"

    def made(self, name: str) -> Path:
        """Return where Spark's rows of a model are put."""
        return self.folder / "spark" / name


def export(warehouse: Path, plan: RunPlan, folder: Path) -> Run:
    """Write every table and view of a warehouse as Parquet."""
    (folder / "duckdb").mkdir(parents=True, exist_ok=True)
    found: dict[str, dict[str, str]] = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for relation, column, kind in connection.execute(
            "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
            f"where not internal and schema_name in {SCHEMAS} order by schema_name, table_name, column_index"
        ).fetchall():
            found.setdefault(relation, {})[column] = kind
        for relation in found:
            connection.execute(f"copy (select * from {relation}) to '{folder}/duckdb/{relation}.parquet'").fetchall()
    return Run(plan, folder, found)


def two_runs(folder: Path) -> tuple[Run, Run]:
    """Return the two runs, made below a folder unless they are there."""
    if not (folder / "home").is_dir():
        landing = _landing(folder)
        for name, first, last in (("first", 0, _ALL - 2), ("last", _ALL - 2, _ALL)):
            home = Home(root=folder / "home")
            run_nights(home, landing, _START + timedelta(days=first), _START + timedelta(days=last - 1))
            (folder / name).mkdir()
            shutil.copy(home.root / "latest-plan.json", folder / name / "plan.json")
            shutil.copy(home.warehouse, folder / name / "warehouse.duckdb")
    return _run(folder / "first"), _run(folder / "last")


def _run(folder: Path) -> Run:
    plan = RunPlan.model_validate_json((folder / "plan.json").read_text(encoding="utf-8"))
    return export(folder / "warehouse.duckdb", plan, folder)


def _landing(folder: Path) -> Path:
    """Write the provider's files, the later ones in reaction to a release of the earlier ones; return their folder."""
    seen = Home(root=folder / "seen")
    settings = SimulatorSettings(
        out=folder / "landing", truth=folder / "truth", start=_START, days=_LOOKED_AT, accounts=400, requests=4000
    )
    simulate(settings)
    run_nights(seen, settings.out, _START, _START + timedelta(days=_LOOKED_AT - 1))
    later = {"start": _START + timedelta(days=_LOOKED_AT), "days": _ALL - _LOOKED_AT, "react_to": seen.current}
    simulate(settings.model_copy(update=later))
    return settings.out
