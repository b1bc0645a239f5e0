{# Hours from one timestamp to another, with fractions; NULL while either is missing. #}
{% macro hours_between(started_at, ended_at) -%}
{{ dbt.datediff(started_at, ended_at, 'second') }} / cast(3600 as double)
{%- endmacro %}
