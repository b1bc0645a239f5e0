"""What a step of a night tells of itself, before it is put into a catalogue's words.

Belongs here: the shapes. They hold names, counts and times of a run, and no row.
"""

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from expectations.report import GateReport
from orchestration.exporting.export import Export
from orchestration.landing.files import RunPlan
from orchestration.night.stages import ComputedStep
from orchestration.warehouse.transform import NodeRun


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Judged(_Told):
    """A gate judged the landing files of a plan, or the marts where none is given."""

    report: GateReport
    plan: RunPlan | None = None


class Built(_Told):
    """dbt ran nodes; `rows` are those of every table of the warehouse after it."""

    nodes: tuple[NodeRun, ...]
    rows: dict[str, int]


class Computed(_Told):
    """A Python step wrote its tables; `rows` are those it wrote, of the tables of which it counts them."""

    step: ComputedStep
    rows: dict[str, int]


class Released(_Told):
    """A release was published, or was there already."""

    folder: Path


class Exported(_Told):
    """A release was exported."""

    export: Export


Told = Judged | Built | Computed | Released | Exported
