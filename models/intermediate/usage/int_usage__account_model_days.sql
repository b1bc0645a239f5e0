{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'arrived_on'}) }}

with

requests as (

    select * from {{ ref('int_usage__requests') }}
    where arrived_on between {{ arrived_from() }} and {{ as_of_to() }}

)

select
    account_key,
    activity_date,
    request_model,
    arrived_on,
    count(*) as request_count,
    cast({{ count_where('http_status < 400') }} as bigint) as success_count,
    cast(sum(input_tokens) as bigint) as input_tokens,
    cast(sum(output_tokens) as bigint) as output_tokens
from requests
group by account_key, activity_date, request_model, arrived_on
