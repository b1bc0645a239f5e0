{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'arrived_on'}) }}

with

requests as (

    select * from {{ ref('int_usage__requests') }}
    where arrived_on between {{ arrived_from() }} and {{ as_of_to() }}

)

select
    account_key,
    activity_date,
    surface,
    coalesce(partner, '') as partner,
    prompt_template_hash,
    arrived_on,
    count(*) as request_count,
    cast(count_if(input_message_count = 1) as bigint) as single_turn_count,
    cast(sum(output_tokens) as bigint) as output_tokens
from requests
where prompt_template_hash is not null
group by account_key, activity_date, surface, coalesce(partner, ''), prompt_template_hash, arrived_on
