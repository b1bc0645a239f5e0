{{ config(materialized='incremental', incremental_strategy='append') }}

with

delivered as (

    select account_id from {{ ref('stg_provider__accounts') }} where fault is null
    union
    select requests.account_id
    from {{ ref('stg_provider__usage_requests') }} as requests
    left join {{ ref('int_usage__passed_over') }} as passed_over
        on requests.source_file = passed_over.source_file and requests.source_row = passed_over.source_row
    where passed_over.source_row is null

),

known as (

    {% if is_incremental() -%}
    select account_id, account_key from {{ this }}
    {%- else -%}
    select cast(null as {{ dbt.type_string() }}) as account_id, cast(0 as bigint) as account_key where false
    {%- endif %}

),

unknown as (

    select delivered.account_id
    from delivered
    left join known on delivered.account_id = known.account_id
    where known.account_id is null

)

select
    account_id,
    coalesce((select max(account_key) from known), 0) + row_number() over (order by account_id) as account_key
from unknown
