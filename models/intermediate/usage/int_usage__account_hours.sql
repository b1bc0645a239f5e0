{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'arrived_on'}) }}

with

requests as (

    select * from {{ ref('int_usage__kept_requests') }}
    where arrived_on between {{ arrived_from() }} and {{ as_of_to() }}

)

select
    account_key,
    activity_date,
    cast(extract(hour from requested_at) as integer) as hour_of_day,
    arrived_on,
    count(*) as request_count,
    cast({{ count_where('http_status = 429') }} as bigint) as rate_limited_count
from requests
group by account_key, activity_date, cast(extract(hour from requested_at) as integer), arrived_on
