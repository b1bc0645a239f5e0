{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'arrived_on'}) }}
{%- set tables = landed_tables() %}
{%- set request_columns = landed_columns('usage_requests') %}

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

delivered_requests as (

    select
        request_id,
        source_file,
        source_row,
        arrived_on,
        {{ row_fingerprint(request_columns) }} as fingerprint
    from {{ ref('stg_provider__usage_requests') }}
    where fault is null
        and arrived_on between {{ arrived_from() }} and {{ as_of_to() }}

),

-- a copy that differs from the accepted one: the earliest arrival won, this one is kept aside
conflicting as (

    select
        'usage_requests' as table_name,
        delivered_requests.request_id as row_key,
        'conflict:request_id' as reason,
        delivered_requests.source_file,
        delivered_requests.source_row,
        delivered_requests.arrived_on
    from delivered_requests
    inner join {{ ref('int_usage__requests') }} as accepted
        on delivered_requests.request_id = accepted.request_id
        and delivered_requests.fingerprint <> accepted.fingerprint

)

select table_name, row_key, reason, source_file, source_row, arrived_on from faulty
union all
select table_name, row_key, reason, source_file, source_row, arrived_on from conflicting
