"""What each enforcement metric is called, what it measures and in which unit, read from `metric_words.yml`."""

import re
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from orchestration.reporting.formats import Unit, name


class MetricWords(BaseModel):
    """The words for one metric, or for a family of metrics that begin with `metric`, and the rows it is estimated from.

    `rows` is the facts model, published as `facts/<rows>.parquet`; `which` the condition that leaves the rows of this metric.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str
    label: str
    unit: Unit
    definition: str
    is_charted: bool = False
    rows: str | None = None
    which: str | None = None

    @property
    def rows_query(self) -> str | None:
        """The query that shows these rows of a release; None for a metric without words."""
        if self.rows is None:
            return None
        return f"select * from 'facts/{self.rows}.parquet'" + (f" where {self.which}" if self.which else "")


@cache
def all_words() -> tuple[MetricWords, ...]:
    """Return the words in the order in which the page lists metrics."""
    text = files("orchestration.reporting").joinpath("metric_words.yml").read_text(encoding="utf-8")
    return tuple(MetricWords.model_validate(entry) for entry in yaml.safe_load(text))


def words_for(metric: str) -> MetricWords:
    """Return the words of the longest entry `metric` begins with; one without an entry is shown under its own id."""
    found = [words for words in all_words() if metric == words.metric or metric.startswith(words.metric + "_")]
    if not found:
        return MetricWords(metric=metric, label=name(metric), unit="number", definition="Defined in the metric layer.")
    words = max(found, key=lambda entry: len(entry.metric))
    rest = re.sub(r"_(days|hours)$", "", metric)[len(words.metric) :].strip("_").replace("_", " ")
    return words.model_copy(update={"label": f"{words.label}, {rest}" if rest else words.label})


def order_of(metric: str) -> tuple[int, str]:
    """Return the place of `metric` in the page's lists; metrics without an entry come last, by id."""
    names = [words.metric for words in all_words()]
    base = words_for(metric).metric
    return (names.index(base) if base in names else len(names), metric)
