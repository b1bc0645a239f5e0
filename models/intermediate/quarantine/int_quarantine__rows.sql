{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'arrived_on'}) }}
{%- set tables = landed_tables() %}

with

faulty as (
{% for table in tables %}
    select
        '{{ table.name }}' as table_name,
        cast({{ table.key }} as varchar) as row_key,
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

-- a copy that differs from the one that was kept: of a request the earliest arrival, else one of the arrival day
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

select table_name, row_key, reason, source_file, source_row, arrived_on from faulty
union all
select table_name, row_key, reason, source_file, source_row, arrived_on from conflicting
