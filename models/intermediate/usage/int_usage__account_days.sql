{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'arrived_on'}) }}

with

requests as (

    select * from {{ ref('int_usage__requests') }}
    where arrived_on between {{ arrived_from() }} and {{ as_of_to() }}

),

sums as (

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

),

-- one integer stands for an account's day on a surface
days as (

    select {{ row_fingerprint(['account_key', 'activity_date', 'surface', 'partner']) }} as day_key, arrived_on from sums

),
{% set counted = [
    ('templates', ref('int_usage__account_template_days'), 'prompt_template_hash'),
    ('prompts', ref('int_usage__account_prompt_days'), 'prompt_hash'),
    ('networks', ref('int_usage__account_network_days'), 'ip_prefix_hash'),
] %}
-- late rows bring values that were there before, so that a day's are counted over all that had arrived
{%- for name, relation, column in counted %}
{{ name }} as (

    select day_key, arrived_on, count(*) as distinct_count
    from (
        select distinct days.day_key, days.arrived_on, held.{{ column }}
        from days
        inner join (
            select
                {{ row_fingerprint(['account_key', 'activity_date', 'surface', 'partner']) }} as day_key,
                {{ column }},
                arrived_on
            from {{ relation }}
            where activity_date >= {{ arrived_from() }} - {{ var('late_arrival_days') }}
                and arrived_on <= {{ as_of_to() }}
                and {{ column }} is not null
        ) as held
            on days.day_key = held.day_key and held.arrived_on <= days.arrived_on
    ) as distinct_values
    group by day_key, arrived_on

){{ ',' if not loop.last }}
{% endfor %}
select
    sums.*,
    templates.distinct_count as prompt_template_distinct_count,
    prompts.distinct_count as prompt_distinct_count,
    networks.distinct_count as ip_prefix_distinct_count
from sums
{%- for relation in ['templates', 'prompts', 'networks'] %}
left join {{ relation }}
    on {{ row_fingerprint(['sums.account_key', 'sums.activity_date', 'sums.surface', 'sums.partner']) }} = {{ relation }}.day_key
    and sums.arrived_on = {{ relation }}.arrived_on
{%- endfor %}
