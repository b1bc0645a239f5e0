{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'arrived_on'}) }}
{%- set tables = landed_tables() | rejectattr('name', 'equalto', 'usage_requests') | list %}

with

faulty as (
{% for table in tables %}
    select
        '{{ table.name }}' as table_name,
        cast({{ table.key }} as {{ dbt.type_string() }}) as row_key,
        fault as reason,
        source_file,
        source_row,
        arrived_on
    from {{ ref('stg_provider__' ~ table.name) }}
    where fault is not null
        and arrived_on between {{ arrived_from() }} and {{ as_of_to() }}
    {{ 'union all' if not loop.last }}
{%- endfor %}

),

-- a copy of an arrival day that differs from the one that was kept
conflicting as (
{% for table in tables %}
    select
        '{{ table.name }}' as table_name,
        sound.{{ table.key }} as row_key,
        'conflict:{{ table.key }}' as reason,
        sound.source_file,
        sound.source_row,
        sound.arrived_on
    from {{ sound_rows_with_kept(table) }}
    where sound.fingerprint <> kept.fingerprint
    {{ 'union all' if not loop.last }}
{%- endfor %}

)

-- of a request the earliest arrival was kept, and a copy that says the same is a repeat
select 'usage_requests' as table_name, request_id as row_key, reason, source_file, source_row, arrived_on
from {{ ref('int_usage__passed_over') }}
where reason <> 'repeat'
union all
select table_name, row_key, reason, source_file, source_row, arrived_on from faulty
union all
select table_name, row_key, reason, source_file, source_row, arrived_on from conflicting
