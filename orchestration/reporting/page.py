"""Everything the template shows, gathered from one release."""

from pydantic import BaseModel, ConfigDict

from orchestration.reporting.answers import Answer, answers
from orchestration.reporting.figures.consistency import consistency_figure
from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.figures.findings import findings_table
from orchestration.reporting.figures.leads import QueueState
from orchestration.reporting.figures.outliers import outliers_table
from orchestration.reporting.figures.quality import coverage_table, gates_table, quarantine_table
from orchestration.reporting.figures.rates import rates_figure
from orchestration.reporting.figures.recommendations import read_recommendations
from orchestration.reporting.figures.returns import returns_figure
from orchestration.reporting.figures.signals import signals_figure
from orchestration.reporting.figures.times import times_figure
from orchestration.reporting.figures.traffic import traffic_figure
from orchestration.reporting.figures.volume import volume_figure
from orchestration.reporting.metric_words import MetricWords
from orchestration.reporting.metrics import Metric, definitions_of
from orchestration.reporting.release import Manifest, Release
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.tables import Table


class Page(BaseModel):
    """The measurement report of one release, before it becomes HTML."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file_name: str = "report.html"
    title: str = "Post-enforcement measurement report"
    lead: str = "What enforcement achieved, what came back, where decisions differ and what should change."
    manifest: Manifest
    answers: tuple[Answer, Answer, Answer]
    effect_figures: tuple[Figure, ...]
    sureness_figures: tuple[Figure, ...]
    queue: QueueState
    recommendations: Table
    open_recommendation_count: int
    findings: Table
    outliers: Table
    quality_tables: tuple[Table, ...]
    definitions: tuple[MetricWords, ...]
    notes: tuple[str, ...]
    settings: ReportSettings

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures in reading order."""
        return (*self.effect_figures, *self.sureness_figures)


def build_page(release: Release, metrics: tuple[Metric, ...], queue: QueueState, settings: ReportSettings) -> Page:
    """Read the release and return the report; it is whole for a release without a single row, too."""
    volume, change = volume_figure(release, metrics, settings)
    returns = returns_figure(metrics)
    recommendations, open_count = read_recommendations(release)
    return Page(
        manifest=release.manifest,
        answers=answers(
            release.manifest,
            metrics=metrics,
            change=change,
            returns=returns,
            queue=queue,
            open_recommendation_count=open_count,
        ),
        effect_figures=(volume, returns, times_figure(metrics), consistency_figure(release, settings)),
        sureness_figures=(rates_figure(metrics), signals_figure(release, settings), traffic_figure(release, settings)),
        queue=queue,
        recommendations=recommendations,
        open_recommendation_count=open_count,
        findings=findings_table(release),
        outliers=outliers_table(release),
        quality_tables=(gates_table(release.manifest), quarantine_table(release.manifest), coverage_table(release)),
        definitions=definitions_of(metrics),
        notes=release.notes,
        settings=settings,
    )
