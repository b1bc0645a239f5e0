{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'released_on'}) }}

-- a quarantined row is released when a sound copy under its key arrives
with

quarantined as (

    select distinct table_name, row_key from {{ ref('int_quarantine__rows') }}

),

sound as (
{% for table in landed_tables() %}
    select
        '{{ table.name }}' as table_name,
        cast({{ table.key }} as varchar) as row_key,
        min(arrived_on) as released_on
    from {{ ref('stg_provider__' ~ table.name) }}
    where fault is null
        and arrived_on between {{ arrived_from() }} and {{ as_of_to() }}
        and {{ table.key }} in (select row_key from quarantined where table_name = '{{ table.name }}')
    group by {{ table.key }}
    {{ 'union all' if not loop.last }}
{%- endfor %}

)

select table_name, row_key, released_on from sound
