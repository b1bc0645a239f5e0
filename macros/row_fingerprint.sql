{# A 64-bit fingerprint of some columns, to notice differing copies. Internal only: it differs by engine and is never published. #}
{% macro row_fingerprint(columns) -%}
{{ return(adapter.dispatch('row_fingerprint', 'stillwatch')(columns)) }}
{%- endmacro %}

{% macro default__row_fingerprint(columns) -%}
{%- if columns -%}hash({{ columns | join(', ') }}){%- else -%}0{%- endif -%}
{%- endmacro %}

{# NULLs leave the hash as it was there, so that which columns are NULL is hashed too #}
{% macro spark__row_fingerprint(columns) -%}
{%- if columns | length > 1 -%}
xxhash64({{ columns | join(', ') }}, array({% for column in columns %}{{ column }} is null{{ ', ' if not loop.last }}{% endfor %}))
{%- elif columns -%}
xxhash64({{ columns[0] }})
{%- else -%}
0
{%- endif -%}
{%- endmacro %}
