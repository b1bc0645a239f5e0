{# The type of `row_fingerprint`. #}
{% macro fingerprint_type() -%}
{{ return(adapter.dispatch('fingerprint_type', 'stillwatch')()) }}
{%- endmacro %}

{% macro default__fingerprint_type() -%}
ubigint
{%- endmacro %}

{% macro spark__fingerprint_type() -%}
bigint
{%- endmacro %}
