{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'arrived_on'}) }}

with

requests as (

    select * from {{ ref('int_usage__requests') }}
    where arrived_on between {{ arrived_from() }} and {{ as_of_to() }}
        and end_user_id is not null

)

select
    account_key,
    activity_date,
    end_user_id,
    arrived_on,
    count(*) as request_count
from requests
group by account_key, activity_date, end_user_id, arrived_on
