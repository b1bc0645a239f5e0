{{ config(materialized='view') }}
{%- set columns = landed_columns('usage_requests') %}

-- read where they lie: to write a day's requests out again costs more than everything that is summed from them
with

delivered as (

    select
        *,
        cast(requested_at as date) as activity_date,
        {{ row_fingerprint(['request_id']) }} as request_key,
        {{ row_fingerprint(columns) }} as fingerprint
    from {{ ref('stg_provider__usage_requests') }}

),

account_keys as (

    select * from {{ ref('int_accounts__assign_keys') }}

),

passed_over as (

    select * from {{ ref('int_usage__passed_over') }}

)

select
    account_keys.account_key,
    delivered.activity_date,
    delivered.request_key,
{%- for column in columns if column != 'account_id' %}
    delivered.{{ column }},
{%- endfor %}
    delivered.fingerprint,
    delivered.arrived_on
from delivered
inner join account_keys on delivered.account_id = account_keys.account_id
left join passed_over
    on delivered.source_file = passed_over.source_file and delivered.source_row = passed_over.source_row
where passed_over.source_row is null
