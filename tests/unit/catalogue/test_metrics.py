"""The metric layer read from YAML, and the page made from it."""

from pathlib import Path

import pytest

from orchestration.catalogue.metric_layer import MetricLayer, read_layer
from orchestration.catalogue.metrics import reference_page

SHIPMENTS = """
models:
  - name: shipments
    config: {meta: {published: {order_by: [shipment_id]}}}
semantic_models:
  - name: shipments
    description: Shipments, by day.
    model: ref('shipments')
    defaults: {agg_time_dimension: sent_on}
    entities: [{name: shipment, type: primary, expr: shipment_id}]
    dimensions:
      - {name: sent_on, type: time, type_params: {time_granularity: day}}
      - {name: size, type: categorical}
    measures:
      - {name: boxes, agg: sum, expr: box_count}
      - {name: in_stock, agg: count, expr: box_id, non_additive_dimension: {name: sent_on, window_choice: max}}
metrics:
  - {name: boxes, label: Boxes, description: Boxes sent., type: simple, type_params: {measure: boxes}}
  - name: loss_rate
    label: Loss
    description: Lost per box.
    type: ratio
    type_params: {numerator: losses, denominator: boxes}
    filter: "{{ Dimension('shipment__size') }} = 'big'"
"""
LOSSES = """
models: [{name: losses}]
semantic_models:
  - name: losses
    description: Losses.
    model: ref('losses')
    defaults: {agg_time_dimension: lost_on}
    primary_entity: loss
    entities: [{name: shipment, type: foreign, expr: shipment_id}]
    dimensions: [{name: lost_on, type: time, type_params: {time_granularity: day}}]
    measures: [{name: losses, agg: count_distinct, expr: box_id}]
metrics:
  - name: losses
    label: Losses
    description: Boxes lost.
    type: simple
    type_params: {measure: {name: losses, fill_nulls_with: 0}}
"""


@pytest.fixture
def layer(tmp_path: Path) -> MetricLayer:
    folder = tmp_path / "models" / "marts"
    folder.mkdir(parents=True)
    (folder / "shipments.yml").write_text(SHIPMENTS, encoding="utf-8")
    (folder / "losses.yml").write_text(LOSSES, encoding="utf-8")
    return read_layer(tmp_path)


def test_a_ratio_is_counted_over_both_its_rows_and_in_a_release_only_where_both_are(layer: MetricLayer) -> None:
    boxes, loss_rate, losses = layer.metrics
    assert [model.rows for model in layer.models_of("loss_rate")] == ["losses", "shipments"]
    assert [layer.is_in_release(metric) for metric in (boxes, loss_rate, losses)] == [True, False, False]
    assert layer.formula(loss_rate) == "`losses` / `boxes` where `shipment__size = 'big'`"
    assert layer.formula(losses) == "`count(distinct box_id)`"
    with pytest.raises(KeyError):
        layer.models_of("thefts")


def test_a_published_mart_says_so_in_its_sql_too(tmp_path: Path, layer: MetricLayer) -> None:
    sql = "{{ config(meta={'published': {'order_by': ['loss_id']}}) }} select 1"
    (tmp_path / "models/marts/losses.sql").write_text(sql, encoding="utf-8")
    assert layer.published == {"shipments"}
    assert read_layer(tmp_path).published == {"losses", "shipments"}


def test_the_page_lists_slices_by_their_address_and_stocks_at_their_last_day(layer: MetricLayer) -> None:
    page = reference_page(layer)
    assert "| `boxes` | Boxes sent. | `sum(box_count)` | `shipments` | yes |" in page
    assert "| `shipments` | Shipments, by day. | `sent_on` | `shipment__size` |  |" in page
    assert layer.semantic_models[1].measures[1].formula == "`count(box_id)` at the last sent_on"
