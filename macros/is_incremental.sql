{# Whether a model adds to rows that stand: dbt's own answer, and on Spark one that does not lean on the adapter's list of tables. #}
{% macro is_incremental() -%}
{{ return(adapter.dispatch('is_incremental', 'stillwatch')()) }}
{%- endmacro %}

{% macro default__is_incremental() -%}
{{ return(dbt.is_incremental()) }}
{%- endmacro %}

{% macro spark__is_incremental() -%}
{{ return(execute and model.config.materialized == 'incremental' and not should_full_refresh() and stands(this)) }}
{%- endmacro %}
