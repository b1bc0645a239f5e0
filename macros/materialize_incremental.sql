{#
  How an incremental table is written on DuckDB: a run's rows go straight into it. `meta.rewind_by` names the column by which the
  orchestration has removed what an earlier attempt wrote, so that nothing is left to be merged, and no row is written twice on
  its way through a temporary table. A column that the table does not have is an error.
#}
{% materialization incremental, adapter='duckdb' %}
    {% do check_appends(config) %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') -%}
        {%- if existing is none or existing.is_view or should_full_refresh() %}
            {{ write_anew(existing, target, sql) }}
        {%- else %}
            insert into {{ target }} by name (
                {{ sql }}
            )
        {%- endif %}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}


{# On Spark likewise; the orchestration's rewind is a delete of whole partitions, a transaction of Iceberg's. #}
{% materialization incremental, adapter='spark' %}
    {% do check_appends(config) %}
    {%- set target = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') -%}
        {%- if should_full_refresh() or not stands(this) %}
            {{ create_table_as(False, target, sql) }}
        {%- else %}
            insert into {{ target }} by name
            {{ sql }}
        {%- endif %}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}


{# On Spark an incremental table is partitioned by the column by which it is rewound. #}
{% macro spark__partition_cols(label, required=false) -%}
{%- set rewind_by = config.get('meta', {}).get('rewind_by') -%}
{%- if rewind_by and config.get('materialized') == 'incremental' -%}{{ label }} ({{ rewind_by }}){%- endif -%}
{%- endmacro %}


{# Refuse a strategy that would merge what nothing is left to be merged with. #}
{% macro check_appends(config) -%}
{%- if config.get('incremental_strategy') != 'append' -%}
    {% do exceptions.raise_compiler_error(
        "incremental models append here (incremental_strategy='append', with meta.rewind_by); " ~ model.name
        ~ " asks for " ~ (config.get('incremental_strategy') or 'the default strategy')
    ) %}
{%- endif -%}
{%- endmacro %}
