{# Days from one date to another; negative where the second is the earlier. #}
{% macro days_between(first, second) -%}
{{ return(adapter.dispatch('days_between', 'stillwatch')(first, second)) }}
{%- endmacro %}

{% macro default__days_between(first, second) -%}
date_diff('day', {{ first }}, {{ second }})
{%- endmacro %}

{% macro spark__days_between(first, second) -%}
cast(datediff({{ second }}, {{ first }}) as bigint)
{%- endmacro %}
