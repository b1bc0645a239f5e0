{{ config(materialized='incremental', incremental_strategy='append', meta={
    'rewind_by': 'activity_date',
    'published': {'as_of_column': none, 'month_column': 'activity_date', 'order_by': ['account_id', 'activity_date', 'surface', 'partner']}
}) }}

-- the trailing days that a late row can still touch are made anew; older ones are closed
with

daily as (

    select * from {{ ref('int_usage__account_days') }}
    where activity_date >= {{ arrived_from() }} - {{ var('late_arrival_days') }}
        and arrived_on <= {{ as_of_to() }}

),

measures as (

    select
        account_key,
        activity_date,
        surface,
        partner,
        cast(sum(request_count) as bigint) as request_count,
        cast(sum(success_count) as bigint) as success_count,
        cast(sum(failed_count) as bigint) as failed_count,
        cast(sum(rate_limited_count) as bigint) as rate_limited_count,
        cast(sum(input_tokens) as bigint) as input_tokens,
        cast(sum(output_tokens) as bigint) as output_tokens,
        cast(sum(cache_read_input_tokens) as bigint) as cache_read_input_tokens,
        cast(sum(reasoning_output_tokens) as bigint) as reasoning_output_tokens,
        cast(sum(single_turn_count) as bigint) as single_turn_count,
        cast(sum(length_cut_count) as bigint) as length_cut_count,
        cast(sum(logprobs_count) as bigint) as logprobs_count,
        cast(sum(tool_request_count) as bigint) as tool_request_count,
        cast(sum(elicits_reasoning_count) as bigint) as elicits_reasoning_count,
        cast(sum(grades_output_count) as bigint) as grades_output_count,
        cast(sum(rewrites_sensitive_count) as bigint) as rewrites_sensitive_count,
        -- counted on each arrival day over all that was there by then
        max(prompt_template_distinct_count) as prompt_template_distinct_count,
        max(prompt_distinct_count) as prompt_distinct_count,
        max(ip_prefix_distinct_count) as ip_prefix_distinct_count,
        min(first_requested_at) as first_requested_at,
        max(last_requested_at) as last_requested_at
    from daily
    group by account_key, activity_date, surface, partner

),

account_keys as (

    select * from {{ ref('int_accounts__assign_keys') }}

)

select
    account_keys.account_id,
    measures.activity_date,
    measures.surface,
    measures.partner,
    measures.request_count,
    measures.success_count,
    measures.failed_count,
    measures.rate_limited_count,
    measures.input_tokens,
    measures.output_tokens,
    measures.cache_read_input_tokens,
    measures.reasoning_output_tokens,
    measures.single_turn_count,
    measures.length_cut_count,
    measures.logprobs_count,
    measures.tool_request_count,
    measures.elicits_reasoning_count,
    measures.grades_output_count,
    measures.rewrites_sensitive_count,
    measures.prompt_template_distinct_count,
    measures.prompt_distinct_count,
    measures.ip_prefix_distinct_count,
    measures.first_requested_at,
    measures.last_requested_at
from measures
inner join account_keys on measures.account_key = account_keys.account_key
