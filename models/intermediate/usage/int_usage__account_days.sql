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
    arrived_on,
    count(*) as request_count,
    cast({{ count_where('http_status < 400') }} as bigint) as success_count,
    cast({{ count_where('http_status >= 400') }} as bigint) as failed_count,
    cast({{ count_where('http_status = 429') }} as bigint) as rate_limited_count,
    cast(sum(input_tokens) as bigint) as input_tokens,
    cast(sum(output_tokens) as bigint) as output_tokens,
    cast(sum(cache_read_input_tokens) as bigint) as cache_read_input_tokens,
    cast(sum(case when cache_read_input_tokens is not null then input_tokens end) as bigint) as cache_covered_input_tokens,
    cast(sum(reasoning_output_tokens) as bigint) as reasoning_output_tokens,
    cast({{ count_where('input_message_count = 1') }} as bigint) as single_turn_count,
    count(input_message_count) as single_turn_covered_count,
    cast({{ count_where("finish_reason = 'length'") }} as bigint) as length_cut_count,
    count(finish_reason) as length_cut_covered_count,
    cast({{ count_where('request_logprobs') }} as bigint) as logprobs_count,
    count(request_logprobs) as logprobs_covered_count,
    cast({{ count_where('request_choice_count > 1') }} as bigint) as multiple_choice_count,
    count(request_choice_count) as multiple_choice_covered_count,
    cast({{ count_where('tool_count > 0') }} as bigint) as tool_request_count,
    count(tool_count) as tool_request_covered_count,
    cast({{ count_where('elicits_reasoning >= 0.5') }} as bigint) as elicits_reasoning_count,
    count(elicits_reasoning) as elicits_reasoning_covered_count,
    cast({{ count_where('grades_output >= 0.5') }} as bigint) as grades_output_count,
    count(grades_output) as grades_output_covered_count,
    cast({{ count_where('rewrites_sensitive >= 0.5') }} as bigint) as rewrites_sensitive_count,
    count(rewrites_sensitive) as rewrites_sensitive_covered_count,
    cast({{ count_where('end_user_id is not null') }} as bigint) as end_user_request_count,
    min(requested_at) as first_requested_at,
    max(requested_at) as last_requested_at
from requests
group by account_key, activity_date, surface, coalesce(partner, ''), arrived_on
