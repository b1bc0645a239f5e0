{#
  Before a CTE's parentheses: its rows are brought together before they go on. DuckDB else writes what each branch of a long union
  makes in pieces of its own, which costs twice as much.
#}
{% macro gathered() -%}
{{ return(adapter.dispatch('gathered', 'stillwatch')()) }}
{%- endmacro %}

{% macro default__gathered() -%}
{%- endmacro %}

{% macro duckdb__gathered() -%}
materialized
{%- endmacro %}
