"""What a view beside the report is made of: sentences on top, sections of figures and tables, the definitions they need."""

from pydantic import BaseModel, ConfigDict

from orchestration.reporting.answers import Answer
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.metric_words import MetricWords
from orchestration.reporting.release import Manifest
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.tables import Table


class Section(BaseModel):
    """A part of a view under one heading; `section_id` is its address on the page, `query` shows the rows it rests on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    section_id: str
    title: str
    paragraphs: tuple[str, ...] = ()
    query: str = ""
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()


class View(BaseModel):
    """One view of a release, before it becomes HTML; `file_name` is its place beside the report."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file_name: str
    title: str
    lead: str
    manifest: Manifest
    answers: tuple[Answer, Answer, Answer]
    sections: tuple[Section, ...]
    definitions: tuple[MetricWords, ...]
    settings: ReportSettings

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures in reading order."""
        return tuple(figure for section in self.sections for figure in section.figures)
