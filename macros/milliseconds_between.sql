{# Whole milliseconds from one timestamp to another, each cut to its millisecond. #}
{% macro milliseconds_between(started_at, ended_at) -%}
{{ return(adapter.dispatch('milliseconds_between', 'stillwatch')(started_at, ended_at)) }}
{%- endmacro %}

{% macro default__milliseconds_between(started_at, ended_at) -%}
date_diff('millisecond', {{ started_at }}, {{ ended_at }})
{%- endmacro %}

{% macro spark__milliseconds_between(started_at, ended_at) -%}
(unix_millis({{ ended_at }}) - unix_millis({{ started_at }}))
{%- endmacro %}
