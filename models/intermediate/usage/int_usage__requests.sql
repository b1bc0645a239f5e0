{{ config(
    materialized='incremental', incremental_strategy='append',
    meta={'rewind_by': 'arrived_on'}
) }}
{%- set columns = landed_columns('usage_requests') %}

with

delivered as (

    select
        requests.*,
        cast(requests.requested_at as date) as activity_date,
        {{ row_fingerprint(columns) }} as fingerprint
    from {{ ref('stg_provider__usage_requests') }} as requests
    where requests.fault is null
        and requests.arrived_on between {{ arrived_from() }} and {{ as_of_to() }}

),

account_keys as (

    select * from {{ ref('int_accounts__assign_keys') }}

),

accepted_before as (

    {% if is_incremental() -%}
    -- an id stands for one request however long ago: one that is given out again is a conflict, in a night as in a backfill
    select request_id from {{ this }}
    where arrived_on < {{ arrived_from() }}
        and request_id in (select delivered.request_id from delivered)
    {%- else -%}
    select cast(null as varchar) as request_id where false
    {%- endif %}

),

repeated as (

    select request_id
    from delivered
    group by request_id
    having count(*) > 1

),

-- the earliest arrival wins; within one arrival day the smallest content text does, so file order never matters
first_copies as (

    select *
    from (
        select
            delivered.*,
            row_number() over (
                partition by delivered.request_id
                order by delivered.arrived_on, {{ content_text(columns) }}
            ) as copy_rank
        from delivered
        where delivered.request_id in (select request_id from repeated)
    ) as ranked
    where copy_rank = 1

),

accepted as (

    select * from delivered where request_id not in (select request_id from repeated)
    union all
    select * exclude (copy_rank) from first_copies

)

select
    account_keys.account_key,
    accepted.activity_date,
{%- for column in columns if column != 'account_id' %}
    accepted.{{ column }},
{%- endfor %}
    accepted.fingerprint,
    accepted.arrived_on
from accepted
inner join account_keys on accepted.account_id = account_keys.account_id
where accepted.request_id not in (select request_id from accepted_before)
