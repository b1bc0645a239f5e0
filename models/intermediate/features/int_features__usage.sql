{%- set measures = [
    'request_count',
    'success_count',
    'failed_count',
    'rate_limited_count',
    'input_tokens',
    'output_tokens',
    'cache_read_input_tokens',
    'cache_covered_input_tokens',
    'reasoning_output_tokens',
    'single_turn_count',
    'single_turn_covered_count',
    'length_cut_count',
    'length_cut_covered_count',
    'logprobs_count',
    'logprobs_covered_count',
    'multiple_choice_count',
    'multiple_choice_covered_count',
    'tool_request_count',
    'tool_request_covered_count',
    'elicits_reasoning_count',
    'elicits_reasoning_covered_count',
    'grades_output_count',
    'grades_output_covered_count',
    'rewrites_sensitive_count',
    'rewrites_sensitive_covered_count',
    'end_user_request_count',
] -%}
with

daily as (

    {{ rows_in_window(ref('int_usage__account_days')) }}

)

select
    as_of_date,
    account_key,
    {%- for measure in measures %}
    {{- windowed_sum(measure) }},
    {%- endfor %}
    count(distinct activity_date) as active_day_count_28d,
    count(distinct surface || '/' || partner) as surface_distinct_count_28d,
    min(first_requested_at) as first_requested_at_28d,
    max(last_requested_at) as last_requested_at_28d
from daily
group by as_of_date, account_key
