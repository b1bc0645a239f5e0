{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'arrived_on'}) }}

with

requests as (

    select * from {{ ref('int_usage__requests') }}
    where arrived_on between {{ arrived_from() }} and {{ as_of_to() }}

),

prompt_days as (

    select
        account_key,
        activity_date,
        surface,
        coalesce(partner, '') as partner,
        prompt_template_hash,
        prompt_hash,
        arrived_on,
        count(*) as request_count,
        cast(sum(case when input_message_count = 1 then 1 else 0 end) as bigint) as single_turn_count
    from requests
    group by
        account_key, activity_date, surface, coalesce(partner, ''), prompt_template_hash, prompt_hash, arrived_on

),

seen as (

    select account_key, prompt_hash, activity_date, arrived_on from prompt_days
    {% if is_incremental() -%}
    union all
    select account_key, prompt_hash, activity_date, arrived_on from {{ this }}
    where arrived_on < {{ arrived_from() }}
        and activity_date > {{ arrived_from() }} - {{ var('window_days') }} - {{ var('late_arrival_days') }}
    {%- endif %}

),

-- as known on the row's own arrival day, so that a night and a backfill judge alike; the window is looked up from the run's
-- prompts, which are few, and never grouped
repeats as (

    select distinct
        prompt_days.account_key,
        prompt_days.prompt_hash,
        prompt_days.activity_date,
        prompt_days.arrived_on
    from prompt_days
    inner join seen
        on prompt_days.account_key = seen.account_key and prompt_days.prompt_hash = seen.prompt_hash
    where seen.activity_date < prompt_days.activity_date
        and seen.activity_date > prompt_days.activity_date - {{ var('window_days') }}
        and seen.arrived_on <= prompt_days.arrived_on

)

select
    prompt_days.account_key,
    prompt_days.activity_date,
    prompt_days.surface,
    prompt_days.partner,
    prompt_days.prompt_template_hash,
    prompt_days.prompt_hash,
    prompt_days.arrived_on,
    prompt_days.request_count,
    prompt_days.single_turn_count,
    prompt_days.prompt_hash is not null and repeats.account_key is null as is_new_to_account
from prompt_days
left join repeats
    on prompt_days.account_key = repeats.account_key
    and prompt_days.prompt_hash = repeats.prompt_hash
    and prompt_days.activity_date = repeats.activity_date
    and prompt_days.arrived_on = repeats.arrived_on
