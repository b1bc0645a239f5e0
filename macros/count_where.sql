{# How many of a group's rows meet a condition; NULL where it is NULL for all of them. #}
{% macro count_where(condition) -%}
{{ return(adapter.dispatch('count_where', 'stillwatch')(condition)) }}
{%- endmacro %}

{% macro default__count_where(condition) -%}
count_if({{ condition }})
{%- endmacro %}

{# its own counts none where nothing is known #}
{% macro spark__count_where(condition) -%}
sum(case when {{ condition }} then 1 when not ({{ condition }}) then 0 end)
{%- endmacro %}
