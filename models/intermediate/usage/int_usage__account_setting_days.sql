{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'arrived_on'}) }}

with

requests as (

    select * from {{ ref('int_usage__requests') }}
    where arrived_on between {{ arrived_from() }} and {{ as_of_to() }}

)

-- what the client sends along with a prompt, absent settings included
select
    account_key,
    activity_date,
    request_temperature,
    request_top_p,
    request_max_tokens,
    request_choice_count,
    system_prompt_hash,
    arrived_on,
    count(*) as request_count
from requests
where surface <> 'chat'
group by
    account_key, activity_date, request_temperature, request_top_p, request_max_tokens, request_choice_count,
    system_prompt_hash, arrived_on
