{#
  How a table is written on DuckDB: the old one dropped and the new one made in one transaction. The adapter's own way, a new
  table and two renames, is for readers who may look meanwhile; nobody can while a warehouse is being written, and it costs a
  night three times as many statements.
#}
{% materialization table, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') -%}
        {{ write_anew(existing, target, sql) }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}


{# The statements that put a query's rows in the place of whatever stands under a name. #}
{% macro write_anew(existing, target, query) -%}
    {%- if existing is not none %}
        drop {{ existing.type }} if exists {{ existing }};
    {%- endif %}
    {{ create_table_as(False, target, query) }}
{%- endmacro %}


{#
  On Spark likewise, in two statements. Iceberg could replace a table in one, and would keep the files of the old one for a reader
  of snapshots that nobody is: nights would fill the disk.
#}
{% materialization table, adapter='spark' %}
    {%- set target = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {% call statement('drop_old') -%}
        drop table if exists {{ target }} purge
    {%- endcall %}
    {% call statement('main') -%}
        {{ create_table_as(False, target, sql) }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
