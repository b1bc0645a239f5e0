{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'arrived_on'}) }}

with

requests as (

    select * from {{ ref('int_usage__requests') }}
    where arrived_on between {{ arrived_from() }} and {{ as_of_to() }}

),

prompt_days as (

    select * from {{ ref('int_usage__account_prompt_days') }}
    where arrived_on between {{ arrived_from() }} and {{ as_of_to() }}

),

-- added up together instead of joined: many prompts, and requests, have no template
parts as (

    select
        account_key,
        activity_date,
        surface,
        coalesce(partner, '') as partner,
        prompt_template_hash,
        arrived_on,
        1 as request_count,
        case when input_message_count = 1 then 1 else 0 end as single_turn_count,
        0 as prompt_request_count,
        0 as new_prompt_count
    from requests
    union all
    select
        account_key,
        activity_date,
        surface,
        partner,
        prompt_template_hash,
        arrived_on,
        0 as request_count,
        0 as single_turn_count,
        request_count as prompt_request_count,
        case when is_new_to_account then 1 else 0 end as new_prompt_count
    from prompt_days

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
    cast(sum(prompt_request_count) as bigint) as prompt_request_count,
    cast(sum(new_prompt_count) as bigint) as new_prompt_count
from parts
group by account_key, activity_date, surface, partner, prompt_template_hash, arrived_on
