{# The integer that stands for a text among values that link. Internal only: it differs by engine and is never published. #}
{% macro value_number(value) -%}
{{ return(adapter.dispatch('value_number', 'stillwatch')(value)) }}
{%- endmacro %}

{% macro default__value_number(value) -%}
cast(hash({{ value }}) >> 1 as bigint)
{%- endmacro %}

{% macro spark__value_number(value) -%}
shiftrightunsigned(xxhash64({{ value }}), 1)
{%- endmacro %}
