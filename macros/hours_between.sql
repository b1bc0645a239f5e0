{# Hours from one timestamp to another, each cut to its second, with fractions; NULL while either is missing. #}
{% macro hours_between(started_at, ended_at) -%}
{{ return(adapter.dispatch('hours_between', 'stillwatch')(started_at, ended_at)) }}
{%- endmacro %}

{% macro default__hours_between(started_at, ended_at) -%}
{{ dbt.datediff(started_at, ended_at, 'second') }} / cast(3600 as double)
{%- endmacro %}

{# dbt's own rounds a started second up there #}
{% macro spark__hours_between(started_at, ended_at) -%}
(unix_seconds({{ ended_at }}) - unix_seconds({{ started_at }})) / cast(3600 as double)
{%- endmacro %}
