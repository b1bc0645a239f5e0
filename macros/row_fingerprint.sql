{# A 64-bit fingerprint of some columns, to notice differing copies. Internal only: it differs by engine and is never published. #}
{% macro row_fingerprint(columns) -%}
{{ return(adapter.dispatch('row_fingerprint', 'stillwatch')(columns)) }}
{%- endmacro %}

{% macro default__row_fingerprint(columns) -%}
{%- if columns -%}hash({{ columns | join(', ') }}){%- else -%}0{%- endif -%}
{%- endmacro %}
