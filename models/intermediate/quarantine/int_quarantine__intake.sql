{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'arrived_on'}) }}
{%- set histories = {'usage_requests': 'int_usage__kept_requests', 'accounts': 'int_accounts__keep_changes'} %}
{%- set compared = landed_tables() | rejectattr('name', 'equalto', 'usage_requests') | list %}

-- what becomes of delivered rows, each number counted where it lies: in staging, in the kept table, in quarantine
with

delivered as (
{% for table in landed_tables() %}
    select
        '{{ table.name }}' as table_name,
        arrived_on,
        count(*) as delivered_count
    from {{ ref('stg_provider__' ~ table.name) }}
    where arrived_on between {{ arrived_from() }} and {{ as_of_to() }}
    group by arrived_on
    {{ 'union all' if not loop.last }}
{%- endfor %}

),

-- sound rows that say what the kept row of their key says: the kept row itself and its repeats
agreeing as (
{% for table in compared %}
    select
        '{{ table.name }}' as table_name,
        sound.arrived_on,
        count(*) as agreeing_count
    from {{ sound_rows_with_kept(table) }}
    where sound.fingerprint = kept.fingerprint
    group by sound.arrived_on
    union all
{%- endfor %}
    select
        'usage_requests' as table_name,
        arrived_on,
        count(*) as agreeing_count
    from (
        select arrived_on from {{ ref('int_usage__kept_requests') }}
        where arrived_on between {{ arrived_from() }} and {{ as_of_to() }}
        union all
        select arrived_on from {{ ref('int_usage__passed_over') }} where reason = 'repeat'
    ) as requests
    group by arrived_on

),

accepted as (
{% for table in landed_tables() %}
    select
        '{{ table.name }}' as table_name,
        arrived_on,
        count(*) as accepted_count
    from {{ ref(histories.get(table.name, 'int_' ~ table.name ~ '__keep_states')) }}
    where arrived_on between {{ arrived_from() }} and {{ as_of_to() }}
    group by arrived_on
    {{ 'union all' if not loop.last }}
{%- endfor %}

),

quarantined as (

    select
        table_name,
        arrived_on,
        count(*) as quarantined_count
    from {{ ref('int_quarantine__rows') }}
    where arrived_on between {{ arrived_from() }} and {{ as_of_to() }}
    group by table_name, arrived_on

)

select
    delivered.table_name,
    delivered.arrived_on,
    delivered.delivered_count,
    coalesce(accepted.accepted_count, 0) as accepted_count,
    coalesce(agreeing.agreeing_count, 0) - coalesce(accepted.accepted_count, 0) as repeated_count,
    coalesce(quarantined.quarantined_count, 0) as quarantined_count
from delivered
left join agreeing
    on delivered.table_name = agreeing.table_name and delivered.arrived_on = agreeing.arrived_on
left join accepted
    on delivered.table_name = accepted.table_name and delivered.arrived_on = accepted.arrived_on
left join quarantined
    on delivered.table_name = quarantined.table_name and delivered.arrived_on = quarantined.arrived_on
