{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'released_on'}) }}

-- a quarantined row is released when a sound copy under its key arrives
with

quarantined as (

    select distinct table_name, row_key from {{ ref('int_quarantine__rows') }}

),

sound as (

    select
        'usage_requests' as table_name,
        request_id as row_key,
        min(arrived_on) as released_on
    from (
        select request_id, arrived_on from {{ ref('int_usage__requests') }}
        union all
        select request_id, arrived_on from {{ ref('int_usage__passed_over') }}
        where reason in ('repeat', 'conflict:request_id')
    ) as requests
    where request_id in (select row_key from quarantined where table_name = 'usage_requests')
    group by request_id
{% for table in landed_tables() if table.name != 'usage_requests' %}
    union all
    select
        '{{ table.name }}' as table_name,
        cast({{ table.key }} as {{ dbt.type_string() }}) as row_key,
        min(arrived_on) as released_on
    from {{ ref('stg_provider__' ~ table.name) }}
    where fault is null
        and arrived_on between {{ arrived_from() }} and {{ as_of_to() }}
        and {{ table.key }} in (select row_key from quarantined where table_name = '{{ table.name }}')
    group by {{ table.key }}
{%- endfor %}

)

select table_name, row_key, released_on from sound
