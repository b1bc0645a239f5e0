"""A figure of the page: the finding, what is drawn, how sure it is, and the rows below."""

from pydantic import BaseModel, ConfigDict, model_validator

from orchestration.reporting.charts.shapes import Chart
from orchestration.reporting.tables import Table


class Figure(BaseModel):
    """One figure. Either `chart` is drawn or `thin` says in a sentence why it is not; `table` has its rows.

    `source` names the published tables; `query` shows their rows with `stillwatch query`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    figure_id: str
    topic: str
    title: str
    subtitle: str
    definition: str
    n: str
    interval: str
    source: str
    query: str
    chart: Chart | None
    thin: str | None
    table: Table

    @model_validator(mode="after")
    def _drawn_or_said(self) -> "Figure":
        if (self.chart is None) == (self.thin is None):
            raise ValueError(f"figure {self.figure_id} needs a chart or a sentence why there is none, and not both")
        return self
