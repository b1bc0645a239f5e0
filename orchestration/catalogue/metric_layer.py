"""The metric layer as data: dbt's semantic models and metrics.

Belongs here: reading `semantic_models` and `metrics` from the YAML beside each model, and what a metric is counted over.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Measure(_Part):
    """What is counted or added up over the rows of a semantic model."""

    name: str
    agg: Literal["count", "count_distinct", "sum"]
    expr: str
    description: str = ""
    non_additive_dimension: dict[str, str] | None = None

    @property
    def formula(self) -> str:
        """The aggregate as SQL; one that days must not be added up of says so."""
        inside = f"distinct {self.expr}" if self.agg == "count_distinct" else self.expr
        last = f" at the last {self.non_additive_dimension['name']}" if self.non_additive_dimension else ""
        return f"`{'sum' if self.agg == 'sum' else 'count'}({inside})`{last}"


class Dimension(_Part):
    """A column to slice by."""

    name: str
    type: Literal["categorical", "time"]
    expr: str = ""
    type_params: dict[str, str] | None = None


class Entity(_Part):
    """A thing that rows speak of, by which semantic models are joined."""

    name: str
    type: Literal["primary", "foreign"]
    expr: str


class SemanticModel(_Part):
    """The rows of one dbt model: how they are dated, sliced, joined and counted."""

    name: str
    description: str
    model: str
    defaults: dict[str, str]
    primary_entity: str | None = None
    entities: tuple[Entity, ...] = ()
    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...]

    @property
    def rows(self) -> str:
        """Name of the dbt model."""
        return re.sub(r"ref\('(\w+)'\)", r"\1", self.model)

    @property
    def address(self) -> str:
        """The entity its dimensions are addressed by, as in `action__surface`."""
        return self.primary_entity or next(entity.name for entity in self.entities if entity.type == "primary")


class Metric(_Part):
    """One number by name: a measure, or a ratio of two metrics; a published one takes its words from the report."""

    name: str
    label: str
    description: str = ""
    type: Literal["simple", "ratio"]
    type_params: dict[str, Any]
    filter: str = ""

    @property
    def measure(self) -> str:
        """Name of the measure of a simple metric."""
        measure = self.type_params["measure"]
        return str(measure["name"] if isinstance(measure, Mapping) else measure)

    @property
    def parts(self) -> tuple[str, str]:
        """Names of the metrics above and below the line of a ratio."""
        return str(self.type_params["numerator"]), str(self.type_params["denominator"])


class MetricLayer(_Part):
    """Every semantic model and metric of the project, and the dbt models that a release holds."""

    semantic_models: tuple[SemanticModel, ...]
    metrics: tuple[Metric, ...]
    published: frozenset[str]

    def models_of(self, name: str) -> list[SemanticModel]:
        """Return the semantic models a metric is counted over; KeyError for a metric or measure that is not there."""
        metric = next((metric for metric in self.metrics if metric.name == name), None)
        if metric is None:
            raise KeyError(name)
        if metric.type == "ratio":
            found = [model for part in metric.parts for model in self.models_of(part)]
            return [model for place, model in enumerate(found) if model not in found[:place]]
        return [self._holder(metric.measure)[0]]

    def formula(self, metric: Metric) -> str:
        """Return how a metric is computed, with what it is filtered by."""
        if metric.type == "ratio":
            text = " / ".join(f"`{part}`" for part in metric.parts)
        else:
            text = self._holder(metric.measure)[1].formula
        where = re.sub(r"\{\{ Dimension\('(\w+)'\) \}\}", r"\1", metric.filter)
        return f"{text} where `{where}`" if where else text

    def is_in_release(self, metric: Metric) -> bool:
        """Return whether every row it is counted over is in a published release."""
        return all(model.rows in self.published for model in self.models_of(metric.name))

    def _holder(self, measure: str) -> tuple[SemanticModel, Measure]:
        for model in self.semantic_models:
            for one in model.measures:
                if one.name == measure:
                    return model, one
        raise KeyError(measure)


def read_layer(root: Path) -> MetricLayer:
    """Return the metric layer of the project at `root`, by name."""
    models: list[SemanticModel] = []
    metrics: list[Metric] = []
    published: set[str] = set()
    for path in sorted((root / "models").rglob("*.yml")):
        document = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        models += [SemanticModel.model_validate(entry) for entry in document.get("semantic_models", [])]
        metrics += [Metric.model_validate(entry) for entry in document.get("metrics", [])]
        for model in document.get("models", []):
            sql = path.with_name(f"{model['name']}.sql")
            in_yaml = "published" in model.get("config", {}).get("meta", {})
            if in_yaml or (sql.exists() and "'published':" in sql.read_text(encoding="utf-8")):
                published.add(model["name"])
    return MetricLayer(
        semantic_models=tuple(sorted(models, key=lambda model: model.name)),
        metrics=tuple(sorted(metrics, key=lambda metric: metric.name)),
        published=frozenset(published),
    )
