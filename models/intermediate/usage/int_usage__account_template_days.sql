{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'arrived_on'}) }}

with

prompt_days as (

    select * from {{ ref('int_usage__account_prompt_days') }}
    where arrived_on between {{ arrived_from() }} and {{ as_of_to() }}

)

select
    account_key,
    activity_date,
    surface,
    partner,
    prompt_template_hash,
    arrived_on,
    cast(sum(request_count) as bigint) as request_count,
    cast(sum(single_turn_count) as bigint) as single_turn_count,
    cast(sum(case when prompt_hash is not null then request_count else 0 end) as bigint) as prompt_request_count,
    cast({{ count_where('is_new_to_account') }} as bigint) as new_prompt_count
from prompt_days
group by account_key, activity_date, surface, partner, prompt_template_hash, arrived_on
