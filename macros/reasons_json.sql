{# A JSON array of reasons, the weightiest first. #}
{% macro reasons_json(order_by) -%}
{{ return(adapter.dispatch('reasons_json', 'stillwatch')(order_by)) }}
{%- endmacro %}

{% macro default__reasons_json(order_by) -%}
cast(to_json(list({
    'signal_id': signal_id, 'value': value, 'baseline': baseline,
    'contribution': contribution, 'resale_contribution': resale_contribution, 'text': reason
} order by {{ order_by }})) as varchar)
{%- endmacro %}
